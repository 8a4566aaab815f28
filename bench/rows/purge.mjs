/** A million expired sessions go while people ask for pages. */
import { INTO, openDatabase } from '../database.mjs'
import { load } from '../load.mjs'
import { startServer, withServers } from '../server.mjs'
import { atLeast, atMost, exactly, row } from '../table.mjs'

const EXPIRED = 1_000_000
const SECONDS = 30
const REQUESTS = { overallRate: 50, connections: 4 }

export async function purge({ folder, newDatabase }) {
  const url = await newDatabase('file')
  const database = await openDatabase(url)
  const left = async () => {
    const [{ n }] = await database.all(`SELECT COUNT(*) AS n FROM "Session"`)
    return Number(n)
  }
  const { idle, busy, gone } = await withServers(
    [await startServer(folder, { DATABASE_URL: url })],
    async ([server]) => {
      await load(server, { seconds: 20, connections: 4 })
      const idle = await load(server, { ...REQUESTS, seconds: 15 })
      await database.insert(EXPIRED, INTO.expired)
      await database.settle()
      server.cleanUp()
      const busy = await load(server, { ...REQUESTS, seconds: SECONDS })
      return { idle, busy, gone: EXPIRED - (await left()) }
    },
  )
  await database.close()
  return [
    row(
      `${EXPIRED.toLocaleString('en')} expired sessions go: p99 of / at 50 a second`,
      busy.p99 / idle.p99,
      atMost(2),
      {
        note: `${busy.p99} ms against ${idle.p99} ms`,
      },
    ),
    row('Requests refused meanwhile', busy.failed, exactly(0)),
    row('Sessions gone in a second', gone / SECONDS, atLeast(EXPIRED / 3600, ''), {
      note: 'a million within the hour',
    }),
  ]
}
