/** How long a session lasts, and what is due when: pure functions of a row and a moment. */
import type { LiveSession, Visitor } from './viewer.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long a session lasts without use, and in any case, in milliseconds (OWASP ASVS 5.0, 7.1.1, 7.3.1, 7.3.2). */
export const LIMITS = {
  visitor: { idle: 90 * DAY, absolute: 400 * DAY },
  /** A member who ticked "Keep me logged in". */
  kept: { idle: 14 * DAY, absolute: 30 * DAY },
  /** A member who did not: the cookie ends with the browser as well. */
  brief: { idle: 2 * HOUR, absolute: 24 * HOUR },
} as const

type Kind = keyof typeof LIMITS

/** How long admin mode lasts without use, and in any case. */
const ADMIN = { idle: 15 * MINUTE, absolute: 8 * HOUR }

/**
 * How often `lastSeenAt` moves at most, in milliseconds: what is limited dies between 90 and 100 % of its idle limit,
 * never later.
 */
export function touchEvery({ adminSince }: LiveSession): number {
  return Math.min(10 * MINUTE, (adminSince ? ADMIN.idle : LIMITS.brief.idle) / 10)
}

/** A visitor's limits begin again with the first like this long after they were last set. */
const RENEW_AFTER = 30 * DAY

/** How long a password counts as just given (ASVS 7.5.1, 7.5.3). */
const SUDO_FOR = 10 * MINUTE

type Row = { userId: string | null; keep: boolean; lastSeenAt: Date; expiresAt: Date }

/** Whether a row has passed one of its limits. */
export function hasEnded(row: Row, now: Date): boolean {
  const kind = row.userId === null ? 'visitor' : row.keep ? 'kept' : 'brief'
  const isTooLong = kind !== 'visitor' && row.expiresAt > latestEnd(kind, now)
  return row.expiresAt <= now || row.lastSeenAt <= idleSince(kind, now) || isTooLong
}

/** The `where` of rows of a kind that have passed no limit. */
export function aliveAt(kind: Kind, now: Date) {
  const atMost = kind !== 'visitor' && { lte: latestEnd(kind, now) }
  return { expiresAt: { gt: now, ...atMost }, lastSeenAt: { gt: idleSince(kind, now) } }
}

/** The `where` of all rows that have passed one. */
export function endedAt(now: Date) {
  const idle = (kind: Kind) => ({ lastSeenAt: { lte: idleSince(kind, now) } })
  return {
    OR: [
      { expiresAt: { lte: now } },
      { userId: null, ...idle('visitor') },
      { userId: { not: null }, keep: true, ...idle('kept') },
      { userId: { not: null }, keep: false, ...idle('brief') },
      { userId: { not: null }, keep: true, expiresAt: { gt: latestEnd('kept', now) } },
      { userId: { not: null }, keep: false, expiresAt: { gt: latestEnd('brief', now) } },
    ],
  }
}

/** Whether `lastSeenAt` is old enough to be moved. */
export function isTouchDue(session: LiveSession, now: Date): boolean {
  return now.getTime() - session.lastSeenAt.getTime() >= touchEvery(session)
}

/** Whether a visitor's limits were set long enough ago to begin again. */
export function isRenewalDue(visitor: Visitor, now: Date): boolean {
  const setAt = visitor.session.expiresAt.getTime() - LIMITS.visitor.absolute
  return now.getTime() - setAt > RENEW_AFTER
}

/** Whether the password was given in this session so lately that it need not be asked for again. */
export function isSudo(session: LiveSession, now: Date): boolean {
  if (session.sudoAt === null) return false
  const age = now.getTime() - session.sudoAt.getTime()
  // Not when the clock was ahead then.
  return age >= 0 && age < SUDO_FOR
}

/** Whether the admin password was given in this session and admin mode has passed no limit since. */
export function isAdmin({ adminSince, lastSeenAt }: LiveSession, now: Date): boolean {
  if (adminSince === null) return false
  const age = now.getTime() - adminSince.getTime()
  const unused = now.getTime() - lastSeenAt.getTime()
  // Another request may have noted a use a moment after this one began; more than that, and the clock was ahead.
  return age >= 0 && age < ADMIN.absolute && unused > -MINUTE && unused < ADMIN.idle
}

/**
 * A member's session that ends later than any that could begin now was begun while the clock was ahead, and would last
 * for longer than the limit. A minute is what the clocks of two instances may differ. A visitor's list is not lost for it.
 */
function latestEnd(kind: 'kept' | 'brief', now: Date) {
  return new Date(now.getTime() + LIMITS[kind].absolute + MINUTE)
}

function idleSince(kind: Kind, now: Date) {
  return new Date(now.getTime() - LIMITS[kind].idle)
}
