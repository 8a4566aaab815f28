/** Eight log-ins in flight for half a minute: how long pages wait, and what the workers get done. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Piscina from 'piscina'
import { INTO, openDatabase } from '../database.mjs'
import { formOf } from '../forms.mjs'
import { load } from '../load.mjs'
import { startServer, withServers } from '../server.mjs'
import { atLeast, atMost, exactly, row } from '../table.mjs'

const PASSWORD = 'four words in a row'
const IN_FLIGHT = 8
const MEMBERS = 500
const SECONDS = 30
/** As many as leave the machine something to do, one after the other, so that none waits for another page. */
export const PAGES = { overallRate: 20, connections: 1, seconds: SECONDS }
const WORKERS = Math.max(1, availableParallelism() - 1)

export async function storm({ folder, file }) {
  const database = await openDatabase(file)
  const measured = await withServers([await startServer(folder, { DATABASE_URL: file })], async ([server]) => {
    const logIns = await logInsOf(server, database)
    await load(server, { seconds: 8, connections: 4 })
    await load(server, { ...logIns, seconds: 5 })
    const idle = await load(server, PAGES)
    const alone = [await hashAlone()]
    const middle = sleep((SECONDS / 2) * 1000).then(() => server.sample())
    const [pages, stormy] = await Promise.all([load(server, PAGES), load(server, { ...logIns, seconds: SECONDS })])
    alone.push(await hashAlone())
    return { idle, pages, logIns: stormy, grown: stormy.rss / (await middle).rss, alone: (alone[0] + alone[1]) / 2 }
  })
  await database.close()
  const { idle, pages, logIns, grown, alone } = measured
  return [
    row(`${IN_FLIGHT} log-ins in flight: p99 of /`, pages.p99 / idle.p99, atMost(2), {
      note: `${pages.p99} ms against ${idle.p99} ms; ${WORKERS} worker${WORKERS > 1 ? 's' : ''}`,
    }),
    row('Log-ins a second, of what the workers hash alone', logIns.perSecond / alone, atLeast(0.9), {
      note: `${logIns.perSecond.toFixed(2)} against ${alone.toFixed(2)}`,
    }),
    row('Memory after the storm, of that in its middle', grown, atMost(1.1)),
    row('Log-ins and pages that failed', logIns.failed + pages.failed, exactly(0)),
  ]
}

/** Log-ins of many members, whose password is that of one who signed up as anybody does. */
export async function logInsOf(server, database) {
  await database.insert(MEMBERS, INTO.user.replace('somebody', 'stormy').replace('ID', `'0199' || substr(ID, 5)`))
  const { passwordHash } = await signUp(server, database)
  await database.all(`UPDATE "User" SET "passwordHash" = '${passwordHash}' WHERE username LIKE 'stormy%'`)
  let members = 0
  const form = await formOf(server, '/login', 'Log in', {}, () => {
    return { username: `stormy-${1 + (members++ % MEMBERS)}`, password: PASSWORD }
  })
  return { ...form, connections: IN_FLIGHT }
}

async function signUp(server, database) {
  const who = { username: 'first-of-all', password: PASSWORD }
  const [request] = (await formOf(server, '/signup', 'Sign up', {}, () => who)).requests
  const { headers, body } = request.setupRequest(request)
  const answer = await fetch(`${server.url}/signup`, { method: 'POST', headers, body, redirect: 'manual' })
  if (answer.status !== 303) throw new Error(`signing up was answered with ${answer.status}`)
  const [row] = await database.all(`SELECT "passwordHash" FROM "User" WHERE username = '${who.username}'`)
  return row
}

/** @returns hashes a second of as many workers as the site has, which have nothing else to do. */
async function hashAlone() {
  const workers = new Piscina({
    filename: join(import.meta.dirname, '../../lib/password-worker.mjs'),
    maxThreads: WORKERS,
  })
  const hash = () => workers.run({ digest: PASSWORD, cost: 12 })
  await Promise.all(Array.from({ length: WORKERS }, hash))
  const began = performance.now()
  const each = 10
  await Promise.all(Array.from({ length: each * WORKERS }, hash))
  const seconds = (performance.now() - began) / 1000
  await workers.destroy()
  return (each * WORKERS) / seconds
}
