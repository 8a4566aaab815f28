/** Messages to everybody on the list: written, tried, and sent once at most to each. */
import { db, isOrphan, transaction } from './db.ts'
import { announce } from './log.ts'
import { enqueue } from './mail.ts'
import { record } from './security-log.ts'
import type { Attempt } from './viewer.ts'

const LISTED_AT_MOST = 50
const CHUNK = 500

export type Announcement = { id: string; subject: string; text: string; createdAt: Date; sentAt: Date | null }

const SHOWN = { id: true, subject: true, text: true, createdAt: true, sentAt: true, reached: true } as const

/** Keeps a draft, a new one or what became of it. @returns its id, or null when it has been sent or deleted. */
export async function saveDraft(id: string | null, words: { subject: string; text: string }, now: Date) {
  return transaction(async (tx) => {
    if (id === null) return (await tx.announcement.create({ data: { ...words, createdAt: now } })).id
    const { count } = await tx.announcement.updateMany({ where: { id, sentAt: null }, data: words })
    return count === 1 ? id : null
  })
}

/** Deletes a draft. @returns how many: 0 when it has been sent or is gone. */
export async function deleteDraft(id: string): Promise<number> {
  const { count } = await transaction((tx) => tx.announcement.deleteMany({ where: { id, sentAt: null } }))
  return count
}

/** The latest fifty, newest first. */
export async function listAnnouncements(): Promise<Announcement[]> {
  return db().announcement.findMany({ orderBy: { createdAt: 'desc' }, take: LISTED_AT_MOST, select: SHOWN })
}

/** One of them, or null; how far it is, and to how many it goes or would go. */
export async function getAnnouncement(id: string) {
  const found = await db().announcement.findUnique({ where: { id }, select: SHOWN })
  return found && { ...found, progress: await progressOf(found) }
}

export type Progress = { total: number; sent: number; failed: number; unknown: number; waiting: number }

async function progressOf({ id, sentAt, reached }: { id: string; sentAt: Date | null; reached: string | null }) {
  const states = await db().mail.groupBy({
    by: ['state'],
    where: { announcementId: id, kind: 'announcement' },
    _count: true,
  })
  const count = (...names: string[]) =>
    states.filter(({ state }) => names.includes(state)).reduce((sum, { _count }) => sum + _count, 0)
  const toCome = reached === null ? 0 : await db().subscriber.count({ where: recipients(reached, sentAt) })
  const waiting = count('waiting', 'sending') + toCome
  const done = { sent: count('sent'), failed: count('failed'), unknown: count('unknown') }
  return { ...done, waiting, total: waiting + done.sent + done.failed + done.unknown } satisfies Progress
}

/** Those to whom it was not sent, or of whom that is not known, while their addresses are kept: a hundred at most. */
export async function listUndelivered(id: string) {
  return db().mail.findMany({
    where: { announcementId: id, kind: 'announcement', state: { in: ['failed', 'unknown'] }, recipient: { not: '' } },
    orderBy: { id: 'asc' },
    take: 100,
    select: { id: true, recipient: true, state: true, reason: true },
  })
}

/** Sends a draft to one address, to see what it looks like. @returns false when there is no such draft. */
export async function sendTest(id: string, recipient: string, attempt: Attempt): Promise<boolean> {
  const event = { kind: 'announcementTested', userId: null, ...attempt } as const
  const work = transaction(async (tx) => {
    await enqueue(tx, { kind: 'announcementTest', recipient, announcementId: id, now: attempt.now })
    await record(tx, event)
    return true
  })
  const isSent = await work.catch((error) => {
    if (isOrphan(error)) return false
    throw error
  })
  if (isSent) announce(event)
  return isSent
}

/** Begins to send a draft to everybody who is on the list now. @returns false when that has begun already. */
export async function startSending(id: string, attempt: Attempt): Promise<boolean> {
  const event = { kind: 'announcementSent', userId: null, ...attempt } as const
  const isBegun = await transaction(async (tx) => {
    const { count } = await tx.announcement.updateMany({ where: { id, sentAt: null }, data: { sentAt: attempt.now } })
    if (count === 1) await record(tx, event)
    return count === 1
  })
  if (isBegun) announce(event)
  return isBegun
}

/**
 * Makes the mails of an announcement that is being sent, some hundred of them. Whoever does so moves `reached` first, in
 * the same transaction, so that two processes never make the same.
 * @returns whether there was anything to do.
 */
export async function addressAnnouncement(now: Date): Promise<boolean> {
  const found = await db().announcement.findFirst({
    where: { sentAt: { not: null }, reached: { not: null } },
    select: SHOWN,
  })
  if (!found) return false
  const { id, reached } = found
  const next = await db().subscriber.findMany({
    where: recipients(reached ?? '', found.sentAt),
    orderBy: { id: 'asc' },
    take: CHUNK,
    select: { id: true, address: true },
  })
  const mails = next.map((row) => ({
    ...{ kind: 'announcement', recipient: row.address, subscriberId: row.id, announcementId: id },
    ...{ createdAt: now, dueAt: now },
  }))
  const work = transaction(async (tx) => {
    const data = { reached: next.at(-1)?.id ?? null }
    const { count } = await tx.announcement.updateMany({ where: { id, reached }, data })
    if (count === 1) await tx.mail.createMany({ data: mails })
  })
  await work.catch((error) => {
    // Somebody unsubscribed in this moment; the next call reads anew.
    if (!isOrphan(error)) throw error
  })
  return true
}

/** Who was on the list when sending began, and comes after those that were reached. */
function recipients(reached: string, sentAt: Date | null) {
  return { id: { gt: reached }, confirmedAt: sentAt ? { lte: sentAt } : { not: null } }
}
