/**
 * The cookie half of sessions: which cookie a request brought and which one the answer sets. It knows no SQL; the rules
 * of a session's life are in `session-store.ts`.
 *
 * Reading is pure, so a Server Component may ask who is there. Only actions and route handlers begin or end a session.
 */
import 'server-only'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { after } from 'next/server'
import { cache } from 'react'
import type { Account } from './accounts.ts'
import { env } from './env.ts'
import { isRenewalDue, isTouchDue } from './session-limits.ts'
import * as store from './session-store.ts'
import type { Keeper, Member, Viewer } from './viewer.ts'

/**
 * The cookie's name and attributes, once, to set it and to delete it. SameSite=Lax is half of the defence against
 * forged requests (the other is `requireOwnOrigin`): see docs/decisions/0003-session-cookie.md before changing it.
 */
function sessionCookie() {
  const { isSecure } = env()
  return {
    // The prefix makes browsers refuse a cookie of this name from a subdomain or over http (ASVS 5.0, 3.3.1, 3.3.3).
    name: isSecure ? '__Host-session' : 'session',
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: isSecure,
  } as const
}

/** Who is asking. Never throws for a bad cookie, never redirects, never writes before the answer. */
// One look-up for a whole rendering; actions and handlers, where React's cache does nothing, ask once by themselves.
export const getViewer = cache(async (): Promise<Viewer> => {
  const token = await presentedToken()
  const now = new Date()
  const keeper = token ? await store.findSession(token, now) : null
  if (!keeper) return { kind: 'stranger' }
  if (isTouchDue(keeper.session, now)) {
    // Lost when it fails: the session then seems idle for a little longer, which harms nobody.
    after(() => store.touchSession(keeper.session, now).catch(() => {}))
  }
  return keeper
})

/** The member who is asking; anybody else is sent to log in, and back to `returnTo` afterwards. */
export async function requireMember(returnTo: string): Promise<Member> {
  const viewer = await getViewer()
  if (viewer.kind === 'member') return viewer
  redirect(`/login?next=${encodeURIComponent(returnTo)}`)
}

/**
 * The viewer, with a list of their own: a stranger's session begins here, at the first thing worth remembering.
 * @throws Unavailable when the session cannot be saved.
 */
export async function ensureViewer(viewer: Viewer, now: Date): Promise<Keeper> {
  if (viewer.kind !== 'stranger') return viewer
  const { viewer: visitor, ...issued } = await store.openVisitorSession(now)
  await setCookie(issued, now)
  return visitor
}

/**
 * After a like: a visitor's limits begin again, row and cookie, when they were last set more than 30 days ago. Not
 * before it, lest the cookie of a session that a log-in has just claimed overwrite the log-in's own.
 */
export async function renewSession(viewer: Keeper, now: Date): Promise<void> {
  if (viewer.kind !== 'visitor' || !isRenewalDue(viewer, now)) return
  const token = await presentedToken()
  const expiresAt = await store.renewSession(viewer, now)
  if (token && expiresAt) await setCookie({ token, expiresAt, persistent: true }, now)
}

/**
 * Logs in: opens a new session with a new token, takes a visitor's likes along and ends whatever session this browser
 * had, all or nothing.
 * @returns false when the account is no longer what was verified; the browser is then what it was.
 * @throws UsernameTaken, or Unavailable when it cannot be saved.
 */
export async function startSession(account: Account, keep: boolean, now: Date): Promise<boolean> {
  const issued = await store.openSession(account, { keep, presented: await presentedToken(), now })
  if (!issued) return false
  await setCookie(issued, now)
  return true
}

/**
 * Logs out: the row is deleted before the answer, so the cookie is worth nothing even where a copy of it survives.
 * @throws Unavailable when the row could not be deleted; the cookie then stays, since the session does.
 */
export async function endSession(): Promise<void> {
  const token = await presentedToken()
  if (token) await store.endSessionOf(token)
  await clearCookie()
}

/** Deletes the cookie of a session that has ended. */
export async function clearCookie(): Promise<void> {
  const jar = await cookies()
  jar.set({ ...sessionCookie(), value: '', maxAge: 0 })
}

async function setCookie({ token, expiresAt, persistent }: store.IssuedToken, now: Date) {
  const maxAge = Math.floor((expiresAt.getTime() - now.getTime()) / 1000)
  const jar = await cookies()
  jar.set({ ...sessionCookie(), value: token, ...(persistent && { maxAge }) })
}

async function presentedToken() {
  return (await cookies()).get(sessionCookie().name)?.value ?? null
}
