/**
 * The database: the only place that makes a Prisma client. Read with `db()`; write only inside `transaction`, which is
 * also the only place that tries one again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import { isDriverAdapterError } from '@prisma/driver-adapter-utils'
import { Pool } from 'pg'
import { PrismaClient as PostgresClient } from '../generated/postgresql/client.ts'
import { Prisma, PrismaClient } from '../generated/sqlite/client.ts'
import { env } from './env.ts'
import { sqliteAdapter } from './sqlite.ts'
import { Unavailable } from './unavailable.ts'

export type Tx = Prisma.TransactionClient

/**
 * What a form shows when something was not done for a reason that passes. Any other error is thrown on: a bug, or the way
 * in which Next's `redirect` leaves.
 */
export function unavailable(error: unknown): { message: string } {
  const message = error instanceof Unavailable ? error.message : whyUnavailable(error)
  if (message === null) throw error
  return { message }
}

const BUSY = 'We are very busy just now, and nothing was changed. Please try again.'
const FULL = 'We cannot save anything just now, and nothing was changed. Please try again later.'
// The connection may have gone with the answer to a commit, so this promises nothing.
const AWAY = 'We cannot reach our database just now, so this may not be saved. Please look again in a minute.'
const MOVED = 'Likes is moving to another server, and nothing was changed. Please try again in a few minutes.'

const TRIES = 8
const TRY_FOR_MS = 5_000
const LOCK_WAIT_MS = 2_000

// One client for the process: development reloads modules, and each client would open the database anew.
const shared = globalThis as { likesDatabase?: PrismaClient | undefined }

/** The client, for reading. Made at the first call, because `next build` evaluates modules. */
export function db(): PrismaClient {
  shared.likesDatabase ??= open()
  return shared.likesDatabase
}

function open() {
  const { databaseUrl, databasePool } = env()
  if (databaseUrl.startsWith('file:')) return new PrismaClient({ adapter: sqliteAdapter(databaseUrl) })
  const pool = new Pool({ connectionString: databaseUrl, max: databasePool, connectionTimeoutMillis: 5_000 })
  // A statement would wait for another's lock for ever, and nobody could be told. Queued before the first statement.
  pool.on('connect', (client) => void client.query(`SET lock_timeout = ${LOCK_WAIT_MS}`).catch(() => {}))
  const adapter = new PrismaPg(pool, { disposeExternalPool: true })
  // Both clients are generated from the same models; TypeScript tells them apart by the type of `$transaction` alone.
  return new PostgresClient({ adapter }) as unknown as PrismaClient
}

/** Closes the database, so that a process can end or a test can begin with another one. */
export async function closeDatabase(): Promise<void> {
  await shared.likesDatabase?.$disconnect()
  shared.likesDatabase = undefined
}

/**
 * Runs `work` in one transaction: all of it happens, or none. A transaction that lost to another one, to a deadlock or
 * to another process's lock is tried again, up to eight times and five seconds; so `work` may run more than once.
 * Begin it with a write where you can: SQLite cannot turn a transaction that has read into one that writes when
 * another process wrote meanwhile, and it is tried again.
 * @throws Unavailable when the database stays busy, cannot be reached, or its disk is full.
 */
export async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const began = Date.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await db().$transaction(work, { maxWait: 5_000, timeout: 10_000 })
    } catch (error) {
      const refusal = whyUnavailable(error)
      if (!refusal) throw error
      const isWorthTrying = refusal === BUSY && attempt < TRIES && Date.now() - began < TRY_FOR_MS
      if (!isWorthTrying) throw new Unavailable(refusal, { cause: error })
      await sleep(2 ** attempt * 10 * (0.5 + Math.random()))
    }
  }
}

/**
 * SQLite's log keeps a copy of what was written, and so of what was erased since, until it is emptied into the file.
 * PostgreSQL looks after its own.
 */
export async function emptyLog(): Promise<void> {
  if (env().databaseUrl.startsWith('file:')) await db().$queryRaw`PRAGMA wal_checkpoint(TRUNCATE)`
}

/** Which database this is, and how many bytes it takes; of SQLite without what waits in its log. */
export async function databaseSize(): Promise<{ kind: 'SQLite' | 'PostgreSQL'; bytes: number }> {
  const isFile = env().databaseUrl.startsWith('file:')
  const [row] = await db().$queryRawUnsafe<{ bytes: bigint }[]>(isFile ? FILE_SIZE : SERVER_SIZE)
  return { kind: isFile ? 'SQLite' : 'PostgreSQL', bytes: Number(row?.bytes) }
}

const FILE_SIZE = 'SELECT page_count * page_size AS "bytes" FROM pragma_page_count(), pragma_page_size()'
const SERVER_SIZE = 'SELECT pg_database_size(current_database()) AS "bytes"'

/** Whether the database refused a row because its unique value is taken. */
export function isTaken(error: unknown): boolean {
  return codeOf(error) === 'P2002'
}

/** Whether the database refused a row because the one it belongs to is gone. */
export function isOrphan(error: unknown): boolean {
  return ORPHAN_AS.test(inDetail(error))
}

/** Whether the row to change or delete was not there. */
export function isGone(error: unknown): boolean {
  return codeOf(error) === 'P2025'
}

const ORPHAN_AS = /^P2003|`(23503|SQLITE_CONSTRAINT_FOREIGNKEY)`/
const FULL_AS = /database or disk is full|No space left on device/
// SQLITE_BUSY, no turn within maxWait, deadlock or serialization failure, no connection free; then what PostgreSQL
// says of a raw statement, and what SQLite does. Of ours only the claim's can be refused a taken value, and it takes none
// that it saw taken: 23505 is one taken since.
const BUSY_AS = /^P(1008|2028|2034|2037|2024)|`(40001|40P01|55P03|23505|SQLITE_BUSY\w*)`/
// No connection, or one that was closed: by the network, or by a server that stops or starts.
const AWAY_AS =
  /^P(1001|1002|1017)|`(08\w{3}|57P0\d)`|Connection terminated|not queryable|DatabaseNotReachable|ConnectionClosed|ECONN/
const CUT_AS = /^(Connection terminated|Client .* is not queryable$)/

// What the seal of a file that has moved to a server says (cli/sqlite.ts); the adapter takes it for a foreign key's refusal.
const MOVED_AS = 'this database has moved to a server'

/** What to tell a person about an error of the database that passes; null for one that is a bug. */
function whyUnavailable(error: unknown): string | null {
  if (causeOf(error)?.originalMessage === MOVED_AS) return MOVED
  const what = inDetail(error)
  if (FULL_AS.test(what)) return FULL
  if (BUSY_AS.test(what)) return BUSY
  return AWAY_AS.test(what) ? AWAY : null
}

/** Whether it is for want of the database, whatever was asked of it. */
export function isAway(error: unknown): boolean {
  return whyUnavailable(error) === AWAY
}

/** Code and message; empty for what is not of the database. Of a commit it is the driver's own error that arrives. */
function inDetail(error: unknown) {
  if (isDriverAdapterError(error)) return `\`${error.cause.originalCode}\` ${error.cause.kind} ${error.message}`
  // The code of a raw query is always the same; the driver's kind says more.
  if (error instanceof Prisma.PrismaClientKnownRequestError)
    return `${error.code} ${causeOf(error)?.kind} ${error.message}`
  // pg's own, of a connection that was cut since the last statement, has no code.
  return error instanceof Error && CUT_AS.test(error.message) ? error.message : ''
}

function codeOf(error: unknown) {
  return error instanceof Prisma.PrismaClientKnownRequestError ? error.code : undefined
}

function causeOf(error: unknown) {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: { kind?: string; originalMessage?: string } } } }
  return meta?.driverAdapterError?.cause
}
