/**
 * The statements of a page and of a like, as raw queries: who is there, one page of their likes or of a published list,
 * one like more, one try more. Here and nowhere else, since Prisma's query builder makes two statements of each of the first two, and of the
 * others costs a sixth of the whole answer (docs/performance.md). Both databases understand them as they stand.
 */
import { v7 as newId } from 'uuid'
import { Prisma } from '../generated/sqlite/client.ts'
import { db, type Tx } from './db.ts'
import type { Owner } from './viewer.ts'

export type SessionRow = {
  id: string
  userId: string | null
  keep: boolean
  lastSeenAt: Date
  expiresAt: Date
  sudoAt: Date | null
  adminSince: Date | null
  data: string
  /** The member's; null of a visitor. */
  username: string | null
  disabledAt: Date | null
  publishedAt: Date | null
}

/** The session of this hash and whose it is, whether it has ended or not. */
export async function readSession(tokenHash: string): Promise<SessionRow | undefined> {
  const [row] = await db().$queryRaw<SessionRow[]>`
    SELECT s."id", s."userId", s."keep", s."lastSeenAt", s."expiresAt", s."sudoAt", s."adminSince", s."data",
      u."username", u."disabledAt", u."publishedAt"
    FROM "Session" s LEFT JOIN "User" u ON u."id" = s."userId"
    WHERE s."tokenHash" = ${tokenHash}`
  return row
}

export type LikeRow = { id: string; thing: string; createdAt: Date; claimId: string | null }

/** Which likes of an owner, and where among them: all from the beginning, unless it says otherwise. */
export type Wanted = {
  sort: 'newest' | 'a-z'
  /** Part of their keys; every character stands for itself. */
  part: string
  /** The like before the first of these, or null for the first of all. */
  after: { createdAt: Date; id: string } | { thingKey: string } | null
}

type Most = { limit: number; countAtMost: number }

/** Up to `limit` of an owner's likes, each with how many are wanted in all, counted up to `countAtMost`. */
export async function readLikes(
  owner: Owner,
  { sort, part, after }: Wanted,
  { limit, countAtMost }: Most,
): Promise<(LikeRow & { count: bigint })[]> {
  const own = 'userId' in owner ? Prisma.sql`"userId" = ${owner.userId}` : Prisma.sql`"sessionId" = ${owner.sessionId}`
  const wanted = part ? Prisma.sql`${own} AND "thingKey" LIKE ${containing(part)} ESCAPE '!'` : own
  const order = sort === 'a-z' ? Prisma.sql`"thingKey"` : Prisma.sql`"createdAt" DESC, "id" DESC`
  return db().$queryRaw`
    SELECT "id", "thing", "createdAt", "claimId",
      (SELECT COUNT(*) FROM (SELECT 1 FROM "Like" WHERE ${wanted} LIMIT ${countAtMost}) counted) AS "count"
    FROM "Like" WHERE ${wanted} ${beyond(after)}
    ORDER BY ${order} LIMIT ${limit}`
}

/**
 * The same of a published list, without what is held back, and after the newest `skip`; none when it is not published at
 * this very moment. Not after a cursor, which would say when a like was made.
 */
export async function readPublishedLikes(
  userId: string,
  skip: number,
  { limit, countAtMost }: Most,
): Promise<{ thing: string; count: bigint }[]> {
  const wanted = Prisma.sql`"userId" = ${userId} AND "claimId" IS NULL AND EXISTS
    (SELECT 1 FROM "User" WHERE "id" = ${userId} AND "publishedAt" IS NOT NULL AND "disabledAt" IS NULL)`
  return db().$queryRaw`
    SELECT "thing", (SELECT COUNT(*) FROM (SELECT 1 FROM "Like" WHERE ${wanted} LIMIT ${countAtMost}) counted) AS "count"
    FROM "Like" WHERE ${wanted}
    ORDER BY "createdAt" DESC, "id" DESC LIMIT ${limit} OFFSET ${skip}`
}

function beyond(after: Wanted['after']) {
  if (after === null) return Prisma.empty
  if ('thingKey' in after) return Prisma.sql`AND "thingKey" > ${after.thingKey}`
  return Prisma.sql`AND ("createdAt", "id") < (${after.createdAt}, ${after.id})`
}

/** What LIKE compares with, and an exclamation mark escapes in. */
export function containing(part: string): string {
  // In lower case a sigma at the end of a word is another than within: whoever looks for the beginning means both.
  return `%${part.replace(/[!%_]/g, '!$&').replace(/ς$/, '_')}%`
}

/**
 * Adds a like, unless the owner has the same already.
 * @returns whether it was added.
 * @throws what `isOrphan` knows, when its owner is gone.
 */
export async function insertLike(
  tx: Tx,
  owner: Owner,
  { thing, thingKey, createdAt }: { thing: string; thingKey: string; createdAt: Date },
): Promise<boolean> {
  const { userId = null, sessionId = null } = owner as { userId?: string; sessionId?: string }
  const count = await tx.$executeRaw`
    INSERT INTO "Like" ("id", "thing", "thingKey", "userId", "sessionId", "createdAt")
    VALUES (${newId()}, ${thing}, ${thingKey}, ${userId}, ${sessionId}, ${createdAt})
    ON CONFLICT DO NOTHING`
  return count === 1
}

export type ThrottleRow = { count: number; blockedUntil: Date; expiresAt: Date }

/** Adds what `first` counts to the count of `key`, or makes `first` its row; holds it until the transaction ends. @returns the row. */
export async function incrementThrottle(tx: Tx, key: string, first: ThrottleRow): Promise<ThrottleRow> {
  const [row] = await tx.$queryRaw<[ThrottleRow]>`
    INSERT INTO "Throttle" ("key", "count", "blockedUntil", "expiresAt")
    VALUES (${key}, ${first.count}, ${first.blockedUntil}, ${first.expiresAt})
    ON CONFLICT ("key") DO UPDATE SET "count" = "Throttle"."count" + ${first.count}
    RETURNING "count", "blockedUntil", "expiresAt"`
  return row
}
