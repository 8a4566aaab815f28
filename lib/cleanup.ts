/** What may no longer be kept goes without anybody asking for it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { db, emptyLog, transaction } from './db.ts'
import { logFailure } from './log.ts'
import { deleteOldMail } from './mail.ts'
import { deleteUnconfirmed } from './mailing-list.ts'
import { countPurged, countSessions } from './metrics.ts'
import { deleteOldEvents } from './security-log.ts'
import { endedAt, hasEnded } from './session-limits.ts'
import { deleteExpiredThrottles } from './throttle.ts'

const BATCH = 50
/** After a batch it rests for so many times as long as that took: pages go first (docs/performance.md). */
const REST = 9
const EVERY = 60 * 60_000

/** How many of each kind were deleted, or of messages forgotten to whom they went. */
export type Purged = Record<'sessions' | 'likes' | 'events' | 'throttles' | 'messages' | 'unconfirmed', number>

const STEPS: ((now: Date, limit: number) => Promise<Partial<Purged>>)[] = [
  deleteExpiredSessions,
  async (...batch) => ({ events: await deleteOldEvents(...batch) }),
  async (...batch) => ({ throttles: await deleteExpiredThrottles(...batch) }),
  async (...batch) => ({ messages: await deleteOldMail(...batch) }),
  async (...batch) => ({ unconfirmed: await deleteUnconfirmed(...batch) }),
]

/**
 * Deletes what has expired, in batches so that nobody waits long for the database. Several at once are fine.
 * @param onBatch Told after each batch how many have gone so far.
 */
export async function cleanUp(now: Date, onBatch = (_: Purged) => {}): Promise<Purged> {
  let total: Purged = { sessions: 0, likes: 0, events: 0, throttles: 0, messages: 0, unconfirmed: 0 }
  for (const deleteSome of STEPS) {
    // Until none went, and not until fewer than a batch: another process may have taken some of this one's.
    for (let isMore = true; isMore; onBatch(total)) {
      const began = performance.now()
      const went = await deleteSome(now, BATCH)
      isMore = Object.values(went).some((count) => count > 0)
      const sums = Object.entries(went).map(([kind, count]) => [kind, total[kind as keyof Purged] + count])
      total = { ...total, ...Object.fromEntries(sums) }
      for (const [kind, count] of Object.entries(went)) countPurged(kind, count)
      if (isMore) await sleep(REST * (performance.now() - began))
    }
  }
  await emptyLog()
  return total
}

/** Deletes up to `limit` sessions that have ended, and with them a visitor's likes. @returns how many of each. */
export async function deleteExpiredSessions(now: Date, limit: number): Promise<{ sessions: number; likes: number }> {
  const found = await db().session.findMany({ where: endedAt(now), take: limit, select: { id: true } })
  const deleted = await transaction(async (tx) => {
    // Looked at again when they are held: a session that a like renews meanwhile stays. Not a `deleteMany` with `limit`,
    // which on PostgreSQL takes a row that it had to wait for as it was before.
    const where = { id: { in: found.map(({ id }) => id) } }
    const held = await tx.session.updateManyAndReturn({ where, data: { sudoAt: null }, select: LIFE })
    const ids = held.filter((row) => hasEnded(row, now)).map(({ id }) => id)
    const likes = await tx.like.deleteMany({ where: { sessionId: { in: ids } } })
    const sessions = await tx.session.deleteMany({ where: { id: { in: ids } } })
    return { sessions: sessions.count, likes: likes.count }
  })
  countSessions('purged', deleted.sessions)
  return deleted
}

const LIFE = { id: true, userId: true, keep: true, lastSeenAt: true, expiresAt: true } as const

/** Cleans up now and every hour from now. A failure waits for the next hour: what has expired is refused anyway. */
export function startCleaning(): void {
  const clean = () => cleanUp(new Date()).catch((error) => logFailure('clean-up', error))
  void clean()
  setInterval(clean, EVERY).unref()
}
