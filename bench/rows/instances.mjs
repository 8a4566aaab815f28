/** Two instances on one database against one: how many pages of a member they make. */
import { admit, openDatabase } from '../database.mjs'
import { interleave, load, ratio, spread } from '../load.mjs'
import { startServer, withServers } from '../server.mjs'
import { atLeast, row } from '../table.mjs'

export async function instances({ folder, file }) {
  const database = await openDatabase(file)
  const { cookie } = await admit(database, 'reader-of-two', 50)
  await database.close()
  const request = { headers: { cookie }, connections: 2, seconds: 3 }
  const servers = []
  for (let i = 0; i < 2; i++) servers.push(await startServer(folder, { DATABASE_URL: file }))
  const { one, two } = await withServers(servers, async (both) => {
    const onBoth = async () => {
      const results = await Promise.all(both.map((server) => load(server, request)))
      return { perSecond: results.reduce((sum, { perSecond }) => sum + perSecond, 0) }
    }
    const loads = { one: () => load(both[0], request), two: onBoth }
    return interleave({ rounds: 5, warmUp: 4 }, loads)
  })
  return [
    row('Two instances, of one’s pages a second', ratio(two, one, 'perSecond'), atLeast(1.4), {
      note: `${spread(two, 'perSecond').median.toFixed(0)} against ${spread(one, 'perSecond').median.toFixed(0)}, load included`,
    }),
  ]
}
