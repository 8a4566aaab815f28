/** Searching a table by one column, page by page: what the pages of members and of addresses have in common. */
import { Prisma } from '../generated/sqlite/client.ts'
import { db } from './db.ts'
import { containing } from './hot-queries.ts'

const PAGE_SIZE = 50
const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** A page of ids; `next` is the cursor of the following one, or null on the last; `count` is of all pages. */
export type FoundPage = { ids: string[]; next: string | null; count: number }

/** Written here, and never taken from a request: a name of SQL cannot be a parameter. */
const TABLES = {
  User: { table: Prisma.raw('"User"'), column: Prisma.raw('"username"') },
  Subscriber: { table: Prisma.raw('"Subscriber"'), column: Prisma.raw('"address"') },
}

/**
 * The rows whose name contains `part`, newest first.
 * @param part Every character stands for itself.
 * @param after The cursor. One that means nothing shows the first page.
 */
export async function findPage(of: keyof typeof TABLES, part: string, after: string | null): Promise<FoundPage> {
  const { table, column } = TABLES[of]
  // Not Prisma's `contains`, which leaves "_" to stand for any character.
  const like = containing(part)
  const cursor = after && ID.test(after) ? after : ''
  // A cursor that nobody has compares with nothing, and COALESCE then lets everybody through.
  const [found, [total]] = await Promise.all([
    db().$queryRaw<{ id: string }[]>`
      SELECT "id" FROM ${table}
      WHERE ${column} LIKE ${like} ESCAPE '!'
        AND COALESCE(("createdAt", "id") < (SELECT "createdAt", "id" FROM ${table} WHERE "id" = ${cursor}), TRUE)
      ORDER BY "createdAt" DESC, "id" DESC
      LIMIT ${PAGE_SIZE + 1}`,
    db().$queryRaw<
      { count: bigint }[]
    >`SELECT COUNT(*) AS "count" FROM ${table} WHERE ${column} LIKE ${like} ESCAPE '!'`,
  ])
  const ids = found.slice(0, PAGE_SIZE).map(({ id }) => id)
  const next = found.length > PAGE_SIZE ? (ids.at(-1) ?? null) : null
  return { ids, next, count: Number(total?.count ?? 0) }
}
