/** Ten minutes of everything: memory must not grow, nor a table that nothing empties. */
import { createJiti } from 'jiti'
import { admit, openDatabase } from '../database.mjs'
import { formOf } from '../forms.mjs'
import { load } from '../load.mjs'
import { startServer, withServers } from '../server.mjs'
import { atMost, exactly, row } from '../table.mjs'

const ROUNDS = 60
const YEAR = 365 * 24 * 60 * 60_000
/** What people made, and keep until they remove it. */
const KEPT = ['User', 'Like']

export async function soak({ folder, newDatabase }) {
  const url = await newDatabase('file')
  const database = await openDatabase(url)
  const { cookie } = await admit(database, 'soaked', 50)
  let things = 0
  const memory = await withServers([await startServer(folder, { DATABASE_URL: url })], async ([server]) => {
    const like = await formOf(server, '/', 'Like', { cookie }, () => ({ thing: `thing of the soak ${things++}` }))
    const begin = await formOf(server, '/', 'Like', {}, () => ({ thing: 'the first' }))
    const failed = await formOf(server, '/login', 'Log in', {}, () => ({ username: 'nobody', password: 'a wrong one' }))
    const used = []
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all([
        load(server, { headers: { cookie }, seconds: 10, overallRate: 20 }),
        load(server, { ...like, seconds: 10, overallRate: 5 }),
        load(server, { ...begin, seconds: 10, overallRate: 5 }),
        load(server, { ...failed, seconds: 10, overallRate: 1 }),
      ])
      used.push((await server.sample()).rss / 1e6)
    }
    return used
  })
  const left = await leftAfterYears(url, database)
  await database.close()
  // The first minutes are Node's heap finding its size.
  const settled = memory.slice(ROUNDS / 3)
  return [
    row('Ten minutes: memory grows by, a minute', slope(settled) * 6, atMost(1, ' MB'), {
      note: `${settled[0].toFixed(0)} MB, then ${settled.at(-1).toFixed(0)} MB`,
    }),
    row('Rows that nothing would ever delete', left, exactly(0)),
  ]
}

/** How many rows are left, of what nobody made to keep it, when everything has expired and the clean-up has run. */
async function leftAfterYears(url, database) {
  process.env.DATABASE_URL = url
  const jiti = createJiti(import.meta.url)
  const { cleanUp } = await jiti.import('../../lib/cleanup.ts')
  const { closeDatabase } = await jiti.import('../../lib/db.ts')
  await cleanUp(new Date(Date.now() + 2 * YEAR))
  await closeDatabase()
  const tables = await database.all(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_%' ESCAPE '\\'`,
  )
  let left = 0
  for (const { name } of tables.filter((table) => !KEPT.includes(table.name))) {
    const [{ n }] = await database.all(`SELECT COUNT(*) AS n FROM "${name}"`)
    left += Number(n)
  }
  return left
}

/** The rise of the line through them, by least squares. */
function slope(values) {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const rise = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0)
  return rise / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0)
}
