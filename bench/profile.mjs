/** Where processor time goes, by whose code it is. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { admit, openDatabase } from './database.mjs'
import { formOf } from './forms.mjs'
import { load } from './load.mjs'
import { startServer } from './server.mjs'

const SECONDS = 10
/** By the file that is nearest to what runs; what Node does, it does for whoever called it. */
const PARTS = [
  ['React and Next render', /app-page-turbo|next\/dist\/compiled\/react/],
  ['Prisma, its adapter and SQLite', /prisma|sqlite/],
  ['Next routes and answers', /node_modules\/next\//],
  ['The door', /\/(server|request-metrics|error-page)\.mjs$/],
  ['This application, and what is bundled with it', /\.next\//],
]

const ACTS = {
  'A member’s page with 50 likes': async (_, headers) => ({ headers }),
  'A like, and the page in its answer': (server, headers) => {
    let things = 0
    return formOf(server, '/', 'Like', headers, () => ({ thing: `one more thing ${things++}` }), true)
  },
}

/**
 * @param {keyof typeof ACTS} act
 * @returns {Promise<{ act: string, parts: { part: string, percent: number }[] }>} the largest first.
 */
export async function profile({ folder, file }, act) {
  const database = await openDatabase(file)
  const { cookie } = await admit(database, `profiled ${act.length}`, 50)
  await database.close()
  const into = mkdtempSync(join(tmpdir(), 'likes-profile-'))
  const server = await startServer(folder, { DATABASE_URL: file }, ['--cpu-prof', `--cpu-prof-dir=${into}`])
  const request = await ACTS[act](server, { cookie })
  for (let i = 0; i < 2; i++) await load(server, { ...request, seconds: SECONDS, connections: 2 })
  await server.stop()
  const [name] = readdirSync(into)
  return { act, parts: shares(JSON.parse(readFileSync(join(into, name), 'utf8'))) }
}

function shares({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node
  const parts = new Map()
  let [total, left] = [0, SECONDS * 1e6]
  // From the end: what comes first is warming up.
  for (let i = samples.length - 1; i >= 0 && left > 0; i--) {
    left -= timeDeltas[i]
    const node = byId.get(samples[i])
    if (node.callFrame.functionName === '(idle)') continue
    const part = partOf(node)
    parts.set(part, (parts.get(part) ?? 0) + timeDeltas[i])
    total += timeDeltas[i]
  }
  return [...parts]
    .map(([part, time]) => ({ part, percent: (time / total) * 100 }))
    .sort((a, b) => b.percent - a.percent)
}

function partOf(node) {
  if (node.callFrame.functionName === '(garbage collector)') return 'Garbage collection'
  let owner = node
  while (owner && !/^(file:|\/)/.test(owner.callFrame.url)) owner = owner.parent
  if (!owner) return 'Node: streams, promises, sockets'
  return PARTS.find(([, pattern]) => pattern.test(owner.callFrame.url))?.[0] ?? 'Other packages'
}
