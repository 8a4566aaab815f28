/**
 * SQLite behind Prisma, with reads and writes on two connections.
 *
 * Prisma's better-sqlite3 adapter has one connection for everything: a statement of another request, sent while a
 * transaction is open, runs *inside* that transaction: it reads what may never be, and an acknowledged write goes when
 * the transaction is rolled back. Here a read has a connection of its own, where WAL shows it what is committed, and a
 * write outside a transaction waits for the open one. See docs/decisions/0006-sqlite-two-connections.md.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils'

/**
 * How long a statement waits for another process's lock, in milliseconds. better-sqlite3 is synchronous, so this wait
 * stops every request of this process; the longer wait is `transaction`'s, which sleeps between its tries.
 */
const LOCK_WAIT_MS = 5

/** An adapter factory for the SQLite file at `url` (`file:` and a path); its folder is made when it is not there. */
export function sqliteAdapter(url: string): SqlDriverAdapterFactory {
  const connections = new PrismaBetterSqlite3({ url, timeout: LOCK_WAIT_MS })
  return {
    provider: connections.provider,
    adapterName: connections.adapterName,
    async connect() {
      mkdirSync(dirname(url.replace(/^file:/, '')), { recursive: true })
      const writer = await connections.connect()
      // FULL: what was acknowledged survives a power cut, a log-out above all (decision 0006).
      // secure_delete: what is erased is overwritten, not only unlinked.
      await writer.executeScript('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;')
      return split(await connections.connect(), writer)
    },
  }
}

function split(reader: SqlDriverAdapter, writer: SqlDriverAdapter): SqlDriverAdapter {
  // The writer's own transactions queue on its mutex: a lone write takes its turn there too.
  async function alone<T>(work: (connection: Pick<SqlDriverAdapter, 'queryRaw' | 'executeRaw'>) => Promise<T>) {
    const transaction = await writer.startTransaction()
    try {
      const result = await work(transaction)
      await transaction.executeRaw(statement('COMMIT'))
      return result
    } catch (error) {
      await transaction.executeRaw(statement('ROLLBACK')).catch(() => {})
      throw error
    } finally {
      await transaction.commit()
    }
  }
  return {
    provider: writer.provider,
    adapterName: writer.adapterName,
    queryRaw: (query) => (isRead(query) ? reader.queryRaw(query) : alone((connection) => connection.queryRaw(query))),
    executeRaw: (query) => alone((connection) => connection.executeRaw(query)),
    executeScript: (script) => writer.executeScript(script),
    startTransaction: (isolationLevel) => writer.startTransaction(isolationLevel),
    async dispose() {
      await reader.dispose()
      await writer.dispose()
    },
  }
}

// A checkpoint cannot run inside a transaction.
function isRead(query: SqlQuery) {
  return /^\s*(SELECT|PRAGMA wal_checkpoint)\b/i.test(query.sql)
}

function statement(sql: string): SqlQuery {
  return { sql, args: [], argTypes: [] }
}
