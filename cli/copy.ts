/**
 * Copies all rows of one database into another, of either kind, and proves that both hold the same. It knows no table by
 * name: what there is, and in which order, it reads from the databases.
 */
import { hash } from 'node:crypto'
import { progress } from './output.ts'

/** What a column holds. SQLite writes a flag as 0 or 1 and a moment as text, PostgreSQL as types of their own. */
export type Kind = 'text' | 'number' | 'flag' | 'moment'
type Column = { name: string; kind: Kind }

/** A table, its columns by name, and the tables that its rows belong to. */
export type Table = { name: string; columns: Column[]; parents: string[] }

/** A row between two databases: the values in the order of the columns, a moment as milliseconds since 1970. */
export type Row = (string | number | boolean | null)[]

/** A database to read from or to write to. Whoever opened it holds its transaction. */
export type Side = {
  /** All tables but Prisma's own, in any order. */
  tables(): Promise<Table[]>
  count(table: Table): Promise<number>
  /** All rows, in batches, so that a million need no more memory than a thousand. */
  read(table: Table): AsyncIterable<Row[]>
  /** @throws Error when a value cannot be held there, naming the row. */
  write(table: Table, rows: Row[]): Promise<void>
  /** Deletes all rows. */
  clear(table: Table): Promise<void>
}

/** How many rows each table has, by its name. */
export type Counts = Record<string, number>

/**
 * Copies everything and reads it back. `to` must be empty, and its transaction must be rolled back when this throws.
 * @returns what was copied.
 * @throws Error when a table does not hold afterwards what it should.
 */
export async function copy(from: Side, to: Side): Promise<Counts> {
  const tables = await tablesOf(from, to)
  const counts = await countsOf(from, tables)
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const sums = await summed('Copying', total, tables, (table) => copyTable(from, to, table))
  const arrived = await summed('Comparing', total, tables, (table) => to.read(table))
  for (const { name } of tables) {
    const [sent, found] = [sums[name], arrived[name]]
    if (sent !== found) throw new Error(`${name}: what arrived is not what was sent, so nothing was kept of it`)
  }
  return counts
}

/** Whether both hold exactly the same rows. */
export async function isSame(one: Side, other: Side): Promise<boolean> {
  const tables = await tablesOf(one, other)
  const [counts, others] = [await countsOf(one, tables), await countsOf(other, tables)]
  if (tables.some(({ name }) => counts[name] !== others[name])) return false
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const sums = await summed('Comparing', total * 2, tables, (table) => one.read(table))
  const otherSums = await summed('Comparing', total * 2, tables, (table) => other.read(table))
  return tables.every(({ name }) => sums[name] === otherSums[name])
}

/** Deletes everything, in the transaction that is open. */
export async function clear(side: Side): Promise<void> {
  for (const table of inOrder(await side.tables()).reverse()) await side.clear(table)
}

/** How many rows there are. */
export async function countsOf(side: Side, tables?: Table[]): Promise<Counts> {
  const counts: Counts = {}
  for (const table of tables ?? inOrder(await side.tables())) counts[table.name] = await side.count(table)
  return counts
}

/** The tables of both, those first whose rows others belong to. @throws Error when the two are not of one version. */
async function tablesOf(from: Side, to: Side): Promise<Table[]> {
  const tables = inOrder(await from.tables())
  // Whatever the order: it comes from foreign keys, which may be away while rows arrive.
  const shapeOf = (of: Table[]) => JSON.stringify(byName(of).map(({ name, columns }) => ({ name, columns })))
  if (shapeOf(tables) !== shapeOf(await to.tables())) {
    throw new Error('The two databases do not have the same tables and columns, so nothing was copied')
  }
  return tables
}

/** Parents first; otherwise by name. */
function inOrder(tables: Table[]): Table[] {
  const ordered: Table[] = []
  const waiting = byName(tables)
  while (waiting.length > 0) {
    const isFree = ({ name, parents }: Table) =>
      !waiting.some((other) => other.name !== name && parents.includes(other.name))
    const [next] = waiting.splice(waiting.findIndex(isFree), 1)
    if (next) ordered.push(next)
  }
  return ordered
}

async function* copyTable(from: Side, to: Side, table: Table): AsyncGenerator<Row[]> {
  for await (const rows of from.read(table)) {
    const written = to.write(table, rows)
    // Summed up while the server is at work.
    yield rows
    await written
  }
}

function byName(tables: Table[]) {
  return tables.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** A sum of each table over what `pass` yields of it, the same in whatever order the rows come. */
async function summed(what: string, total: number, tables: Table[], pass: (table: Table) => AsyncIterable<Row[]>) {
  const bar = progress(what, total)
  const sums: Record<string, string> = {}
  let done = 0
  try {
    for (const table of tables) {
      let [count, sum] = [0, 0n]
      for await (const rows of pass(table)) {
        for (const row of rows) sum += BigInt(`0x${hash('sha256', JSON.stringify(row)).slice(0, 32)}`)
        count += rows.length
        done += rows.length
        bar.show(done)
      }
      sums[table.name] = `${count} ${BigInt.asUintN(128, sum)}`
    }
  } finally {
    bar.end()
  }
  return sums
}
