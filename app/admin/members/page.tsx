import type { Metadata } from 'next'
import Link from 'next/link'
import { type ListedMember, listMembers } from '#lib/members'
import { requireAdmin } from '#lib/session'
import { Field } from '../../ui/field'
import { publishedAddressOf } from '../../ui/list-view'
import { Moment } from '../../ui/moment'
import { Notice } from '../../ui/notice'
import { AdminFrame } from '../admin-frame'
import { MemberForm } from './member-form'

export const metadata: Metadata = { title: 'Members', robots: { index: false } }

export default async function MembersPage({ searchParams }: PageProps<'/admin/members'>) {
  const viewer = await requireAdmin('/admin/members')
  const { notice, ...given } = await searchParams
  const [q, after] = [textOf(given.q), textOf(given.after)]
  const now = new Date()
  const { members, next, count } = await listMembers({ search: q, after }, now)
  return (
    <AdminFrame at="/admin/members">
      <h1>Members</h1>
      <Notice code={notice} kind={viewer.kind} />
      <form action="/admin/members" className="search">
        <Field
          name="q"
          label="Search"
          type="search"
          hint="Part of a username."
          defaultValue={q}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <button className="second">Find</button>
      </form>
      <p className="quiet">
        {count.toLocaleString('en')} {count === 1 ? 'member' : 'members'}
        {q && (
          <>
            {' '}
            with “<bdi>{q}</bdi>” in the username. <Link href="/admin/members">Show all</Link>
          </>
        )}
      </p>
      <ul className="rows">
        {members.map((member) => (
          <li key={member.id}>
            <MemberSummary member={member} now={now} />
            <MemberForm
              member={{
                ...{ id: member.id, username: member.username },
                isDisabled: member.disabledAt !== null,
                hasSessions: member.sessions > 0,
                isPublished: member.publishedAt !== null,
                isTakenDown: member.takenDownAt !== null,
              }}
              {...{ q, after }}
            />
          </li>
        ))}
      </ul>
      {(next || after) && (
        <nav aria-label="Pages of members" className="pages">
          {after && <Link href={pageOf(q, '')}>First page</Link>}
          {next && <Link href={pageOf(q, next)}>Next page</Link>}
        </nav>
      )}
    </AdminFrame>
  )
}

function MemberSummary({ member, now }: { member: ListedMember; now: Date }) {
  const { username, createdAt, likes, sessions, disabledAt, publishedAt, takenDownAt } = member
  return (
    <div>
      <strong>{username}</strong> {disabledAt && <em className="badge">Disabled</em>}
      <span className="quiet">
        signed up <Moment at={createdAt} now={now} />, {likes.toLocaleString('en')} {likes === 1 ? 'like' : 'likes'},{' '}
        {sessions.toLocaleString('en')} {sessions === 1 ? 'session' : 'sessions'}
        {disabledAt && (
          <>
            , disabled <Moment at={disabledAt} now={now} />
          </>
        )}
        {publishedAt && (
          <>
            ,{' '}
            <Link href={publishedAddressOf(username)}>
              page<span className="visually-hidden"> of {username}</span>
            </Link>{' '}
            published <Moment at={publishedAt} now={now} />
          </>
        )}
        {takenDownAt && (
          <>
            , page taken down <Moment at={takenDownAt} now={now} />
          </>
        )}
      </span>
    </div>
  )
}

function pageOf(q: string, after: string) {
  const query = new URLSearchParams({ ...(q && { q }), ...(after && { after }) })
  return query.size > 0 ? `/admin/members?${query}` : '/admin/members'
}

function textOf(given: string | string[] | undefined) {
  return typeof given === 'string' ? given : ''
}
