/**
 * The statements of a page and of a like, as raw queries: who is there, one page of their likes, one like more, one try
 * more. Here and nowhere else, since Prisma's query builder makes two statements of each of the first two, and of the
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
}

/** The session of this hash and whose it is, whether it has ended or not. */
export async function readSession(tokenHash: string): Promise<SessionRow | undefined> {
  const [row] = await db().$queryRaw<SessionRow[]>`
    SELECT s."id", s."userId", s."keep", s."lastSeenAt", s."expiresAt", s."sudoAt", s."adminSince", s."data",
      u."username", u."disabledAt"
    FROM "Session" s LEFT JOIN "User" u ON u."id" = s."userId"
    WHERE s."tokenHash" = ${tokenHash}`
  return row
}

export type LikeRow = { id: string; thing: string; createdAt: Date }

/**
 * Up to `limit` of an owner's likes, newest first, each with how many the owner has in all, counted up to `countAtMost`.
 * @param after The like before the first of these, or null for the newest.
 */
export async function readLikes(
  owner: Owner,
  after: Omit<LikeRow, 'thing'> | null,
  { limit, countAtMost }: { limit: number; countAtMost: number },
): Promise<(LikeRow & { count: bigint })[]> {
  const own = 'userId' in owner ? Prisma.sql`"userId" = ${owner.userId}` : Prisma.sql`"sessionId" = ${owner.sessionId}`
  const older = after ? Prisma.sql`AND ("createdAt", "id") < (${after.createdAt}, ${after.id})` : Prisma.empty
  return db().$queryRaw`
    SELECT "id", "thing", "createdAt",
      (SELECT COUNT(*) FROM (SELECT 1 FROM "Like" WHERE ${own} LIMIT ${countAtMost}) counted) AS "count"
    FROM "Like" WHERE ${own} ${older}
    ORDER BY "createdAt" DESC, "id" DESC LIMIT ${limit}`
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

/** Adds one to the count of `key`, or makes `first` its row; holds it until the transaction ends. @returns the row. */
export async function incrementThrottle(tx: Tx, key: string, first: ThrottleRow): Promise<ThrottleRow> {
  const [row] = await tx.$queryRaw<[ThrottleRow]>`
    INSERT INTO "Throttle" ("key", "count", "blockedUntil", "expiresAt")
    VALUES (${key}, ${first.count}, ${first.blockedUntil}, ${first.expiresAt})
    ON CONFLICT ("key") DO UPDATE SET "count" = "Throttle"."count" + 1
    RETURNING "count", "blockedUntil", "expiresAt"`
  return row
}
