/**
 * The cookie half of sessions: who is asking, by the cookie that the request brought, and which one the answer sets. It
 * knows no SQL; the rules of a session's life are in `session-store.ts`, the cookie itself in `session-cookie.ts`.
 *
 * Reading is pure, so a Server Component may ask who is there. Only actions and route handlers begin or end a session.
 */
import 'server-only'
import { refresh } from 'next/cache'
import { notFound, redirect } from 'next/navigation'
import { after } from 'next/server'
import { cache } from 'react'
import type { Account } from './accounts.ts'
import * as adminMode from './admin-mode.ts'
import { type VerifiedAccount, verifyCredentials } from './credentials.ts'
import { env } from './env.ts'
import * as memberSessions from './member-sessions.ts'
import { announceRefusal } from './request.ts'
import { clearCookie, issueCookie, presentedToken, setCookie } from './session-cookie.ts'
import { isAdmin, isRenewalDue, isSudo, isTouchDue } from './session-limits.ts'
import * as store from './session-store.ts'
import { Unavailable } from './unavailable.ts'
import { type Attempt, isMembers, isShownTo, type Keeper, type Member, type Viewer } from './viewer.ts'

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
  return viewer.kind === 'member' ? viewer : toLogIn(returnTo)
}

/**
 * The viewer, if the form was shown to them: nothing is done for one that was meant for another, such as in a tab that
 * was open at a log-in in another tab. A form of a member who is not logged in any more leads to log-in and then to
 * `returnTo`; one too long for an address is refused instead. For actions only, since it makes the page anew.
 * @param shownTo The form's mark, see `markOf`.
 * @throws Unavailable when somebody else is asking.
 */
export async function requireShownTo(shownTo: string, returnTo: string): Promise<Viewer> {
  const viewer = await getViewer()
  if (isShownTo(shownTo, viewer)) return viewer
  if (viewer.kind !== 'member' && isMembers(shownTo) && returnTo.length < 2000) toLogIn(returnTo, 'log-in-again')
  await announceRefusal(viewer, 'form')
  refresh()
  throw new Unavailable(SOMEBODY_ELSE[viewer.kind])
}

/** The member to whom the form was shown; otherwise as `requireShownTo` and `requireMember`. */
export async function requireShownToMember(shownTo: string, returnTo: string): Promise<Member> {
  const viewer = await requireShownTo(shownTo, returnTo)
  return viewer.kind === 'member' ? viewer : toLogIn(returnTo)
}

/**
 * Whoever gave the admin password in this session, while admin mode lasts. A page sends anybody else to give it, and back
 * to `returnTo`; an action passes none, so that what was typed is not lost by a redirect.
 * @throws Unavailable in an action, when admin mode has ended.
 */
export async function requireAdmin(returnTo?: string): Promise<Keeper> {
  // Without a password there is no admin, and nothing to find here.
  if (!env().adminPassword) notFound()
  const viewer = await getViewer()
  if (viewer.kind !== 'stranger' && isAdmin(viewer.session, new Date())) return viewer
  if (returnTo !== undefined) redirect(`/admin/login?${new URLSearchParams({ next: returnTo })}`)
  await announceRefusal(viewer, 'admin')
  throw new Unavailable(ADMIN_ENDED)
}

function toLogIn(returnTo: string, notice?: string): never {
  const query = new URLSearchParams({ ...(notice && { notice }), next: returnTo })
  redirect(`/login?${query}`)
}

const SOMEBODY_ELSE = {
  stranger: 'The list of this page is no longer in this browser, so nothing was changed. You can begin a new one.',
  visitor: 'Another list has begun in this browser, so nothing was changed. Look below, then send it again.',
  member: 'Somebody has logged in here since, so nothing was changed. Look whose list it is, then send it again.',
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
export async function startSession(account: Account, keep: boolean, attempt: Attempt): Promise<boolean> {
  const issued = await store.openSession(account, { keep, presented: await presentedToken(), ...attempt })
  return issueCookie(issued, attempt.now)
}

/**
 * Proves that it is the member who asks for something sensitive: by the password, unless it was given within ten minutes
 * (ASVS 5.0, 7.5.1–7.5.3). The token changes when it is given now.
 * @returns 'missing' when it has to be given and was not; then no try is counted.
 * @throws Throttled, or Unavailable when it cannot be checked or the session has ended meanwhile.
 */
export async function proveMember(
  member: Member,
  password: string,
  attempt: Attempt,
): Promise<'proven' | 'missing' | 'wrong'> {
  if (isSudo(member.session, attempt.now)) return 'proven'
  if (password === '') return 'missing'
  const { username } = member
  const account = await verifyCredentials({ username, password }, { ...attempt, session: member.session })
  if (!account) return 'wrong'
  const proof = { account, presented: (await presentedToken()) ?? '' }
  const issued = await memberSessions.renewSudo(member, proof, attempt)
  if (!(await issueCookie(issued, attempt.now))) throw new Unavailable(MEANWHILE)
  return 'proven'
}

const ADMIN_ENDED = 'Admin mode has ended, so nothing was done. Log in again in another tab, then repeat this here.'
const MEANWHILE = 'Something else changed at the same moment, and nothing was done. Please try again.'

/**
 * Changes the password and ends every other session; this one goes on with a new token.
 * @throws Unavailable when the session has ended or the password was changed meanwhile, and nothing has happened.
 */
export async function changePassword(
  member: Member,
  account: VerifiedAccount,
  passwordHash: string,
  attempt: Attempt,
): Promise<void> {
  const proof = { account, presented: (await presentedToken()) ?? '' }
  const issued = await memberSessions.changePassword(member, proof, passwordHash, attempt)
  if (!(await issueCookie(issued, attempt.now))) throw new Unavailable(MEANWHILE)
}

/**
 * Logs out: the row is deleted before the answer, so the cookie is worth nothing even where a copy of it survives.
 * @throws Unavailable when the row could not be deleted; the cookie then stays, since the session does.
 */
export async function endSession(viewer: Viewer, attempt: Attempt): Promise<void> {
  if (viewer.kind === 'member') await store.logOut(viewer, attempt)
  else {
    // What has passed a limit is a stranger's, and may still have a row.
    const token = await presentedToken()
    if (token) await store.endSessionOf(token)
  }
  await clearCookie()
}

/**
 * Enters admin mode by the admin password, on the session that is there; a stranger's begins here. The token changes.
 * @returns false when it is not the password.
 * @throws Throttled, or Unavailable when it cannot be saved or the session has ended meanwhile.
 */
export async function enterAdminMode(password: string, attempt: Attempt): Promise<boolean> {
  if (!env().adminPassword) notFound()
  const viewer = await getViewer()
  if (!(await adminMode.verifyAdminPassword(password, attempt))) return false
  const keeper = await ensureViewer(viewer, attempt.now)
  const issued = await adminMode.begin(keeper, (await presentedToken()) ?? '', attempt)
  if (!(await issueCookie(issued, attempt.now))) throw new Unavailable(MEANWHILE)
  return true
}

/** Leaves admin mode; the session goes on with a new token. Twice is fine. @throws Unavailable when it is not sure. */
export async function leaveAdminMode(viewer: Viewer, attempt: Attempt): Promise<void> {
  if (viewer.kind === 'stranger' || !viewer.session.adminSince) return
  const issued = await adminMode.end(viewer, (await presentedToken()) ?? '', attempt)
  if (!(await issueCookie(issued, attempt.now))) throw new Unavailable(MEANWHILE)
}
