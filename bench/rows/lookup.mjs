/** Finding a session among a thousand and among a million: in the driver, and at the page. On both databases. */
import { admit, INTO, openDatabase } from '../database.mjs'
import { interleave, load, ratio } from '../load.mjs'
import { startServer, withServers } from '../server.mjs'
import { atMost, exactly, row } from '../table.mjs'

const FEW = 1000
const MEMBERS = 10_000
const LOOK_UPS = 1000

export async function lookup({ folder, newDatabase, isLong }) {
  const many = isLong ? 10_000_000 : 1_000_000
  const rows = []
  for (const [name, kind] of [
    ['SQLite', 'file'],
    ['PostgreSQL', 'server'],
  ]) {
    const [small, large] = [await fill(await newDatabase(kind), FEW), await fill(await newDatabase(kind), many)]
    rows.push(...(await compare(name, folder, small, large, many)))
    for (const { database } of [small, large]) await database.close()
  }
  return rows
}

async function fill(url, sessions) {
  const database = await openDatabase(url)
  await database.insert(MEMBERS, INTO.user)
  const { cookie } = await admit(database, 'reader', 50)
  await database.insert(sessions, INTO.session)
  await database.settle()
  // In the order of their hashes, which is none.
  const hashes = await database.all(`SELECT "tokenHash" AS hash FROM "Session" ORDER BY "tokenHash" LIMIT ${LOOK_UPS}`)
  return { url, database, headers: { cookie }, hashes: hashes.map(({ hash }) => hash) }
}

async function compare(name, folder, small, large, many) {
  const servers = []
  for (const { url } of [small, large]) servers.push(await startServer(folder, { DATABASE_URL: url }))
  return withServers(servers, async ([few, lots]) => {
    const pages = {
      small: () => load(few, { headers: small.headers }),
      large: () => load(lots, { headers: large.headers }),
    }
    const warm = await interleave({ rounds: 1, warmUp: 5 }, pages)
    const sql = warm.small[0].statements.find((statement) => statement.includes('"tokenHash"'))
    const inDriver = await interleave(
      { rounds: 15 },
      { small: () => lookUp(small, sql), large: () => lookUp(large, sql) },
    )
    const atPage = await interleave({ rounds: 7 }, pages)
    const plans = [await small.database.planOf(sql), await large.database.planOf(sql)].map(String)
    const among = `${FEW.toLocaleString('en')} → ${many.toLocaleString('en')} sessions`
    return [
      row(`${name}, ${among}: a look-up in the driver`, ratio(inDriver.large, inDriver.small, 'ms'), atMost(1.5)),
      row(`${name}, ${among}: the page`, ratio(atPage.large, atPage.small, 'ms'), atMost(1.1)),
      row(`${name}, ${among}: plans`, new Set(plans).size, exactly(1), { note: plans[1].replaceAll(',', ', ') }),
    ]
  })
}

async function lookUp({ database, hashes }, sql) {
  const began = performance.now()
  for (const hash of hashes) await database.all(sql, hash)
  return { ms: performance.now() - began }
}
