import type { Metadata, ResolvingMetadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { listPublishedLikes } from '#lib/likes'
import { findPublishedList } from '#lib/published-list'
import { likesInWords, publishedAddressOf, titleOf } from '../../ui/list-view'
import { SiteFrame } from '../../ui/site-frame'
import { Thing } from '../../ui/thing'

// One look-up for the head and the body. Who is asking is never asked, so that everybody gets the same.
const requireList = cache(async (username: string) => (await findPublishedList(username)) ?? notFound())

export async function generateMetadata(
  { params, searchParams }: PageProps<'/u/[username]'>,
  parent: ResolvingMetadata,
): Promise<Metadata> {
  const { isIndexable, ...list } = await requireList((await params).username)
  const { username } = list
  const number = numberOf(await searchParams)
  const title = number > 1 ? `${titleOf(list)}, page ${number}` : titleOf(list)
  const description = `What ${username} likes.`
  const url = publishedAddressOf(username, number)
  const images = (await parent).openGraph?.images ?? []
  return {
    // Next fills its template by `replace`, to which a dollar sign means something.
    title: { absolute: `${title} · Likes` },
    description,
    alternates: { canonical: url },
    openGraph: { type: 'website', siteName: 'Likes', title, description, url, images },
    robots: { index: isIndexable, follow: false },
  }
}

/** What a member has published, to read only. */
export default async function PublishedListPage({ params, searchParams }: PageProps<'/u/[username]'>) {
  const { userId, username, title } = await requireList((await params).username)
  const page = await listPublishedLikes({ userId }, numberOf(await searchParams))
  return (
    <SiteFrame>
      <h1 id="list">
        <bdi>{titleOf({ title, username })}</bdi>
      </h1>
      <p className="lead">
        {page.count > 0 ? likesInWords(page) : 'Nothing yet'}.{title && ` Kept by ${username}.`}
        {page.number > 1 && ` Page ${page.number}.`}
      </p>
      <div className="likes">
        {page.things.length > 0 && (
          <ul aria-labelledby="list">
            {page.things.map((thing) => (
              <li key={thing}>
                <Thing thing={thing} />
              </li>
            ))}
          </ul>
        )}
        {(page.number > 1 || !page.isLast) && (
          <nav aria-label="Pages of the list" className="pages">
            {page.number > 1 && <Link href={publishedAddressOf(username, page.number - 1)}>Newer</Link>}
            {!page.isLast && <Link href={publishedAddressOf(username, page.number + 1)}>Older</Link>}
          </nav>
        )}
      </div>
      <p className="quiet">
        <Link href="/">Keep a list of your own</Link>. No account needed.
      </p>
    </SiteFrame>
  )
}

/** Which page of the list an address says; the first where it says nothing that can be. */
function numberOf({ page }: Awaited<PageProps<'/u/[username]'>['searchParams']>) {
  return typeof page === 'string' && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1
}
