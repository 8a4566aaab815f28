/** Addresses that the site's owner brings along from elsewhere. */
import { randomUUID } from 'node:crypto'
import { Prisma } from '../generated/sqlite/client.ts'
import { transaction } from './db.ts'

/** Written at once: on SQLite nobody else writes meanwhile. */
const BATCH = 500

/**
 * Puts addresses on the mailing list, confirmed, since the owner vouches for them: those that are there and were only typed
 * too. What is on the list stays as it is; what was done before an error stays, so that the rest can follow.
 * @param addresses As lib/email-address.ts spells them; doubles count once.
 * @param onProgress Told after each batch how many of the addresses are done.
 * @returns how many came onto the list.
 * @throws Unavailable
 */
export async function importAddresses(
  addresses: string[],
  now: Date,
  onProgress?: (done: number) => void,
): Promise<number> {
  let added = 0
  for (let from = 0; from < addresses.length; from += BATCH) {
    // In one order, so that two imports at once wait for each other and never in a circle.
    const batch = [...new Set(addresses.slice(from, from + BATCH))].sort()
    // One statement: 500 of Prisma's keep SQLite for a third of a second, batch after batch, and what the site writes
    // meanwhile waits for seconds or is refused.
    const rows = batch.map((address) => Prisma.sql`(${randomUUID()}, ${address}, ${now}, ${now})`)
    added += await transaction(
      (tx) => tx.$executeRaw`
        INSERT INTO "Subscriber" ("id", "address", "createdAt", "confirmedAt") VALUES ${Prisma.join(rows)}
        ON CONFLICT ("address") DO UPDATE SET "confirmedAt" = excluded."confirmedAt"
        WHERE "Subscriber"."confirmedAt" IS NULL`,
    )
    onProgress?.(Math.min(from + BATCH, addresses.length))
  }
  return added
}
