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

/** What a session is, as far as its limits go. */
export type SessionKind = keyof typeof LIMITS

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

/** Which limits a row has. */
export function kindOf({ userId, keep }: Pick<Row, 'userId' | 'keep'>): SessionKind {
  return userId === null ? 'visitor' : keep ? 'kept' : 'brief'
}

/** When a row ends if it is not used any more, and when in any case. */
export function endsOf(row: Row): { idle: Date; absolute: Date } {
  return { idle: new Date(row.lastSeenAt.getTime() + LIMITS[kindOf(row)].idle), absolute: row.expiresAt }
}

/** Whether a row has passed one of its limits. */
export function hasEnded(row: Row, now: Date): boolean {
  const kind = kindOf(row)
  const { idle, absolute } = endsOf(row)
  return absolute <= now || idle <= now || (kind !== 'visitor' && isAhead(row, kind, now))
}

/** The `where` of rows of a kind that have passed no limit. */
export function aliveAt(kind: SessionKind, now: Date) {
  const [latestEnd, latestUse] = kind === 'visitor' ? [] : latest(kind, now)
  return {
    expiresAt: { gt: now, ...(latestEnd && { lte: latestEnd }) },
    lastSeenAt: { gt: idleSince(kind, now), ...(latestUse && { lte: latestUse }) },
  }
}

/** The `where` of all rows that have passed one. */
export function endedAt(now: Date) {
  const ofMembers = (kind: 'kept' | 'brief') => {
    const [latestEnd, latestUse] = latest(kind, now)
    const passed = [
      { lastSeenAt: { lte: idleSince(kind, now) } },
      { lastSeenAt: { gt: latestUse } },
      { expiresAt: { gt: latestEnd } },
    ]
    return passed.map((limit) => ({ userId: { not: null }, keep: kind === 'kept', ...limit }))
  }
  const ofVisitors = { userId: null, lastSeenAt: { lte: idleSince('visitor', now) } }
  return { OR: [{ expiresAt: { lte: now } }, ofVisitors, ...ofMembers('kept'), ...ofMembers('brief')] }
}

/** Whether `lastSeenAt` is old enough to be moved. */
export function isTouchDue(session: LiveSession, now: Date): boolean {
  return now.getTime() - session.lastSeenAt.getTime() >= touchEvery(session)
}

/** After when a like makes a visitor's limits begin again. */
export function renewableAfter({ expiresAt }: Pick<LiveSession, 'expiresAt'>): Date {
  return new Date(expiresAt.getTime() - LIMITS.visitor.absolute + RENEW_AFTER)
}

/** Whether a visitor's limits were set long enough ago to begin again. */
export function isRenewalDue({ session }: Visitor, now: Date): boolean {
  return now > renewableAfter(session)
}

/** Whether the password was given in this session so lately that it need not be asked for again. */
export function isSudo(session: LiveSession, now: Date): boolean {
  return sudoUntil(session, now) !== null
}

/** Until when it need not; null when it must be. */
export function sudoUntil({ sudoAt }: Pick<LiveSession, 'sudoAt'>, now: Date): Date | null {
  if (sudoAt === null) return null
  const age = now.getTime() - sudoAt.getTime()
  // Not when the clock was ahead then.
  return age >= 0 && age < SUDO_FOR ? new Date(sudoAt.getTime() + SUDO_FOR) : null
}

type AdminRow = Pick<LiveSession, 'adminSince' | 'lastSeenAt'>

/** Whether the admin password was given in this session and admin mode has passed no limit since. */
export function isAdmin(session: AdminRow, now: Date): boolean {
  return adminUntil(session, now) !== null
}

/** Until when admin mode lasts if the session is not used any more; null when it is off. */
export function adminUntil({ adminSince, lastSeenAt }: AdminRow, now: Date): Date | null {
  if (adminSince === null) return null
  const end = Math.min(adminSince.getTime() + ADMIN.absolute, lastSeenAt.getTime() + ADMIN.idle)
  // Another request may have noted a use a moment after this one began; more than that, and the clock was ahead.
  const isSane = adminSince <= now && lastSeenAt.getTime() - now.getTime() < MINUTE
  return isSane && now.getTime() < end ? new Date(end) : null
}

/**
 * A member's session that was begun or used while the clock was ahead would last for longer than its limits. A minute is
 * what the clocks of two instances may differ. A visitor's list is not lost for it.
 */
function isAhead({ expiresAt, lastSeenAt }: Row, kind: 'kept' | 'brief', now: Date) {
  const [latestEnd, latestUse] = latest(kind, now)
  return expiresAt > latestEnd || lastSeenAt > latestUse
}

/** The latest end, and the latest use, that a session can have now. */
function latest(kind: 'kept' | 'brief', now: Date): [Date, Date] {
  const use = now.getTime() + MINUTE
  return [new Date(use + LIMITS[kind].absolute), new Date(use)]
}

function idleSince(kind: SessionKind, now: Date) {
  return new Date(now.getTime() - LIMITS[kind].idle)
}
