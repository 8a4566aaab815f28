import Link from 'next/link'
import { claimReceipt, type LikePage, listLikes, undoableLike } from '#lib/likes'
import { getViewer } from '#lib/session'
import { ClaimReceipt } from './claim-receipt'
import { LikeList } from './like-list'
import { CookieCheck } from './ui/cookie-check'
import { Notice } from './ui/notice'
import { PageFrame } from './ui/page-frame'

const NOTHING: LikePage = { likes: [], next: null, count: 0, hasMore: false }

export default async function HomePage({ searchParams }: PageProps<'/'>) {
  const { before, notice } = await searchParams
  const viewer = await getViewer()
  const now = new Date()
  const isStranger = viewer.kind === 'stranger'
  const cursor = typeof before === 'string' ? before : null
  const page = isStranger ? NOTHING : await listLikes(viewer, cursor)
  const receipt = viewer.kind === 'member' ? claimReceipt(viewer, now) : null
  return (
    <PageFrame>
      <h1>What do you like?</h1>
      <Notice code={notice} isStranger={isStranger} />
      <CookieCheck isStranger={isStranger} wasLost={isStranger && notice === 'first-like'} />
      {receipt && <ClaimReceipt count={receipt.count} />}
      <LikeList {...page} before={cursor} removed={isStranger ? null : undoableLike(viewer, now)} />
      {viewer.kind === 'visitor' && page.count > 0 && (
        <p className="quiet">
          Your likes are kept in this browser until 90 days after your last visit. <Link href="/signup">Sign up</Link>{' '}
          to have them everywhere.
        </p>
      )}
      {!isStranger && (
        <form action="/forget" method="post" className="forget">
          <button className="quiet-button">Forget me</button>
          <span className="quiet">
            {viewer.kind === 'member' ? 'leads to deleting your account' : 'erases this list and what we know of you'}
          </span>
        </form>
      )}
    </PageFrame>
  )
}
