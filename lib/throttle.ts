/**
 * How often something may be tried. The counts are in the database, so they are the same for every process and survive
 * a restart; why this is ours and not a library's stands in docs/decisions/0013-throttling.md.
 */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Tx, transaction } from './db.ts'
import { incrementThrottle, type ThrottleRow } from './hot-queries.ts'
import { announce } from './log.ts'
import { Unavailable } from './unavailable.ts'
import type { Attempt } from './viewer.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

type Throttle = {
  /** So many go ahead at once. */
  free: number
  /** Until the count begins anew, in milliseconds: from the first try, or from the last where there are `waits`. */
  within: number
  /** What to wait after the last free one and after each further one, in milliseconds; without it, until `within` ends. */
  waits?: number[]
}

/** Every limit, by name (OWASP ASVS 5.0, 2.1.3, 2.4.1, 6.1.1, 6.3.1). */
export const THROTTLES = {
  /** Wrong passwords for one account; an address where it has logged in lately, and a session of it, count by themselves. */
  passwordByAccount: { free: 5, within: DAY, waits: [10, 20, 40, 80, 160, 300].map((wait) => wait * SECOND) },
  /** Wrong passwords from one address, for whatever accounts. */
  passwordByAddress: { free: 20, within: 10 * MINUTE },
  /** Passwords checked at all, right ones too, since each takes a third of a second of a core. */
  passwordCheckByAddress: { free: 60, within: 10 * MINUTE },
  signUpByAddress: { free: 10, within: 10 * MINUTE },
  likeByAddress: { free: 60, within: MINUTE },
  newVisitorByAddress: { free: 20, within: MINUTE },
  exportByOwner: { free: 10, within: 10 * MINUTE },
  /** Each leaves an event. Taking a list back must never wait. */
  publishByMember: { free: 10, within: 10 * MINUTE },
  adminPasswordByAddress: { free: 5, within: 10 * MINUTE },
  /** Addresses typed into any form that has e-mail sent there. */
  mailByAddress: { free: 20, within: 10 * MINUTE },
  /** Whoever asks: nobody's mailbox is filled by typing its address here. */
  mailToRecipient: { free: 5, within: DAY, waits: [60, 300, 900, 3600].map((wait) => wait * SECOND) },
} satisfies Record<string, Throttle>

// Not the moment of the try: requests come here in another order than they began, and none may wait for that.
const NEVER = new Date(0)
const NONE: ThrottleRow = { count: 0, blockedUntil: NEVER, expiresAt: NEVER }

export type ThrottleName = keyof typeof THROTTLES

/** It was tried too often; the message says how long to wait. */
export class Throttled extends Unavailable {
  override name = 'Throttled'

  constructor(wait: number) {
    super(`That was tried too often. Please wait ${inWords(wait)}, then try again.`)
  }
}

/**
 * Counts a try, or several that are made together, in the caller's transaction or in one of its own. To be called
 * before the work that is limited, so that of many at once no more than the limit get to it.
 * @param tries How many; all of them go ahead, or none.
 * @param subject Whom the limit counts: the client's address, unless it is an account.
 * @throws Throttled when it must wait; the transaction is then rolled back, and nothing was counted.
 */
export async function countTry(
  name: ThrottleName,
  { client, now, subject = [client.address], tries = 1 }: Attempt & { subject?: string[]; tries?: number },
  tx?: Tx,
): Promise<void> {
  if (!tx) return transaction((own) => countTry(name, { client, now, subject, tries }, own))
  const key = keyOf(name, subject)
  // Holds the row until the transaction ends. Mostly this is all: there was none, or only the count changes.
  const row = await incrementThrottle(tx, key, afterTry(name, NONE, now, tries))
  const before = { ...row, count: row.count - tries }
  const wait = isAnew(name, before, now) ? 0 : blockedUntil(name, before, tries).getTime() - now.getTime()
  if (wait > 0) {
    // Once, although in a transaction: this ends it, and is not tried again.
    announce({ kind: 'throttled', userId: null, client, now, detail: name })
    throw new Throttled(wait)
  }
  const after = afterTry(name, before, now, tries)
  if (isDeepStrictEqual(after, row)) return
  await tx.throttle.update({ where: { key }, data: after, select: { key: true } })
}

/** Gives a counted try back, because it was none. */
export async function giveBack(tx: Tx, name: ThrottleName, subject: string[]): Promise<void> {
  const key = keyOf(name, subject)
  await tx.throttle.updateMany({ where: { key }, data: { count: { decrement: 1 }, blockedUntil: NEVER } })
  // Or tries that are all given back would fill the table.
  await tx.throttle.deleteMany({ where: { key, count: { lte: 0 } } })
}

/** Begins the count of a subject anew. */
export async function clearTries(tx: Tx, name: ThrottleName, subject: string[]): Promise<void> {
  await tx.throttle.deleteMany({ where: { key: keyOf(name, subject) } })
}

/** Forgets what was counted of a subject, and of it together with anything else. Reads the whole table. */
export async function forgetTries(tx: Tx, name: ThrottleName, subject: string[]): Promise<void> {
  await tx.throttle.deleteMany({ where: { key: { startsWith: keyOf(name, subject) } } })
}

/** Deletes up to `limit` counts that would begin anew. @returns how many. */
export async function deleteExpiredThrottles(now: Date, limit: number): Promise<number> {
  const { count } = await transaction((tx) => tx.throttle.deleteMany({ where: { expiresAt: { lte: now } }, limit }))
  return count
}

/** Of several tries at once all are let through, or none. */
function blockedUntil(name: ThrottleName, row: ThrottleRow, tries: number) {
  const { free, waits }: Throttle = THROTTLES[name]
  return waits || row.count + tries <= free ? row.blockedUntil : row.expiresAt
}

function afterTry(name: ThrottleName, row: ThrottleRow, now: Date, tries: number): ThrottleRow {
  const { free, within, waits }: Throttle = THROTTLES[name]
  const begins = isAnew(name, row, now)
  const count = (begins ? 0 : row.count) + tries
  const expiresAt = waits || begins ? later(now, within) : row.expiresAt
  if (count < free) return { count, blockedUntil: NEVER, expiresAt }
  const wait = waits?.[Math.min(count - free, waits.length - 1)]
  return { count, blockedUntil: wait === undefined ? expiresAt : later(now, wait), expiresAt }
}

/**
 * Also when it would last far longer than it can: the clock was ahead then. Not when only a little longer: requests come
 * here in another order than they began.
 */
function isAnew(name: ThrottleName, { expiresAt }: ThrottleRow, now: Date) {
  return expiresAt <= now || expiresAt > later(now, 2 * THROTTLES[name].within)
}

// Hashed, since what is typed as a username may be a password.
function keyOf(name: ThrottleName, subject: string[]) {
  return [name, ...subject.map((part) => createHash('sha256').update(part).digest('hex'))].join(' ')
}

function later(now: Date, ms: number) {
  return new Date(now.getTime() + ms)
}

function inWords(wait: number) {
  const seconds = Math.ceil(wait / SECOND)
  if (seconds < 100) return seconds === 1 ? '1 second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
