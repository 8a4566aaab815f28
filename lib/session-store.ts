/**
 * The database half of sessions: rows and tokens, no cookies. Every rule of a session's life stands here: what a token
 * is, how long it lasts, what a log-in takes along and what ends it. Time is always an argument.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { type Account, admit } from './accounts.ts'
import { db, type Tx, transaction } from './db.ts'
import { claimLikes } from './likes.ts'
import { parseData, type SessionData, serializeData } from './session-data.ts'
import { aliveAt, endedAt, hasEnded, LIMITS, TOUCH_EVERY } from './session-limits.ts'
import type { Keeper, LiveSession, Visitor } from './viewer.ts'

/** What the cookie half needs to set the cookie of a session. */
export type IssuedToken = { token: string; expiresAt: Date; persistent: boolean }

/**
 * Looks a token up. An unknown, ended or malformed one is null: nothing is made for it, and nothing thrown.
 * Reads only.
 */
export async function findSession(token: string, now: Date): Promise<Keeper | null> {
  const tokenHash = hashToken(token)
  if (!tokenHash) return null
  const row = await db().session.findUnique({ where: { tokenHash }, include: { user: { select: { username: true } } } })
  if (!row || hasEnded(row, now)) return null
  const { id, lastSeenAt, expiresAt, sudoAt, userId, user } = row
  const session: LiveSession = { id, lastSeenAt, expiresAt, sudoAt, data: parseData(row.data) }
  if (userId === null) return { kind: 'visitor', session }
  // The account may go between the two statements that Prisma makes of this; its sessions have gone with it.
  return user ? { kind: 'member', session, userId, username: user.username } : null
}

/** Begins a visitor's session. */
export async function openVisitorSession(now: Date): Promise<IssuedToken & { viewer: Visitor }> {
  const token = newToken()
  const expiresAt = new Date(now.getTime() + LIMITS.visitor.absolute)
  const times = { lastSeenAt: now, expiresAt }
  const { id } = await transaction((tx) =>
    tx.session.create({
      data: { tokenHash: hashOf(token), keep: true, createdAt: now, ...times },
      select: { id: true },
    }),
  )
  const session: LiveSession = { id, ...times, sudoAt: null, data: {} }
  return { token, expiresAt, persistent: true, viewer: { kind: 'visitor', session } }
}

/**
 * Opens a member's session for a new or a verified account. In the same transaction it ends the session that the
 * request brought (ASVS 7.2.4): a visitor's likes are claimed; of a member's nothing moves. So a log-in is whole or
 * did not happen, and a token planted before it is dead after it.
 * @param presented The token that the request carried, of whatever worth.
 * @returns null when the account is no longer what was verified.
 * @throws UsernameTaken when a new account's name went to somebody else.
 */
export async function openSession(
  account: Account,
  { keep, presented, now }: { keep: boolean; presented: string | null; now: Date },
): Promise<IssuedToken | null> {
  const token = newToken()
  const { absolute } = keep ? LIMITS.kept : LIMITS.brief
  const expiresAt = new Date(now.getTime() + absolute)
  return transaction(async (tx) => {
    const userId = await admit(tx, account, now)
    if (userId === null) return null
    const data = await takeOver(tx, presented, userId, now)
    await tx.session.create({
      data: {
        ...{ tokenHash: hashOf(token), userId, keep, data: serializeData(data) },
        ...{ createdAt: now, lastSeenAt: now, sudoAt: now, expiresAt },
      },
    })
    return { token, expiresAt, persistent: keep }
  })
}

/** Ends the session a log-in came with; the new session's data says what was claimed from it. */
async function takeOver(tx: Tx, presented: string | null, userId: string, now: Date): Promise<SessionData> {
  const tokenHash = presented && hashToken(presented)
  if (!tokenHash) return {}
  // The first statement of the claim changes a unique column. That kills the old token, lets one of twenty parallel
  // log-ins through, and takes the row lock that a like in flight waits for.
  const [visitor] = await tx.session.updateManyAndReturn({
    where: { tokenHash, userId: null, ...aliveAt('visitor', now) },
    data: { tokenHash: hashOf(newToken()) },
    select: { id: true },
  })
  if (!visitor) {
    await tx.session.deleteMany({ where: { tokenHash, userId: { not: null } } })
    return {}
  }
  const claim = { id: randomUUID(), at: now.getTime() }
  const count = await claimLikes(tx, { from: visitor.id, to: userId, claimId: claim.id })
  await tx.session.delete({ where: { id: visitor.id } })
  return count > 0 ? { claim: { ...claim, count } } : {}
}

/** Notes that the session was used. An update only: it cannot bring a session back that has just ended. */
export async function touchSession(session: LiveSession, now: Date): Promise<void> {
  const before = new Date(now.getTime() - TOUCH_EVERY)
  await transaction((tx) =>
    tx.session.updateMany({ where: { id: session.id, lastSeenAt: { lte: before } }, data: { lastSeenAt: now } }),
  )
}

/** Begins a visitor's limits again. @returns the new end, or null when the session has ended meanwhile. */
export async function renewSession(visitor: Visitor, now: Date): Promise<Date | null> {
  const expiresAt = new Date(now.getTime() + LIMITS.visitor.absolute)
  const { count } = await transaction((tx) =>
    tx.session.updateMany({ where: { id: visitor.session.id, userId: null }, data: { expiresAt, lastSeenAt: now } }),
  )
  return count === 1 ? expiresAt : null
}

/** Ends the session of a token. Twice is fine. @returns how many ended: 0 or 1. */
export async function endSessionOf(token: string): Promise<number> {
  const tokenHash = hashToken(token)
  if (!tokenHash) return 0
  const { count } = await transaction((tx) => tx.session.deleteMany({ where: { tokenHash } }))
  return count
}

/**
 * Forgets a visitor: the session, what it remembers, and the likes.
 * @returns how many likes were erased, or null when the session had gone already, to a log-in for instance.
 */
export async function forget({ session: { id } }: Visitor): Promise<number | null> {
  return transaction(async (tx) => {
    // As the claim does, so that of the two one waits for the other and finds nothing left.
    const dead = { tokenHash: hashOf(newToken()) }
    const { count: isThere } = await tx.session.updateMany({ where: { id }, data: dead })
    if (!isThere) return null
    const { count } = await tx.like.deleteMany({ where: { sessionId: id } })
    await tx.session.delete({ where: { id } })
    return count
  })
}

/** Deletes up to `limit` sessions that have ended, and with them a visitor's likes. @returns how many. */
export async function deleteExpiredSessions(now: Date, limit: number): Promise<number> {
  const { count } = await transaction((tx) => tx.session.deleteMany({ where: endedAt(now), limit }))
  return count
}

// 256 random bits, so a fast unsalted hash is enough: there is nothing to guess (ASVS 7.2.3).
function newToken() {
  return randomBytes(32).toString('base64url')
}

function hashOf(token: string) {
  return createHash('sha256').update(Buffer.from(token, 'base64url')).digest('hex')
}

/** null for what cannot be a token; also for a second spelling of one, which base64url allows in its last character. */
function hashToken(token: string) {
  const isCanonical = /^[\w-]{43}$/.test(token) && Buffer.from(token, 'base64url').toString('base64url') === token
  return isCanonical ? hashOf(token) : null
}
