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

/** Deletes what has expired, in batches so that nobody waits long for the database. @returns how many rows went. */
export async function cleanUp(now: Date): Promise<number> {
  let total = 0
  const kinds = [deleteExpiredSessions, deleteOldEvents, deleteExpiredThrottles, deleteOldMail, deleteUnconfirmed]
  for (const deleteSome of kinds) {
    for (let count = BATCH; count === BATCH; total += count) count = await deleteSome(now, BATCH)
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
