/** The SQLite end of a copy, and the seal on a file that has moved to a server. */
import Database from 'better-sqlite3'
import type { Kind, Row, Side, Table } from './copy.ts'

const KINDS: Record<string, Kind> = { TEXT: 'text', INTEGER: 'number', BOOLEAN: 'flag', DATETIME: 'moment' }
const BATCH = 1000

/** How long to wait until the site lets somebody else write, in milliseconds. */
const LOCK_WAIT = 10_000

/** The path in a DATABASE_URL. */
export function fileOf(url: string): string {
  return url.replace(/^file:/, '')
}

/** A name as it stands in a statement. Whoever made the file chose it. */
function quoted(name: string) {
  return `"${name.replaceAll('"', '""')}"`
}

/** Opens a file that is there. What is acknowledged survives a power cut, and what is erased is overwritten. */
export function openFile(file: string): Database.Database {
  const db = new Database(file, { timeout: LOCK_WAIT, fileMustExist: true })
  db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON')
  return db
}

/**
 * @param what What the file is called in the error.
 * @throws Error when the file is damaged, or a row belongs to none.
 */
export function requireWhole(db: Database.Database, what: string): void {
  const faults = db.prepare<[], string>('PRAGMA integrity_check(1)').pluck().all()
  if (faults.join() !== 'ok') throw new Error(`${what} is damaged: ${faults.join()}`)
  const [orphan] = db.prepare<[], { table: string; parent: string }>('PRAGMA foreign_key_check').all()
  if (orphan) throw new Error(`${what} has a ${orphan.table} that belongs to a ${orphan.parent} which is not there`)
}

/**
 * Takes the indexes away, in the open transaction. Built when the rows are there, they take a part of the time.
 * @returns what puts them back as they were.
 */
export function undress(db: Database.Database): () => void {
  // Those of primary keys have no text, and stay.
  const all = `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`
  const indexes = db.prepare<[], { name: string; sql: string }>(all).all()
  for (const { name } of indexes) db.prepare(`DROP INDEX ${quoted(name)}`).run()
  return () => {
    for (const { sql } of indexes) db.prepare(sql).run()
  }
}

export function sqliteSide(db: Database.Database): Side {
  return {
    tables: async () => namesOf(db).map((name) => tableOf(db, name)),
    async count({ name }) {
      const all = `SELECT count(*) FROM ${quoted(name)}`
      return db.prepare<[], number>(all).pluck().get() ?? 0
    },
    async *read(table) {
      let rows: Row[] = []
      const names = table.columns.map(({ name }) => quoted(name)).join(', ')
      const all = `SELECT ${names} FROM ${quoted(table.name)}`
      for (const row of db.prepare<[], Row>(all).raw().iterate()) {
        rows.push(row.map((value, i) => fromSqlite(value, table, i)))
        if (rows.length < BATCH) continue
        yield rows
        rows = []
      }
      if (rows.length > 0) yield rows
    },
    async write(table, rows) {
      const names = table.columns.map(({ name }) => quoted(name)).join(', ')
      const insert = db.prepare(
        `INSERT INTO ${quoted(table.name)} (${names}) VALUES (${table.columns.map(() => '?').join()})`,
      )
      for (const row of rows) insert.run(row.map((value, i) => toSqlite(value, table.columns[i]?.kind)))
    },
    async clear({ name }) {
      db.prepare(`DELETE FROM ${quoted(name)}`).run()
    },
  }
}

function namesOf(db: Database.Database) {
  const all = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'`
  return db.prepare<[], string>(`${all} AND name <> '_prisma_migrations'`).pluck().all()
}

function tableOf(db: Database.Database, name: string): Table {
  const columns = db
    .prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_info(?) ORDER BY name')
    .all(name)
    .map((column) => {
      const kind = KINDS[column.type]
      if (!kind) throw new Error(`${name}.${column.name} has the type ${column.type}, which cannot be copied`)
      return { name: column.name, kind }
    })
  const parents = db.prepare<[string], string>('SELECT "table" FROM pragma_foreign_key_list(?)').pluck().all(name)
  return { name, columns, parents }
}

/** SQLite lets any value into any column. @throws Error when it is not of the column's kind. */
function fromSqlite(value: unknown, { name, columns }: Table, i: number): Row[number] {
  const { name: column, kind } = columns[i] as Table['columns'][number]
  if (value === null) return null
  if (kind === 'text' && typeof value === 'string') return value
  if (kind === 'number' && typeof value === 'number') return value
  if (kind === 'flag' && (value === 0 || value === 1)) return value === 1
  const moment = kind === 'moment' ? new Date(value as string | number).getTime() : Number.NaN
  if (Number.isNaN(moment)) throw new Error(`${name}.${column} holds "${value}", which is not a ${kind}`)
  return moment
}

/** As Prisma's adapter writes it. */
function toSqlite(value: Row[number], kind: Kind | undefined) {
  if (value === null) return null
  if (kind === 'moment') return new Date(value as number).toISOString().replace('Z', '+00:00')
  return kind === 'flag' ? Number(value) : value
}

const SEAL = 'moved_to_a_server'

/**
 * Makes every later change of the file fail, in the transaction that is open, so that nobody is told that something was
 * saved where nobody looks any more. lib/db.ts puts the refusal into words.
 */
export function seal(db: Database.Database): void {
  for (const table of namesOf(db)) {
    for (const change of ['INSERT', 'UPDATE', 'DELETE']) {
      const named = `${quoted(`${SEAL}_${table}_${change}`)} BEFORE ${change} ON ${quoted(table)}`
      const refusal = `SELECT RAISE(ABORT, 'this database has moved to a server')`
      db.prepare(`CREATE TRIGGER ${named} BEGIN ${refusal}; END`).run()
    }
  }
}

/** Lets the file be changed again. */
export function unseal(db: Database.Database): void {
  for (const name of sealsOf(db)) db.prepare(`DROP TRIGGER ${quoted(name)}`).run()
}

/** Whether there is anything in it but tables and indexes, and so something that runs when a row is read or changed. */
export function actsByItself(db: Database.Database): boolean {
  const others = `SELECT count(*) FROM sqlite_schema WHERE type NOT IN ('table', 'index')`
  return db.prepare<[], number>(others).pluck().get() !== 0
}

export function isSealed(db: Database.Database): boolean {
  return sealsOf(db).length > 0
}

function sealsOf(db: Database.Database) {
  const all = `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB '${SEAL}_*'`
  return db.prepare<[], string>(all).pluck().all()
}
