/** The mailing list as the owner of the site keeps it. */
import { createHash } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import { db, transaction } from './db.ts'
import { announce } from './log.ts'
import { removeAddress } from './mailing-list.ts'
import { findPage } from './search.ts'
import { note, record } from './security-log.ts'
import type { Attempt } from './viewer.ts'

const CHUNK = 1000

export type Subscriber = { id: string; address: string; createdAt: Date; confirmedAt: Date | null }

/** A page of addresses, newest first; `next` is where the following one begins. */
export type SubscriberPage = { subscribers: Subscriber[]; next: string | null; count: number }

/**
 * Addresses that contain `search`, in any case; every character stands for itself.
 * @param after The id that the page before ended with; one that is not there begins anew.
 */
export async function listSubscribers({ search, after }: { search: string; after: string | null }) {
  const part = search.trim().toLowerCase()
  // What no address can contain is in none: neither NUL nor a pattern too long.
  if (!/^[\x20-\x7e]{0,254}$/.test(part)) return { subscribers: [], next: null, count: 0 } satisfies SubscriberPage
  const { ids, ...page } = await findPage('Subscriber', part, after)
  const orderBy = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]
  const subscribers = await db().subscriber.findMany({ where: { id: { in: ids } }, orderBy })
  return { subscribers, ...page } satisfies SubscriberPage
}

/** Deletes an address. The log holds its hash only. @returns the address, or null when it is gone already. */
export async function deleteSubscriber(id: string, attempt: Attempt): Promise<string | null> {
  const done = await transaction(async (tx) => {
    const row = await tx.subscriber.findUnique({ where: { id }, select: { address: true } })
    if (!row || !(await removeAddress(tx, row.address))) return null
    const detail = `SHA-256 ${createHash('sha256').update(row.address).digest('hex')}`
    const event = { kind: 'addressDeleted', userId: null, ...attempt, detail } as const
    await record(tx, event)
    return { event, address: row.address }
  })
  if (done) announce(done.event)
  return done?.address ?? null
}

/**
 * The whole list as CSV (RFC 4180), in no order, in pieces. What a spreadsheet would take for a formula has an
 * apostrophe before it (ASVS 5.0, 1.2.10). Recorded before the first piece.
 */
export async function exportSubscribers(attempt: Attempt): Promise<AsyncGenerator<string>> {
  await note({ kind: 'listExported', userId: null, ...attempt })
  return csv()
}

async function* csv() {
  yield line(['email', 'subscribed at', 'confirmed at'])
  for (let after: string | null = ''; after !== null; ) {
    const rows: Subscriber[] = await db().subscriber.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: CHUNK,
    })
    yield rows.map((row) => line([row.address, moment(row.createdAt), moment(row.confirmedAt)])).join('')
    after = rows.length === CHUNK ? (rows.at(-1)?.id ?? null) : null
  }
}

function line(cells: string[]) {
  return stringify([cells], { record_delimiter: '\r\n', escape_formulas: true })
}

function moment(at: Date | null) {
  return at?.toISOString() ?? ''
}
