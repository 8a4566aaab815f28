/**
 * `npm run bench`: what this site costs, as ratios that hold on any machine, each with what it has to reach. Writes
 * docs/performance.md. It takes about a quarter of an hour, in which nothing else should keep the machine busy.
 * `-- --long` adds a soak of ten minutes and ten million rows; `-- like` measures the part of this name alone, and
 * writes nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../lib/testing/postgres.mjs'
import { migrate, prepare } from '../prepare.mjs'
import { buildEmpty, buildSite } from './builds.mjs'
import { profile } from './profile.mjs'
import { write } from './report.mjs'
import { instances } from './rows/instances.mjs'
import { like } from './rows/like.mjs'
import { list } from './rows/list.mjs'
import { lookup } from './rows/lookup.mjs'
import { pages } from './rows/pages.mjs'
import { purge } from './rows/purge.mjs'
import { scripts } from './rows/scripts.mjs'
import { soak } from './rows/soak.mjs'
import { start } from './rows/start.mjs'
import { storm } from './rows/storm.mjs'
import { markdown, unmeasured } from './table.mjs'

const isLong = process.argv.includes('--long')
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const ALL = { pages, like, lookup, list, storm, purge, start, instances, scripts, ...(isLong && { soak }) }
const chosen = Object.entries(ALL).filter(([name]) => words.length === 0 || words.includes(name))

const began = performance.now()
const minutes = () => ((performance.now() - began) / 60_000).toFixed(1)
const parent = mkdtempSync(join(tmpdir(), 'likes-bench-'))
const [folder, empty] = [join(parent, 'site'), join(parent, 'empty')]
const postgres = await startPostgres()
let databases = 0
async function newDatabase(kind) {
  const name = `bench_${++databases}`
  const url = kind === 'file' ? `file:${join(parent, name)}.db` : postgres.url.replace(/likes$/, name)
  await migrate(url, () => {})
  return url
}

try {
  console.log('Building the site with its floor, and an empty application …')
  await prepare({ build: false, database: false })
  const file = await newDatabase('file')
  buildSite(folder, file)
  buildEmpty(empty)
  const site = { folder, empty, file, newDatabase, isLong }
  const rows = []
  for (const [name, measure] of chosen) {
    console.log(`\n▸ ${name} (${minutes()} min)`)
    const measured = await measure(site).catch((error) => [unmeasured(name, error)])
    console.log(markdown(measured))
    rows.push(...measured)
  }
  if (words.length === 0) {
    // What falls short has to say why.
    const isShort = (start) => rows.some(({ what, isReached }) => what.startsWith(start) && !isReached)
    const profiles = [await profile(site, 'A member’s page with 50 likes')]
    if (isShort('A like')) profiles.push(await profile(site, 'A like, and the page in its answer'))
    if (isShort('8 log-ins'))
      profiles.push(await profile(site, 'What keeps a page waiting during log-ins, in stretches of 20 ms and more'))
    write(rows, profiles, { minutes: minutes(), isLong })
  }
  console.log(
    `\n${rows.filter(({ isReached }) => isReached).length} of ${rows.length} reached, in ${minutes()} minutes.`,
  )
} finally {
  await postgres.stop()
  rmSync(parent, { recursive: true, force: true })
}
