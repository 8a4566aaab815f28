/** Whether the site is as the session law has it. Each throws where it is not. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { claimReceipt } from '../claim.ts'
import { db } from '../db.ts'
import { listLikes, undoableLike } from '../likes.ts'
import { listSessions } from '../member-sessions.ts'
import { getViewer } from '../session.ts'
import { isSudo } from '../session-limits.ts'
import type { Answer } from './browser.ts'
import type { World } from './session-acts.ts'
import type { Session } from './session-rows.ts'

/** The answer to an act, and whether it set the cookie as it should and with which attributes. */
export function compareAnswer({ law }: World, answer: Answer, expected: string) {
  expect(answer.to ?? (answer.state ? 'refused' : 'done')).toBe(expected)
  const attributes = { path: '/', httponly: true, samesite: 'lax' }
  const { value, maxAge = null } = law.said ?? {}
  const said = {
    name: 'session',
    value,
    attributes: { ...attributes, ...(maxAge !== null && { 'max-age': `${maxAge}` }) },
  }
  expect(answer.setCookies).toEqual(law.said ? [said] : [])
}

/** Every session, like and account, and that the database knows tokens by their hashes alone. */
export async function compareRows({ law, ids }: Pick<World, 'law' | 'ids'>) {
  const [sessions, likes, users] = await Promise.all([
    db().$queryRaw<SessionRow[]>`SELECT "id", "tokenHash", "userId", "keep", "lastSeenAt", "expiresAt" FROM "Session"`,
    db().$queryRaw<LikeRow[]>`SELECT "userId", "sessionId", "thing", "createdAt" FROM "Like"`,
    db().$queryRaw<{ id: string; username: string }[]>`SELECT "id", "username" FROM "User"`,
  ])
  const due = new Map(law.sessions.map((session) => [hashOf(session.token), session]))
  expect(sessions.map(({ tokenHash }) => tokenHash).sort()).toEqual([...due.keys()].sort())
  expect(users.map(({ username }) => username).sort()).toEqual(law.accounts.map(({ username }) => username).sort())
  for (const account of law.accounts) {
    ids.set(account, users.find(({ username }) => username === account.username)?.id ?? '')
  }
  for (const { id, tokenHash, userId, keep, lastSeenAt, expiresAt } of sessions) {
    const session = due.get(tokenHash) as Session
    const { account, seen, ends } = session
    const row = { id, userId, keep: Boolean(keep), seen: timeOf(lastSeenAt), ends: timeOf(expiresAt) }
    const owner = account ? (ids.get(account) ?? '') : null
    // A session that has changed its token is the same row.
    expect(row).toEqual({ id: ids.get(session) ?? id, userId: owner, keep: session.keep, seen, ends })
    ids.set(session, id)
  }
  compareLikes({ law, ids }, likes)
}

function compareLikes({ law, ids }: Pick<World, 'law' | 'ids'>, likes: LikeRow[]) {
  const kept = [...law.accounts, ...law.sessions].flatMap((owner) =>
    owner.likes.map(({ thing, at }) => `${ids.get(owner)} ${thing} ${at}`),
  )
  const found = likes.map((row) => `${row.userId ?? row.sessionId} ${row.thing} ${timeOf(row.createdAt)}`)
  expect(found.sort()).toEqual(kept.sort())
}

// SQLite tells a time as text and a boolean as a number.
type Time = Date | string
type SessionRow = {
  id: string
  tokenHash: string
  userId: string | null
  keep: boolean | number
  lastSeenAt: Time
  expiresAt: Time
}
type LikeRow = { userId: string | null; sessionId: string | null; thing: string; createdAt: Time }

function timeOf(time: Time) {
  return new Date(time).getTime()
}

function hashOf(token: string) {
  return createHash('sha256').update(Buffer.from(token, 'base64url')).digest('hex')
}

/** What the browser keeps, and until when. */
export function compareCookie(world: World, browser: number) {
  const cookie = world.law.cookie(browser)
  expect(world.cookieOf(browser)).toEqual(cookie && { value: cookie.token, until: cookie.until })
}

/** What the pages show a browser. */
export async function comparePage(world: World, browser: number) {
  const page = () => pageAt(new Date(world.law.now))
  // Not noted as a use, so that looking changes nothing.
  const seen = await world.at(browser).see(page, { isNoted: false })
  expect(seen).toEqual(world.law.page(world.law.cookie(browser)?.token ?? ''))
}

/** What the pages show whoever asks. */
async function pageAt(now: Date) {
  const viewer = await getViewer()
  if (viewer.kind === 'stranger') return { kind: 'stranger' }
  const { likes } = await listLikes(viewer, null)
  const page = {
    kind: viewer.kind,
    things: likes.map(({ thing }) => thing),
    undo: undoableLike(viewer, now)?.thing ?? null,
  }
  if (viewer.kind === 'visitor') return page
  const sessions = await listSessions(viewer, now)
  return {
    ...page,
    username: viewer.username,
    receipt: claimReceipt(viewer, now)?.count ?? null,
    isPasswordAsked: !isSudo(viewer.session, now),
    sessions: sessions.length,
  }
}
