/**
 * The mailing list as its people see it: giving an address, confirming it, taking it back. Where e-mail is on, an address
 * counts when its mailbox has said so, and only its mailbox, or the session that brought it, takes it back.
 */
import { randomUUID } from 'node:crypto'
import { db, type Tx, transaction } from './db.ts'
import { mailboxOf } from './email-address.ts'
import { env } from './env.ts'
import { enqueue, findLink } from './mail.ts'
import { changeData, isFresh, type SessionData } from './session-data.ts'
import { countTry, Throttled } from './throttle.ts'
import { Unavailable } from './unavailable.ts'
import type { Attempt, Keeper, LiveSession, Viewer } from './viewer.ts'

const DAY = 24 * 60 * 60_000
const UNCONFIRMED_FOR = 7 * DAY

/**
 * Puts an address on the list, or on the way there, and remembers it in the session. The same address twice is one row,
 * and nobody reads that it was there before: its mailbox is told, unless it was told often enough already.
 * @throws Unavailable when the session has ended meanwhile; nothing has happened then.
 */
export async function subscribe({ session }: Keeper, address: string, attempt: Attempt): Promise<void> {
  const { now } = attempt
  const mayMail = env().mail !== null && (await isWelcome(address, attempt))
  await transaction(async (tx) => {
    const id = randomUUID()
    const confirmedAt = env().mail ? null : now
    const row = await tx.subscriber.upsert({
      where: { address },
      create: { id, address, createdAt: now, confirmedAt },
      update: { address },
    })
    // Its seven days begin with the last message that promises them.
    const again = { createdAt: now, confirmedAt }
    await tx.subscriber.updateMany({ where: { id: row.id, confirmedAt: null }, data: again })
    const isThere = await changeData(tx, session.id, ({ farewell: _, ...data }) => {
      const isOwn = row.id === id || data.subscription?.ownId === row.id
      return { ...data, subscription: { address, ownId: isOwn ? row.id : null } }
    })
    if (!isThere) throw new Unavailable('Your list has just moved. Please press Subscribe once more.')
    const kind = row.confirmedAt ? 'alreadySubscribed' : 'confirmSubscription'
    if (mayMail) await enqueue(tx, { kind, recipient: address, subscriberId: row.id, now })
  })
}

/** What a session's *Unregister* came to. */
export type Farewell = 'unknown' | 'removed' | 'absent' | 'mailed'

/**
 * Takes back the address that the session remembers. One that somebody else brought gets a link by e-mail instead, where
 * e-mail is on, and the session forgets it.
 * @throws Throttled
 */
export async function unregister({ session }: Keeper, attempt: Attempt): Promise<Farewell> {
  const { subscription } = session.data
  if (!subscription) return 'unknown'
  const { address, ownId } = subscription
  const at = attempt.now.getTime()
  const isOthers = ownId === null && env().mail !== null
  if (isOthers) await countTry('mailByAddress', attempt)
  const mayMail = !isOthers || (await isWelcome(address, attempt))
  return transaction(async (tx) => {
    if (await removeRemembered(tx, { subscription })) {
      await forgetAddress(tx, session, address, { address, isRemoved: true, at })
      return 'removed'
    }
    const row = env().mail && (await tx.subscriber.findUnique({ where: { address }, select: { id: true } }))
    if (!row && (ownId !== null || !env().mail)) {
      await forgetAddress(tx, session, address)
      return 'absent'
    }
    await forgetAddress(tx, session, address, { address, isRemoved: false, at })
    const mail = { kind: 'unsubscribeLink', recipient: address, now: attempt.now } as const
    if (row && mayMail) await enqueue(tx, { ...mail, subscriberId: row.id })
    return 'mailed'
  })
}

/** Whether a mailbox gets one more message that somebody else may have caused. */
async function isWelcome(address: string, attempt: Attempt) {
  const subject = ['list', mailboxOf(address)]
  return countTry('mailToRecipient', { ...attempt, subject }).then(
    () => true,
    (error) => {
      if (error instanceof Throttled) return false
      throw error
    },
  )
}

/** Removes the address that an ending session remembers, where the session may do so at once. @returns whether it did. */
export async function removeRemembered(tx: Tx, { subscription }: Pick<SessionData, 'subscription'>): Promise<boolean> {
  if (!subscription) return false
  const { address, ownId } = subscription
  if (env().mail && !(await tx.subscriber.findUnique({ where: { id: ownId ?? '', address } }))) return false
  return removeAddress(tx, address)
}

/** What became of the address, to be told once more: for a minute. */
export function farewellOf({ session }: Keeper, now: Date) {
  const { farewell } = session.data
  if (!farewell) return null
  return isFresh(farewell, now) ? farewell : null
}

/**
 * Confirms an address by the link that was mailed to it. Twice is fine. A session that remembers no other address
 * remembers this one from then on.
 * @returns the address, or null when the link is none of ours, its time is over, or the address has left the list.
 */
export async function confirmSubscription(token: string, viewer: Viewer, now: Date): Promise<string | null> {
  const link = await findLink(token, 'confirm', now)
  if (!link?.subscriberId) return null
  const id = link.subscriberId
  return transaction(async (tx) => {
    await tx.subscriber.updateMany({ where: { id, confirmedAt: null }, data: { confirmedAt: now } })
    const row = await tx.subscriber.findUnique({ where: { id }, select: { address: true } })
    if (!row) return null
    const { address } = row
    if (viewer.kind !== 'stranger') {
      await changeData(tx, viewer.session.id, (data) => {
        const isFree = !data.subscription || data.subscription.address === address
        return isFree ? { ...data, subscription: { address, ownId: id } } : data
      })
    }
    return address
  })
}

/** The address that a link takes off the list: `left` when it has left already; null when the link is none of ours. */
export async function findSubscription(token: string, now: Date): Promise<{ address: string } | 'left' | null> {
  const link = await findLink(token, 'unsubscribe', now)
  if (!link) return null
  if (!link.subscriberId) return 'left'
  const row = await db().subscriber.findUnique({ where: { id: link.subscriberId } })
  return row ? { address: row.address } : 'left'
}

/**
 * Takes an address off the list by the link of any message to it. Twice is fine.
 * @param viewer Whose session forgets the address too; a mail program that asks by itself has none.
 * @returns as `findSubscription`: what it was before.
 */
export async function unsubscribe(token: string, viewer: Viewer | null, now: Date) {
  const found = await findSubscription(token, now)
  if (found === null || found === 'left') return found
  await transaction(async (tx) => {
    await removeAddress(tx, found.address)
    if (viewer && viewer.kind !== 'stranger') await forgetAddress(tx, viewer.session, found.address)
  })
  return found
}

/** Removes an address, and with it whatever was on its way there. @returns false when it was not on the list. */
export async function removeAddress(tx: Tx, address: string): Promise<boolean> {
  const subscriber = { address }
  await tx.mail.deleteMany({ where: { subscriber, state: 'waiting' } })
  await tx.mail.updateMany({ where: { subscriber }, data: { recipient: '' } })
  const { count } = await tx.subscriber.deleteMany({ where: { address } })
  return count > 0
}

/** Prisma sends at most 999 parameters to SQLite. */
const IDS_AT_MOST = 900

/** Forgets up to `limit` addresses that nobody confirmed within seven days. @returns how many. */
export async function deleteUnconfirmed(now: Date, limit: number): Promise<number> {
  const where = { confirmedAt: null, createdAt: { lte: new Date(now.getTime() - UNCONFIRMED_FOR) } }
  const found = await db().subscriber.findMany({ where, take: Math.min(limit, IDS_AT_MOST), select: { id: true } })
  const ids = found.map(({ id }) => id)
  // Asked again of each: one that is given again or confirmed meanwhile stays (as in `deleteExpiredSessions`).
  const { count } = await transaction((tx) => tx.subscriber.deleteMany({ where: { ...where, id: { in: ids } } }))
  return count
}

type Told = { address: string; isRemoved: boolean; at: number }

async function forgetAddress(tx: Tx, { id }: LiveSession, address: string, farewell?: Told) {
  await changeData(tx, id, ({ subscription, farewell: _, ...data }) => ({
    ...data,
    ...(subscription && subscription.address !== address && { subscription }),
    ...(farewell && { farewell }),
  }))
}
