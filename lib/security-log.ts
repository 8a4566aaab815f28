/**
 * What happens at the door of an account, kept as rows for its member to read. Never a password, a token or what was
 * typed as a username.
 */
import { db, type Tx, transaction } from './db.ts'
import { announce } from './log.ts'
import type { Attempt, Member } from './viewer.ts'

/** What is kept as a row, in the words that its member reads. */
export const EVENTS = {
  signedUp: 'Signed up',
  loggedIn: 'Logged in',
  loggedOut: 'Logged out',
  logInFailed: 'Wrong password at log-in',
  passwordFailed: 'Wrong current password',
  passwordChanged: 'Changed the password',
  sessionEnded: 'Ended a session',
  otherSessionsEnded: 'Ended all other sessions',
  exported: 'Downloaded the data',
  passwordReset: 'Set a new password by a link',
  recoveryEmailChanged: 'Changed the recovery e-mail',
  recoveryEmailRemoved: 'Removed the recovery e-mail',
  listPublished: 'Published the list',
  listTakenBack: 'Took the published list back',
  endedByOwner: 'The owner of this site ended all sessions',
  sessionEndedByOwner: 'The owner of this site ended a session',
  exportedByOwner: 'The owner of this site downloaded the data',
  resetByOwner: 'The owner of this site made a link to a new password',
  disabledByOwner: 'The owner of this site disabled the account',
  enabledByOwner: 'The owner of this site enabled the account again',
  listTakenDownByOwner: 'The owner of this site took the published list down',
  listAllowedByOwner: 'The owner of this site allowed the list to be published again',
} as const

/** What the owner of the site did, in the words of the admin page. */
export const ADMIN_EVENTS = {
  adminLoggedIn: 'Logged in to admin',
  adminLoggedOut: 'Logged out of admin',
  adminLogInFailed: 'Wrong admin password',
  addressDeleted: 'Deleted an address',
  listExported: 'Downloaded the list',
  announcementTested: 'Sent a test of an announcement',
  announcementSent: 'Sent an announcement',
  memberEnded: 'Ended a member’s sessions',
  memberDisabled: 'Disabled a member',
  memberEnabled: 'Enabled a member',
  memberListTakenDown: 'Took a member’s published list down',
  memberListAllowed: 'Allowed a member’s list to be published again',
  memberSessionEnded: 'Ended a session of a member',
  memberExported: 'Downloaded the data of a member',
  memberReset: 'Made a link to a new password for a member',
  allMembersEnded: 'Ended all sessions of all members',
  visitorEnded: 'Ended a visitor’s session, with its list',
} as const

export type EventKind = keyof typeof EVENTS | keyof typeof ADMIN_EVENTS

export type SecurityEvent = Attempt & {
  kind: EventKind
  /** null for an attempt on a name that nobody has. */
  userId: string | null
  /** What it was done to, in words. */
  detail?: string | undefined
}

const DAY = 24 * 60 * 60_000
const KEEP_FOR = 180 * DAY
/** As long as a session lasts at most, twice: a session that began there may have been in use until half of it. */
const FAMILIAR_FOR = 60 * DAY
const LISTED_AT_MOST = 20

/** Keeps an event in the transaction of what it tells of. Follow it with `announce` when that has been committed. */
export async function record(tx: Tx, { kind, userId, client, now, detail }: SecurityEvent): Promise<void> {
  await tx.securityEvent.create({
    data: { kind, userId, at: now, detail: detail ?? null, ...client },
    select: { id: true },
  })
}

/** Keeps an event that is told of by itself, and writes its line. */
export async function note(event: SecurityEvent): Promise<void> {
  await transaction((tx) => record(tx, event))
  announce(event)
}

export type Activity = { id: string; what: string; at: Date; device: string; address: string; detail: string | null }

/** A member's own events, newest first: the latest twenty, or all of them. */
export async function listActivity({ userId }: Pick<Member, 'userId'>, { all = false } = {}): Promise<Activity[]> {
  const rows = await db().securityEvent.findMany({
    where: { userId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    ...(!all && { take: LISTED_AT_MOST }),
    omit: { userId: true },
  })
  return rows.map(({ kind, ...event }) => ({ ...event, what: EVENTS[kind as keyof typeof EVENTS] }))
}

/** What was done in admin mode, or tried, newest first: the latest twenty. */
export async function listAdminActivity(): Promise<Activity[]> {
  const rows = await db().securityEvent.findMany({
    where: { userId: null, kind: { in: Object.keys(ADMIN_EVENTS) } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: LISTED_AT_MOST,
    omit: { userId: true },
  })
  return rows.map(({ kind, ...event }) => ({ ...event, what: ADMIN_EVENTS[kind as keyof typeof ADMIN_EVENTS] }))
}

/**
 * Whether the account of this name, if there is one, has logged in from this address within sixty days, and since its
 * password was last changed: whoever knew the old one may have made addresses familiar with it.
 */
export async function hasLoggedInFrom(tx: Tx, address: string, username: string, now: Date): Promise<boolean> {
  const user = { username }
  const changed = await tx.securityEvent.findFirst({
    where: { user, kind: { in: ['passwordChanged', 'passwordReset'] } },
    orderBy: { at: 'desc' },
    select: { at: true },
  })
  const since = new Date(Math.max(now.getTime() - FAMILIAR_FOR, changed?.at.getTime() ?? 0))
  const kind: { in: EventKind[] } = { in: ['signedUp', 'loggedIn', 'passwordChanged', 'passwordReset'] }
  const found = await tx.securityEvent.findFirst({
    where: { user, address, kind, at: { gte: since } },
    select: { id: true },
  })
  return found !== null
}

/** Deletes up to `limit` events that are older than 180 days. @returns how many. */
export async function deleteOldEvents(now: Date, limit: number): Promise<number> {
  const before = new Date(now.getTime() - KEEP_FOR)
  const { count } = await transaction((tx) => tx.securityEvent.deleteMany({ where: { at: { lte: before } }, limit }))
  return count
}
