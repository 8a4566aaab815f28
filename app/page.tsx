import Link from 'next/link'
import { claimReceipt } from '#lib/claim'
import { env } from '#lib/env'
import { type LikePage, listLikes, undoableLike } from '#lib/likes'
import { farewellOf } from '#lib/mailing-list'
import { getViewer } from '#lib/session'
import { markOf } from '#lib/viewer'
import { ClaimReceipt } from './claim-receipt'
import { LikeList } from './like-list'
import { MailingList } from './mailing-list'
import { CookieCheck } from './ui/cookie-check'
import { publishedAddressOf, readView } from './ui/list-view'
import { Notice } from './ui/notice'
import { PageFrame } from './ui/page-frame'
import { ShownTo } from './ui/shown-to'

const NOTHING: LikePage = { likes: [], next: null, count: 0, hasMore: false }

/** What is said after the first thing that is kept: to a stranger it means that it is not. */
const FIRSTS = ['first-like', 'first-address']

export default async function HomePage({ searchParams }: PageProps<'/'>) {
  const { notice, thing, ...rest } = await searchParams
  const view = readView(rest)
  const viewer = await getViewer()
  const mark = markOf(viewer)
  const now = new Date()
  const isStranger = viewer.kind === 'stranger'
  const isPublished = viewer.kind === 'member' && viewer.isPublished
  const page = isStranger ? NOTHING : await listLikes(viewer, view.before, view)
  const farewell = isStranger ? null : farewellOf(viewer, now)
  const receipt = viewer.kind === 'member' ? claimReceipt(viewer, now) : null
  return (
    <PageFrame>
      <h1>What do you like?</h1>
      {isStranger && <p className="lead">Keep the things you like, for yourself. No account needed.</p>}
      {isPublished && <PublicNotice username={viewer.username} />}
      <Notice code={notice} kind={viewer.kind} />
      <CookieCheck isStranger={isStranger} wasLost={isStranger && FIRSTS.includes(String(notice))} />
      <div role="status">
        {farewell && notice === undefined && (
          <p className="notice">
            {farewell.isRemoved
              ? `We have removed ${farewell.address} from the list!`
              : `We have mailed a link to ${farewell.address}. Follow it to leave the list.`}
          </p>
        )}
      </div>
      {receipt && <ClaimReceipt count={receipt.count} isPublished={isPublished} mark={mark} />}
      <LikeList
        {...page}
        view={view}
        removed={isStranger ? null : undoableLike(viewer, now)}
        typed={typeof thing === 'string' ? thing : undefined}
        mark={mark}
      />
      {viewer.kind === 'visitor' && page.count > 0 && (
        <p className="quiet">
          Your likes are kept in this browser until 90 days after your last visit. <Link href="/signup">Sign up</Link>{' '}
          to have them everywhere.
        </p>
      )}
      {viewer.kind === 'member' && !isPublished && page.count > 0 && (
        <p className="quiet">
          Only you can see this list. <Link href="/account#share">Share it</Link>
        </p>
      )}
      <MailingList
        address={isStranger ? null : (viewer.session.data.subscription?.address ?? null)}
        isMailOn={env().mail !== null}
        mark={mark}
      />
      {viewer.kind === 'visitor' && (
        <form action="/account/export" method="post" className="forget">
          <ShownTo mark={mark} />
          <button className="quiet-button">Download my data</button>{' '}
          <span className="quiet">everything we keep about you, as one file</span>
        </form>
      )}
      {!isStranger && (
        <form action="/forget" method="post" className="forget">
          <ShownTo mark={mark} />
          <button className="quiet-button">Forget me</button>{' '}
          <span className="quiet">
            {viewer.kind === 'member'
              ? 'leads to deleting your account'
              : 'erases this list and what we know of you, at once and for good'}
          </span>
        </form>
      )}
    </PageFrame>
  )
}

function PublicNotice({ username }: { username: string }) {
  const address = publishedAddressOf(username)
  return (
    <p className="lead">
      Everybody can read your list at <Link href={address}>{address}</Link>.{' '}
      <Link href="/account#share">Change or take back</Link>
    </p>
  )
}
