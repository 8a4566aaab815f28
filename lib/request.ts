/** What a request says of itself: where it comes from, and where it may go next. */

import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { env } from './env.ts'

/**
 * Whether a request was made by a page of ours. Sec-Fetch-Site and Origin must both say so where they are given, and
 * Referer where neither is; none of the three is no proof. Next's own check lets a request without Origin through, and
 * believes X-Forwarded-Host (OWASP CSRF cheat sheet; ASVS 5.0, 3.5.1).
 */
export function isOwnOrigin(given: Pick<Headers, 'get'>, origins: string[]): boolean {
  const site = given.get('sec-fetch-site')
  const origin = given.get('origin')
  const referer = given.get('referer')
  if (site !== null && site !== 'same-origin') return false
  if (origin !== null) return origins.includes(origin)
  if (site !== null) return true
  return referer !== null && URL.canParse(referer) && origins.includes(new URL(referer).origin)
}

/**
 * First line of every action and of every handler that changes something.
 * @throws Error when the request does not prove to come from a page of ours.
 */
export async function requireOwnOrigin(): Promise<void> {
  if (!isOwnOrigin(await headers(), env().origins)) throw new Error('not from a page of ours')
}

/**
 * Ends an action that changed the page it was posted from. A browser that runs our script gets the page anew in the
 * same answer and keeps focus and scroll; one that does not is sent there, so that a reload does not post again.
 */
export async function showAgain(path: string): Promise<void> {
  const isScripted = (await headers()).has('next-action')
  if (!isScripted) redirect(path)
  refresh()
}

/**
 * A path to return to after log-in, of this site only (ASVS 3.7.2): what a browser would read as an address elsewhere,
 * in any of the spellings that parsers disagree about, becomes `/`.
 */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string') return '/'
  const isPath = /^\/(?![/\\])/.test(next) && !/[\\\p{Cc}]/u.test(next) && URL.canParse(next, 'http://n')
  if (!isPath) return '/'
  const url = new URL(next, 'http://n')
  const isHere = url.origin === 'http://n' && !url.pathname.startsWith('//')
  return isHere ? url.pathname + url.search : '/'
}

/** The answer of a route handler that sends a browser on; `redirect()` there is a 307, which posts again. */
export function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path, 'cache-control': 'no-store' } })
}
