/** The PostgreSQL end of a copy. */
import pg from 'pg'
import type { Kind, Row, Side, Table } from './copy.ts'

const KINDS: Record<string, Kind> = {
  text: 'text',
  integer: 'number',
  boolean: 'flag',
  'timestamp without time zone': 'moment',
}
const BATCH = 1000

/** Does `work` on one connection; what it has not committed is rolled back. @throws Error when there is no connection. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // A connection that is lost fails the statement in hand; nobody listening would end the process instead.
  client.on('error', () => {})
  try {
    await client.connect()
    // Not for ever behind a site that is running on it.
    await client.query(`SET lock_timeout = '10s'`)
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** In an open transaction. */
export function postgresSide(client: pg.Client): Side {
  return {
    tables: () => tablesOf(client),
    async count({ name }) {
      const { rows } = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count FROM "${name}"`)
      return rows[0]?.count ?? 0
    },
    async *read(table) {
      await client.query(`DECLARE in_batches NO SCROLL CURSOR FOR SELECT ${valuesOf(table)} FROM "${table.name}"`)
      const fetch = () => {
        const batch = client.query<Row>({ text: `FETCH ${BATCH} FROM in_batches`, rowMode: 'array' })
        // Nobody asks for it any more when what was done with the one before has failed.
        batch.catch(() => {})
        return batch
      }
      let coming = fetch()
      for (let { rows } = await coming; rows.length > 0; { rows } = await coming) {
        // On its way while these are being looked at.
        coming = fetch()
        yield rows
      }
      await client.query('CLOSE in_batches')
    },
    async write(table, rows) {
      refuseNul(table, rows)
      const names = table.columns.map(({ name }) => `"${name}"`).join(', ')
      // One parameter, whatever the table: the server takes the values out by name and type.
      const values = `SELECT ${names} FROM json_populate_recordset(null::"${table.name}", $1)`
      await client.query(`INSERT INTO "${table.name}" (${names}) ${values}`, [
        JSON.stringify(rows.map(asObject, table)),
      ])
    },
    async clear({ name }) {
      // Not TRUNCATE: whoever reads meanwhile would wait, or find nothing.
      await client.query(`DELETE FROM "${name}"`)
    },
  }
}

/** Keeps everybody else from writing until the transaction ends; reading goes on. */
export async function lockTables(client: pg.Client): Promise<void> {
  const names = (await tablesOf(client)).map(({ name }) => `"${name}"`)
  await client.query(`LOCK TABLE ${names.join(', ')} IN SHARE ROW EXCLUSIVE MODE`)
}

/**
 * Takes indexes and foreign keys from empty tables, in the open transaction. Built when the rows are there, they take a
 * fifth of the time.
 * @returns what puts them back as they were.
 */
export async function undress(client: pg.Client): Promise<() => Promise<void>> {
  const keys = await client.query<{ drop: string; add: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS add
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`,
  )
  // A primary key is a constraint and stays.
  const indexes = await client.query<{ drop: string; add: string }>(
    `SELECT format('DROP INDEX %s', indexrelid::regclass) AS drop, pg_get_indexdef(indexrelid) AS add
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')`,
  )
  for (const { drop } of [...keys.rows, ...indexes.rows]) await client.query(drop)
  return async () => {
    for (const { add } of [...indexes.rows, ...keys.rows]) await client.query(add)
  }
}

async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<{ table: string; column: string; type: string }>(
    `SELECT table_name AS table, column_name AS column, data_type AS type
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> '_prisma_migrations'
    ORDER BY table_name, column_name COLLATE "C"`,
  )
  const keys = await client.query<{ child: string; parent: string }>(
    `SELECT child.relname AS child, parent.relname AS parent FROM pg_constraint
    JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
    WHERE contype = 'f' AND child.relnamespace = current_schema()::regnamespace`,
  )
  return [...new Set(rows.map(({ table }) => table))].map((name) => ({
    name,
    columns: rows.filter(({ table }) => table === name).map(columnOf),
    parents: keys.rows.filter(({ child }) => child === name).map(({ parent }) => parent),
  }))
}

function columnOf({ table, column, type }: { table: string; column: string; type: string }) {
  const kind = KINDS[type]
  if (!kind) throw new Error(`${table}.${column} has the type ${type}, which cannot be copied`)
  return { name: column, kind }
}

function valuesOf({ columns }: Table) {
  const inMilliseconds = (name: string) => `(extract(epoch FROM "${name}") * 1000)::float8`
  return columns.map(({ name, kind }) => (kind === 'moment' ? inMilliseconds(name) : `"${name}"`)).join(', ')
}

function asObject(this: Table, row: Row) {
  const value = (of: Row[number] | undefined, kind: Kind) =>
    kind === 'moment' && typeof of === 'number' ? new Date(of).toISOString() : of
  return Object.fromEntries(this.columns.map(({ name, kind }, i) => [name, value(row[i], kind)]))
}

/** PostgreSQL's text holds every character but one. */
function refuseNul({ name, columns }: Table, rows: Row[]) {
  for (const row of rows) {
    const at = row.findIndex((value) => typeof value === 'string' && value.includes('\0'))
    if (at < 0) continue
    const id = row[columns.findIndex((column) => column.name === 'id')]
    throw new Error(`${name} ${id}: ${columns[at]?.name} has a NUL character in it, which PostgreSQL cannot hold`)
  }
}
