import Link from 'next/link'
import type { SubscriberPage } from '#lib/subscribers'
import { Field } from '../ui/field'
import { Moment } from '../ui/moment'
import { DeleteAddress } from './delete-address'

type Props = SubscriberPage & { search: string; after: string; now: Date }

/** A page of the mailing list: searched, deleted from, and taken along as a file. */
export function Subscribers({ subscribers, count, next, search, after, now }: Props) {
  const words = count === 1 ? '1 address' : `${count.toLocaleString('en')} addresses`
  return (
    <>
      <form action="/admin" className="search">
        <Field
          name="q"
          label="Search"
          type="search"
          hint="Part of an address."
          defaultValue={search}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <button className="second">Find</button>
      </form>
      <p>
        {words}
        {search && (
          <>
            {' '}
            with “{search}” in {count === 1 ? 'it' : 'them'}. <Link href="/admin">Show all</Link>
          </>
        )}
      </p>
      {subscribers.length > 0 && (
        <ul className="rows">
          {subscribers.map(({ id, address, createdAt, confirmedAt }) => (
            <li key={id}>
              <span>
                <strong>
                  <bdi>{address}</bdi>
                </strong>{' '}
                {!confirmedAt && <em className="badge">Not confirmed</em>}
                <span className="quiet">
                  {' '}
                  <Moment at={createdAt} now={now} />
                </span>
              </span>
              <DeleteAddress id={id} address={address} q={search} after={after} />
            </li>
          ))}
        </ul>
      )}
      <div className="pages">
        {after && <Link href={`/admin?${new URLSearchParams({ q: search })}#list`}>First page</Link>}{' '}
        {next && <Link href={`/admin?${new URLSearchParams({ q: search, after: next })}#list`}>Next page</Link>}
      </div>
      <form action="/admin/export" method="post" className="forget">
        <button className="quiet-button">Download CSV</button>{' '}
        <span className="quiet">the whole list, with those not confirmed</span>
      </form>
    </>
  )
}
