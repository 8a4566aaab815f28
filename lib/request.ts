/** What a request says of itself: where it comes from, and where it may go next. */
import Bowser from 'bowser'
import ipaddr from 'ipaddr.js'
import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { env } from './env.ts'
import { announce } from './log.ts'
import { isSameSecret } from './secret.ts'
import type { Attempt, Viewer } from './viewer.ts'

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
 * Called by `action` of lib/action.ts; the first line of every handler that changes something.
 * @throws Error when the request does not prove to come from a page of ours.
 */
export async function requireOwnOrigin(): Promise<void> {
  if (!isOwnOrigin(await headers(), env().origins)) throw new Error('not from a page of ours')
}

/** What asks, as far as the request tells, and when. */
export async function getAttempt(): Promise<Attempt> {
  return attemptOf(await headers())
}

/** Writes that somebody asked for what is not theirs: by a form made for another, or in admin mode without being in it. */
export async function announceRefusal(viewer: Viewer, detail: 'form' | 'admin'): Promise<void> {
  const userId = viewer.kind === 'member' ? viewer.userId : null
  announce({ kind: 'refused', userId, detail, ...(await getAttempt()) })
}

/** What asks, by its headers. The address is the one the door saw: see docs/decisions/0007-own-door.md. */
export function attemptOf(given: Pick<Headers, 'get'>): Attempt {
  const address = networkOf(given.get('x-forwarded-for') ?? '')
  return { client: { address, device: deviceOf(given.get('user-agent') ?? '') }, now: new Date() }
}

/**
 * The address that is counted and shown: an IPv4 address, or the /64 of an IPv6 one, since a household has so many of
 * them. All that is no address is one, so that nobody escapes a limit by it.
 */
export function networkOf(address: string): string {
  const bare = address.trim().replace(/^\[(.+)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3')
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return 'unknown'
  const ip = ipaddr.process(bare)
  if (ip.range() === 'loopback') return '127.0.0.1'
  if (ip.kind() === 'ipv4') return ip.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${ip.toString().replace(/%.*/, '')}/64`)}/64`
}

/** What a member may read of a browser: what bowser knows, and those that draw only text. */
const KNOWN = new Set([...Object.values(Bowser.BROWSER_MAP), ...Object.values(Bowser.OS_MAP), 'Lynx', 'w3m', 'ELinks'])

/** Whether the request may read the numbers of /metrics; `off` when no METRICS_TOKEN is set. */
export async function metricsAccess(): Promise<'off' | 'refused' | 'granted'> {
  const { metricsToken } = env()
  if (!metricsToken) return 'off'
  const given = await headers()
  const [, token = ''] = /^Bearer (.+)$/i.exec(given.get('authorization') ?? '') ?? []
  if (isSameSecret(token, metricsToken)) return 'granted'
  announce({ kind: 'metricsRefused', userId: null, ...attemptOf(given) })
  return 'refused'
}

/** A browser in words, such as "Firefox on Linux", from its User-Agent. */
export function deviceOf(userAgent: string): string {
  // What is no Mozilla of any kind says its name first; of Lynx, bowser reads as the name whatever comes last.
  const [first = ''] = userAgent.split(' ', 1)
  const said = /^(Mozilla|Opera)\//.test(first) ? userAgent : first
  // Not more, lest a pattern be made to work on kilobytes. The space ends a name that stands alone, such as w3m's.
  const { browser, os } = Bowser.parse(`${said.slice(0, 512)} `)
  // Of a browser that it does not know it repeats what the client says, which a member would read.
  const words = [browser.name, os.name].filter((name) => name && KNOWN.has(name))
  return words.join(' on ') || 'An unknown browser'
}

/**
 * Ends an action that changed the page it was posted from. A browser that runs our script gets the page anew in the
 * same answer and keeps focus and scroll; one that does not is sent there, so that a reload does not post again.
 */
export async function showAgain(path: string): Promise<null> {
  const isScripted = (await headers()).has('next-action')
  if (!isScripted) redirect(path)
  refresh()
  return null
}

/** In UTF-16 units: more than any address of ours has, and less than a server takes as an address (ASVS 5.0, 4.2.5). */
const PATH_AT_MOST = 4000

/**
 * A path to return to after log-in, of this site only (ASVS 3.7.2): what a browser would read as an address elsewhere,
 * in any of the spellings that parsers disagree about, becomes `/`.
 */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || next.length > PATH_AT_MOST) return '/'
  const isPath = /^\/(?![/\\])/.test(next) && !/[\\\p{Cc}]/u.test(next) && URL.canParse(next, 'http://n')
  if (!isPath) return '/'
  const url = new URL(next, 'http://n')
  const isHere = url.origin === 'http://n' && !url.pathname.startsWith('//')
  return isHere ? url.pathname + url.search : '/'
}

/** The answer of a route handler that sends a browser on; `redirect()` there is a 307, which posts again. */
export function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path, 'cache-control': 'private, no-store' } })
}
