/** The rows that somebody's journey has left behind, in words that are the same for everybody who made the same journey. */
import { createHash } from 'node:crypto'
import { type Database, TABLES } from './database'

type Row = Awaited<ReturnType<Database['rows']>>[number]
const HOUR = 60 * 60_000

/**
 * Every row of every table that names one of `names`, or a row that does, and so on. Names, ids, hashes and moments are
 * replaced: a moment by how many hours it is from now.
 * @param names What is only this journey's, such as the username, and what to call it.
 */
export async function rowsOf(database: Database, names: Record<string, string>): Promise<Record<string, unknown[]>> {
  const all = await database.everything()
  const known = new Set(Object.keys(names).flatMap((name) => [name, hashOf(name)]))
  const own = new Set<Row>()
  for (let before = -1; before < own.size; ) {
    before = own.size
    for (const row of all
      .flat()
      .filter((one) => !own.has(one) && Object.values(one).some((value) => isOf(known, value)))) {
      own.add(row)
      if (typeof row.id === 'string') for (const id of [row.id, row.userId, row.sessionId]) learn(known, id)
    }
  }
  const say = inWords(names)
  return Object.fromEntries(
    TABLES.map((table, i) => {
      const rows = (all[i] ?? []).filter((row) => own.has(row)).map(say)
      return [table, table === 'Throttle' ? rows.map(countless).toSorted(byKey) : rows]
    }),
  )
}

/** What is counted by the minute begins anew where the journey takes longer. */
function countless(row: Record<string, unknown>) {
  return /^(like|newVisitor)By/.test(String(row.key)) ? { ...row, count: 'some' } : row
}

/** Whom a count is of is a hash in its key, which comes at another place each time. */
function byKey(a: Record<string, unknown>, b: Record<string, unknown>) {
  return String(a.key) < String(b.key) ? -1 : 1
}

function learn(known: Set<string>, id: unknown) {
  if (typeof id === 'string') for (const name of [id, hashOf(id)]) known.add(name)
}

function isOf(known: Set<string>, value: unknown) {
  return typeof value === 'string' && value.split(/[^\w.@-]+/).some((part) => known.has(part))
}

/** Calls each id by when it is first met, which is when its row was made. */
function inWords(names: Record<string, string>) {
  const words = new Map(
    Object.entries(names).flatMap(([name, word]) => [
      [name, word],
      [hashOf(name), `hash of ${word}`],
    ]),
  )
  const wordFor = (id: string) => {
    if (!words.has(id)) words.set(id, `id ${words.size}`).set(hashOf(id), `hash of id ${words.size}`)
    return words.get(id) ?? ''
  }
  const inText = (text: string) =>
    text
      .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, wordFor)
      .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+(Z|\+00:00)/g, hoursFromNow)
      .replace(/(?<=:)1\d{12}(?=\D)/g, (ms) => hoursFromNow(new Date(Number(ms)).toISOString()))
      .replace(/[\w.@-]+/g, (part) => words.get(part) ?? part)
      .replace(/\$2b\$12\$\S{53}/, 'bcrypt')
      .replace(/[\da-f]{64}/g, 'hash')
  return (row: Row): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        typeof value === 'string' ? inText(value) : value === null ? null : Number(value),
      ]),
    )
}

function hoursFromNow(moment: string) {
  const hours = Math.round((new Date(moment).getTime() - Date.now()) / HOUR)
  return hours < -9 ? 'long ago' : `in ${hours + 0} hours`
}

function hashOf(text: string) {
  return createHash('sha256').update(text).digest('hex')
}
