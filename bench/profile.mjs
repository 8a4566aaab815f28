/** Where processor time goes, by whose code it is. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { admit, openDatabase } from './database.mjs'
import { formOf } from './forms.mjs'
import { load } from './load.mjs'
import { logInsOf, PAGES } from './rows/storm.mjs'
import { startServer, withServers } from './server.mjs'

const [WARM_UP, SECONDS] = [10, 20]
/** By the file that is nearest to what runs; what Node does, it does for whoever called it. */
const PARTS = [
  ['React and Next render', /app-page-turbo|next\/dist\/compiled\/react/],
  ['Prisma, its adapter and SQLite', /prisma|sqlite/],
  ['Next routes and answers', /node_modules\/next\//],
  ['The door', /\/(server|request-metrics|error-page)\.mjs$/],
  ['This application, and what is bundled with it', /\.next\//],
]

/** What is asked, and from how many milliseconds on a stretch without a pause counts. */
const ACTS = {
  'A member’s page with 50 likes': { loads: (_, { headers }) => [{ headers, connections: 2 }] },
  'A like, and the page in its answer': {
    async loads(server, { headers }) {
      let things = 0
      const fields = () => ({ thing: `one more thing ${things++}` })
      return [{ ...(await formOf(server, '/', 'Like', headers, fields, true)), connections: 2 }]
    },
  },
  'What keeps a page waiting during log-ins, in stretches of 20 ms and more': {
    loads: async (server, { database }) => [PAGES, await logInsOf(server, database)],
    atLeast: 20,
  },
}

/**
 * @param {keyof typeof ACTS} act
 * @returns {Promise<{ act: string, parts: { part: string, percent: number }[] }>} of the thread that makes the pages,
 *   the largest first.
 */
export async function profile({ folder, newDatabase }, act) {
  const { loads, atLeast = 0 } = ACTS[act]
  const file = await newDatabase('file')
  const database = await openDatabase(file)
  const { cookie } = await admit(database, 'profiled', 50)
  const into = mkdtempSync(join(tmpdir(), 'likes-profile-'))
  const flags = ['--cpu-prof', `--cpu-prof-dir=${into}`]
  await withServers([await startServer(folder, { DATABASE_URL: file }, flags)], async ([server]) => {
    const all = await loads(server, { headers: { cookie }, database })
    await Promise.all(all.map((one) => load(server, { ...one, seconds: WARM_UP + SECONDS })))
  })
  await database.close()
  // Of all threads; the first is that of the pages.
  const name = readdirSync(into).find((file) => /\.0\.\d+\.cpuprofile$/.test(file))
  return { act, parts: shares(JSON.parse(readFileSync(join(into, name), 'utf8')), atLeast * 1000) }
}

function shares({ nodes, samples, timeDeltas }, atLeast) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node
  const parts = new Map()
  let [left, stretch] = [SECONDS * 1e6, []]
  // From the end: what comes first is warming up.
  for (let i = samples.length - 1; i >= 0 && left > 0; i--) {
    left -= timeDeltas[i]
    const node = byId.get(samples[i])
    if (node.callFrame.functionName !== '(idle)') stretch.push([partOf(node), timeDeltas[i]])
    else {
      if (sum(stretch) >= atLeast) for (const [part, time] of stretch) parts.set(part, (parts.get(part) ?? 0) + time)
      stretch = []
    }
  }
  const total = sum([...parts])
  return [...parts]
    .map(([part, time]) => ({ part, percent: (time / total) * 100 }))
    .sort((a, b) => b.percent - a.percent)
}

function sum(times) {
  return times.reduce((all, [, time]) => all + time, 0)
}

function partOf(node) {
  if (node.callFrame.functionName === '(garbage collector)') return 'Garbage collection'
  let owner = node
  while (owner && !/^(file:|\/)/.test(owner.callFrame.url)) owner = owner.parent
  if (!owner) return 'Node: streams, promises, sockets'
  return PARTS.find(([, pattern]) => pattern.test(owner.callFrame.url))?.[0] ?? 'Other packages'
}
