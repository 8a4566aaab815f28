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

/** Opens a file that is there. What is acknowledged survives a power cut, and what is erased is overwritten. */
export function openFile(file: string): Database.Database {
  const db = new Database(file, { timeout: LOCK_WAIT, fileMustExist: true })
  db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON')
  return db
}

/** @throws Error when the file is damaged, or a row belongs to none. */
export function requireWhole(db: Database.Database): void {
  const faults = db.prepare<[], string>('PRAGMA integrity_check(1)').pluck().all()
  if (faults.join() !== 'ok') throw new Error(`${db.name} is damaged: ${faults.join()}`)
  const [orphan] = db.prepare<[], { table: string; parent: string }>('PRAGMA foreign_key_check').all()
  if (orphan) throw new Error(`${db.name} has a ${orphan.table} that belongs to a ${orphan.parent} which is not there`)
}

export function sqliteSide(db: Database.Database): Side {
  return {
    tables: async () => namesOf(db).map((name) => tableOf(db, name)),
    count: async ({ name }) => db.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get() ?? 0,
    async *read(table) {
      let rows: Row[] = []
      const names = table.columns.map(({ name }) => `"${name}"`).join(', ')
      for (const row of db.prepare<[], Row>(`SELECT ${names} FROM "${table.name}"`).raw().iterate()) {
        rows.push(row.map((value, i) => fromSqlite(value, table, i)))
        if (rows.length < BATCH) continue
        yield rows
        rows = []
      }
      if (rows.length > 0) yield rows
    },
    async write(table, rows) {
      const names = table.columns.map(({ name }) => `"${name}"`).join(', ')
      const insert = db.prepare(
        `INSERT INTO "${table.name}" (${names}) VALUES (${table.columns.map(() => '?').join()})`,
      )
      for (const row of rows) insert.run(row.map((value, i) => toSqlite(value, table.columns[i]?.kind)))
    },
    async clear({ name }) {
      db.exec(`DELETE FROM "${name}"`)
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

function fromSqlite(value: Row[number], { name, columns }: Table, i: number) {
  const kind = columns[i]?.kind
  if (value === null || kind === 'text' || kind === 'number') return value
  if (kind === 'flag') return value === 1
  const moment = new Date(value as string | number).getTime()
  if (Number.isNaN(moment)) throw new Error(`${name}.${columns[i]?.name} holds "${value}", which is not a moment`)
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
      db.exec(
        `CREATE TRIGGER "${SEAL}_${table}_${change}" BEFORE ${change} ON "${table}" ` +
          `BEGIN SELECT RAISE(ABORT, 'this database has moved to a server'); END`,
      )
    }
  }
}

export function unseal(db: Database.Database): void {
  for (const name of sealsOf(db)) db.exec(`DROP TRIGGER "${name}"`)
}

export function isSealed(db: Database.Database): boolean {
  return sealsOf(db).length > 0
}

function sealsOf(db: Database.Database) {
  const all = `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB '${SEAL}_*'`
  return db.prepare<[], string>(all).pluck().all()
}
