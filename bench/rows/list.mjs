/** A list of fifty against one of a hundred thousand: its first page, a like, a removal. */
import { admit, INTO, openDatabase } from '../database.mjs'
import { formOf } from '../forms.mjs'
import { interleave, load, ratio } from '../load.mjs'
import { startServer, withServers } from '../server.mjs'
import { atMost, exactly, row } from '../table.mjs'

const LONG = 100_000
/** More than are removed in a round. */
const REMOVABLE = 400

export async function list({ folder, file }) {
  const database = await openDatabase(file)
  const owners = { short: await admit(database, 'short', 50), long: await admit(database, 'long', LONG) }
  await database.settle()
  const results = await withServers([await startServer(folder, { DATABASE_URL: file })], async ([server]) => {
    let things = 0
    const loads = { page: {}, like: {}, removal: {} }
    for (const [name, owner] of Object.entries(owners)) {
      const headers = { cookie: owner.cookie }
      const ids = []
      const like = await formOf(server, '/', 'Like', headers, () => ({ thing: `another thing ${things++}` }))
      const removal = await formOf(server, '/', /Remove/, headers, () => ({ id: ids.pop() }))
      loads.page[name] = () => load(server, { headers, seconds: 1.5 })
      loads.like[name] = async () => {
        const result = await load(server, { ...like, seconds: 1 })
        // The short list stays one.
        await database.all(`DELETE FROM "Like" WHERE "userId" = '${owner.id}' AND thing LIKE 'another%'`)
        return result
      }
      loads.removal[name] = async () => {
        ids.push(...(await removable(database, owner.id)))
        const result = await load(server, { ...removal, seconds: 1 })
        await database.all(`DELETE FROM "Like" WHERE "userId" = '${owner.id}' AND thing LIKE 'removable%'`)
        ids.length = 0
        return result
      }
    }
    const results = {}
    for (const [name, both] of Object.entries(loads)) {
      results[name] = await interleave({ rounds: 6, warmUp: 4 }, both)
    }
    return results
  })
  await database.close()
  const failed = Object.values(results).flatMap(({ short, long }) => [...short, ...long])
  const among = `50 → ${LONG.toLocaleString('en')} likes`
  const compare = ({ long, short }) => ratio(long, short, 'ms')
  return [
    row(`${among}: the first page`, compare(results.page), atMost(1.15)),
    row(`${among}: a like`, compare(results.like), atMost(1.15)),
    row(`${among}: a removal`, compare(results.removal), atMost(1.15)),
    row(
      `${among}: failed`,
      failed.reduce((sum, round) => sum + round.failed, 0),
      exactly(0),
    ),
  ]
}

async function removable(database, owner) {
  await database.insert(REMOVABLE, INTO.likeOf(owner, "'removable ' || i"))
  const rows = await database.all(`SELECT id FROM "Like" WHERE "userId" = '${owner}' AND thing LIKE 'removable%'`)
  return rows.map(({ id }) => id)
}
