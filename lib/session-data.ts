/**
 * What a session remembers besides who it is: a small typed dictionary in one JSON column. It ends with the session.
 */
import { z } from 'zod'
import type { Tx } from './db.ts'
import { Unavailable } from './unavailable.ts'
import type { Member } from './viewer.ts'

const BYTES_AT_MOST = 4096
const TRIES = 3

const SessionData = z.object({
  /** The like removed last, for Undo. Times are milliseconds since the epoch. */
  removed: z
    .object({ thing: z.string(), claimId: z.string().nullable(), likedAt: z.number(), at: z.number() })
    .optional(),
  /** What the log-in that began this session brought from a visitor's list, for the receipt and its Undo. */
  claim: z.object({ id: z.string(), count: z.number(), at: z.number() }).optional(),
  /** The address given to the mailing list here; `ownId` is its row's when this session made that, or confirmed it. */
  subscription: z.object({ address: z.string(), ownId: z.string().nullable() }).optional(),
  /** What became of an address, to be told on the next page. */
  farewell: z.object({ address: z.string(), isRemoved: z.boolean(), at: z.number() }).optional(),
})

export type SessionData = z.infer<typeof SessionData>

const NOTICE_FOR = 60_000

/** Whether a notice is still to be shown: for a minute. */
export function isFresh({ at }: { at: number }, now: Date): boolean {
  const age = now.getTime() - at
  return age >= 0 && age < NOTICE_FOR
}

/** Parses the column. What does not fit the schema, such as an older version's, counts as nothing remembered. */
export function parseData(json: string): SessionData {
  try {
    return SessionData.parse(JSON.parse(json))
  } catch {
    return {}
  }
}

/** @throws Error when it is over 4 kB: what is kept here must be small by design. */
export function serializeData(data: SessionData): string {
  const json = JSON.stringify(SessionData.parse(data))
  if (Buffer.byteLength(json) > BYTES_AT_MOST) throw new Error('session data is over 4 kB')
  return json
}

/** Holds the member's session until the transaction ends: nothing is done for one that has ended. @throws what `isGone` knows. */
export async function holdSession(tx: Tx, { session: { id }, userId }: Member): Promise<void> {
  await tx.session.update({ where: { id, userId }, data: { userId }, select: { id: true } })
}

/**
 * Changes a session's data by compare-and-set, so that two requests cannot overwrite each other's half. A session that is
 * gone is not made again.
 * @returns false when the session is gone.
 * @throws Unavailable when three tries met a change by somebody else.
 */
export async function changeData(tx: Tx, id: string, change: (data: SessionData) => SessionData): Promise<boolean> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const row = await tx.session.findUnique({ where: { id }, select: { data: true } })
    if (!row) return false
    const next = serializeData(change(parseData(row.data)))
    if (next === row.data) return true
    const { count } = await tx.session.updateMany({ where: { id, data: row.data }, data: { data: next } })
    if (count === 1) return true
  }
  throw new Unavailable('Something else changed at the same moment. Please try again.')
}
