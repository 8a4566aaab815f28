/** What may no longer be kept goes without anybody asking for it. */
import { emptyLog } from './db.ts'
import { logFailure } from './log.ts'
import { deleteOldMail } from './mail.ts'
import { deleteUnconfirmed } from './mailing-list.ts'
import { deleteOldEvents } from './security-log.ts'
import { deleteExpiredSessions } from './session-store.ts'
import { deleteExpiredThrottles } from './throttle.ts'

const BATCH = 1000
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
      const went = await deleteSome(now, BATCH)
      isMore = Object.values(went).some((count) => count > 0)
      const sums = Object.entries(went).map(([kind, count]) => [kind, total[kind as keyof Purged] + count])
      total = { ...total, ...Object.fromEntries(sums) }
    }
  }
  await emptyLog()
  return total
}

/** Cleans up now and every hour from now. A failure waits for the next hour: what has expired is refused anyway. */
export function startCleaning(): void {
  const clean = () => cleanUp(new Date()).catch((error) => logFailure('clean-up', error))
  void clean()
  setInterval(clean, EVERY).unref()
}
