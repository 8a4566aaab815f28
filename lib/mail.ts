/**
 * Messages on their way: a row each, so that a mail server that is down or slow loses nothing and keeps nobody waiting.
 * The row says what the message is about; its words and its token are made when it is sent, and kept nowhere.
 */
import { db, type Tx, transaction } from './db.ts'
import { env } from './env.ts'
import { type LinkUse, MAILS, type MailKind } from './mail-texts.ts'
import { hashOf, hashOfPresented, newToken } from './session-token.ts'
import { type Outcome, SEND_AT_MOST } from './smtp.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** After this long, one that is being sent belongs to a process that has died. */
const LEASE = 2 * SEND_AT_MOST + MINUTE
const WAITS = [0.5, 1, 2, 5, 10, 30, 60].map((wait) => wait * MINUTE)
/** How long to try. A link to a new password is not wanted any more when it comes late. */
const TRY_FOR = { resetPassword: 30 * MINUTE, otherwise: 2 * DAY }
/** How often a message goes out again of which the server said nothing, and which may have arrived each time. */
const UNKNOWN_AT_MOST = 3
const KEEP_RECIPIENT_FOR = 7 * DAY

type NewMail = {
  kind: MailKind
  recipient: string
  now: Date
  userId?: string
  subscriberId?: string
  announcementId?: string
}

/** Puts a message on its way, in the transaction of what it tells of. */
export async function enqueue(tx: Tx, { now, ...mail }: NewMail): Promise<void> {
  await tx.mail.create({ data: { ...mail, createdAt: now, dueAt: now }, select: { id: true } })
}

/** Kinds of rows with a token, and what it may do: every message, and a link that the operator hands over instead. */
export const LINKS = { ...MAILS, resetByOwner: ['reset'] } as const satisfies Record<string, LinkUse[]>

/** What is found by the token of a message. */
export type Link = {
  id: string
  kind: keyof typeof LINKS
  recipient: string
  userId: string | null
  subscriberId: string | null
}

/** How long a link works, in milliseconds; the way off the list has no end. */
export const LINK_FOR = { confirm: 7 * DAY, reset: 30 * MINUTE, unsubscribe: Infinity }

/** The message whose link this is, or null when its token is none of ours, is for something else, or its time is over. */
export async function findLink(token: string, use: LinkUse, now: Date): Promise<Link | null> {
  const tokenHash = hashOfPresented(token)
  if (!tokenHash) return null
  const row = await db().mail.findUnique({ where: { tokenHash } })
  if (!row?.triedAt) return null
  const kind = row.kind as Link['kind']
  const uses: readonly LinkUse[] = LINKS[kind]
  const age = now.getTime() - row.triedAt.getTime()
  if (!uses.includes(use) || age >= LINK_FOR[use]) return null
  // The clock was ahead then, and nobody knows how old it is; whoever wants to leave may.
  if (use !== 'unsubscribe' && age < 0) return null
  return { id: row.id, kind, recipient: row.recipient, userId: row.userId, subscriberId: row.subscriberId }
}

export type ClaimedMail = Awaited<ReturnType<typeof readDue>>[number] & { token: string }

/**
 * Takes up to `limit` messages that are due, and marks them before they are sent, so that no other process sends them
 * too. What one person waits for comes before announcements.
 */
export async function claimDue(now: Date, limit: number): Promise<ClaimedMail[]> {
  const personal = await readDue({ announcementId: null }, now, limit)
  const rest = limit - personal.length
  const due = rest > 0 ? [...personal, ...(await readDue({ announcementId: { not: null } }, now, rest))] : personal
  if (due.length === 0) return []
  const marks = { state: 'sending', triedAt: now, dueAt: new Date(now.getTime() + LEASE), tries: { increment: 1 } }
  return transaction(async (tx) => {
    const claimed: ClaimedMail[] = []
    for (const mail of due) {
      const token = newToken()
      const data = { ...marks, tokenHash: hashOf(token) }
      const { count } = await tx.mail.updateMany({
        where: { id: mail.id, state: 'waiting', subscriberId: mail.subscriberId },
        data,
      })
      if (count === 1) claimed.push({ ...mail, token })
    }
    return claimed
  })
}

function readDue(lane: { announcementId: null | { not: null } }, now: Date, take: number) {
  return db().mail.findMany({
    where: { state: 'waiting', dueAt: { lte: now }, ...lane },
    orderBy: [{ announcementId: 'asc' }, { dueAt: 'asc' }],
    take,
    select: {
      ...{
        id: true,
        kind: true,
        recipient: true,
        tries: true,
        createdAt: true,
        announcementId: true,
        subscriberId: true,
      },
      user: { select: { username: true } },
      announcement: { select: { subject: true, text: true } },
    },
  })
}

/** Notes what became of messages that were claimed: the next try, or the end. */
export async function settle(mails: { mail: ClaimedMail; outcome: Outcome }[], now: Date): Promise<void> {
  const all = { in: mails.map(({ mail }) => mail.id) }
  const idsOf = (is: Outcome['is']) => mails.filter(({ outcome }) => outcome.is === is).map(({ mail }) => mail.id)
  await transaction(async (tx) => {
    const sent = { id: { in: idsOf('sent') }, state: { in: ['sending', 'unknown'] } }
    await tx.mail.updateMany({ where: sent, data: { state: 'sent', reason: null } })
    await tx.mail.deleteMany({ where: { id: { in: idsOf('needless') } } })
    for (const { mail, outcome } of mails) {
      if (!('reason' in outcome)) continue
      await tx.mail.updateMany({ where: { id: mail.id, state: 'sending' }, data: afterFailure(mail, outcome, now) })
    }
    // Of an address that has left the list while its message was under way.
    await tx.mail.deleteMany({ where: { id: all, state: 'waiting', recipient: '' } })
  })
}

type Failure = Extract<Outcome, { reason: string }>

function afterFailure({ kind, tries, createdAt, announcementId }: ClaimedMail, { is, reason }: Failure, now: Date) {
  // Once at most to everybody: better not at all than twice.
  if (is === 'unknown' && (announcementId || tries + 1 >= UNKNOWN_AT_MOST)) return { state: 'unknown', reason }
  const dueAt = new Date(now.getTime() + (WAITS[Math.min(tries, WAITS.length - 1)] ?? HOUR))
  const isOver = is === 'refused' || isTooLate({ kind, createdAt }, dueAt)
  return isOver ? { state: 'failed', reason } : { state: 'waiting', reason, dueAt }
}

/** Whether a message is older than anybody would wait for it. */
export function isTooLate({ kind, createdAt }: Pick<ClaimedMail, 'kind' | 'createdAt'>, now: Date): boolean {
  const tryFor = kind === 'resetPassword' ? TRY_FOR.resetPassword : TRY_FOR.otherwise
  return now.getTime() > createdAt.getTime() + tryFor
}

/** Whether anything is due, or was interrupted. For a process that asks every second. */
export async function isAnythingDue(now: Date): Promise<boolean> {
  const where = { state: { in: ['waiting', 'sending'] }, dueAt: { lte: now } }
  return (await db().mail.findFirst({ where, select: { id: true } })) !== null
}

/** What a process that died was sending: an announcement may have arrived; anything else is sent again. */
export async function recoverInterrupted(now: Date): Promise<void> {
  const where = { state: 'sending', dueAt: { lte: now } }
  await transaction(async (tx) => {
    await tx.mail.deleteMany({ where: { ...where, recipient: '' } })
    const data = { state: 'unknown', reason: 'interrupted' }
    await tx.mail.updateMany({ where: { ...where, announcementId: { not: null } }, data })
    await tx.mail.updateMany({ where, data: { state: 'waiting', dueAt: now } })
  })
}

/** How many messages are on their way and how many were given up, or null where this site sends none. */
export async function countMail(): Promise<{ waiting: number; failed: number } | null> {
  if (!env().mail) return null
  const [waiting, failed] = await Promise.all([
    db().mail.count({ where: { state: { in: ['waiting', 'sending'] } } }),
    db().mail.count({ where: { state: 'failed', recipient: { not: '' } } }),
  ])
  return { waiting, failed }
}

/**
 * Forgets up to `limit` messages seven days after they were delivered or given up: to whom they went, and the row where
 * no link in it works any more. @returns how many.
 */
export async function deleteOldMail(now: Date, limit: number): Promise<number> {
  const before = { lte: new Date(now.getTime() - KEEP_RECIPIENT_FOR) }
  const isOver = { triedAt: before, state: { in: ['sent', 'failed', 'unknown'] } }
  // Where e-mail was turned off, nobody looks at what was on its way.
  const where = { OR: [isOver, { createdAt: before, state: 'waiting' }] }
  return transaction(async (tx) => {
    const idle = { ...where, subscriberId: null, announcementId: null }
    const { count: deleted } = await tx.mail.deleteMany({ where: idle, limit })
    const { count: emptied } = await tx.mail.updateMany({
      where: { ...where, recipient: { not: '' } },
      data: { recipient: '' },
      limit,
    })
    return Math.max(deleted, emptied)
  })
}
