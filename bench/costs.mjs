/**
 * `npm run costs`: what a session, a like and a log-in cost in processor time, statements and bytes, on either database.
 * docs/scaling.md reckons with what it prints. It takes about two minutes; nothing else should keep the machine busy.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJiti } from 'jiti'
import { startPostgres } from '../lib/testing/postgres.mjs'
import { prepare } from '../prepare.mjs'
import { INTO, openDatabase } from './database.mjs'
import { startServer, withServers } from './server.mjs'

const ROWS = 20_000
const WARM_UP = 300
const ROWS_OF = {
  'A visitor’s session': () => INTO.session,
  'A member': () => INTO.user,
  'A like of 12 letters': (owner) => INTO.likeOf(owner, 'substr(HASH, 1, 12)'),
  'A security event': () => INTO.event,
}

const { APP_URL, Browser, tolerated } = await createJiti(import.meta.url).import('../e2e/faults/browser.ts')
tolerated.clear()

const folder = mkdtempSync(join(tmpdir(), 'likes-costs-'))
const file = `file:${join(folder, 'likes.db')}`
const postgres = await startPostgres()
try {
  process.env.DATABASE_URL = file
  await prepare()
  const onFile = await costsOn(file)
  process.env.DATABASE_URL = postgres.url
  await prepare()
  const onServer = await costsOn(postgres.url)
  console.log(`\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`)
  print(onFile, onServer)
  await printBytes()
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true })
}

/** @returns for each act: milliseconds of processor time, and statements. */
async function costsOn(url) {
  return withServers([await startServer('.', { DATABASE_URL: url, APP_URL })], async ([server]) => {
    const door = () => server.url
    const [stranger, visitor, member] = [new Browser(door), new Browser(door), new Browser(door)]
    const who = { username: `ada-${Date.now()}`, password: 'four words in a row' }
    await like(visitor, 'something')
    for (let i = 0; i < 50; i++) await like(member, `thing ${i}`)
    await member.send('/signup', 'Sign up', who)
    const shownTo = (await member.get('/')).text.match(/name="shownTo" value="([^"]+)"/)?.[1]
    let things = 0
    const acts = {
      'A page for nobody': [WARM_UP, () => stranger.get('/')],
      'A visitor’s page, 1 like': [WARM_UP, () => visitor.get('/')],
      'A member’s page, 50 likes': [WARM_UP, () => member.get('/')],
      'A visitor’s first like: a session begins': [WARM_UP, () => like(new Browser(door), 'tea')],
      'A member’s like': [WARM_UP, () => like(member, `another ${things++}`, shownTo)],
      'A log-in': [20, () => new Browser(door).send('/login', 'Log in', who)],
    }
    const costs = {}
    for (const [name, [times, act]] of Object.entries(acts)) {
      for (let i = 0; i < times; i++) await act()
      const before = await server.sample()
      for (let i = 0; i < times; i++) await act()
      const after = await server.sample()
      costs[name] = { ms: (after.cpuMs - before.cpuMs) / times, statements: after.statements.length / times }
    }
    return costs
  })
}

async function like(browser, thing, shownTo = 'nobody') {
  const { status, text } = await browser.send('/', 'Like', { thing, shownTo })
  if (status !== 303) throw new Error(`a like was answered with ${status}: ${text.slice(0, 200)}`)
}

function print(onFile, onServer) {
  console.log('| act | SQLite, ms | PostgreSQL, ms | statements |\n|---|---|---|---|')
  for (const [name, { ms }] of Object.entries(onFile)) {
    const { ms: there, statements } = onServer[name]
    console.log(`| ${name} | ${ms.toFixed(1)} | ${there.toFixed(1)} | ${statements.toFixed(1)} |`)
  }
}

async function printBytes() {
  console.log(`\n| row, with its indexes | SQLite, bytes | PostgreSQL, bytes |\n|---|---|---|`)
  const databases = [await openDatabase(file), await openDatabase(postgres.url)]
  const [{ id }] = await databases[0].all('SELECT id FROM "User" LIMIT 1')
  const [{ id: there }] = await databases[1].all('SELECT id FROM "User" LIMIT 1')
  for (const [name, intoOf] of Object.entries(ROWS_OF)) {
    const sizes = []
    for (const [i, database] of databases.entries()) {
      const before = await sizeOf(database)
      await database.insert(ROWS, intoOf([id, there][i]))
      sizes.push(Math.round(((await sizeOf(database)) - before) / ROWS))
    }
    console.log(`| ${name} | ${sizes.join(' | ')} |`)
  }
  for (const database of databases) await database.close()
}

async function sizeOf(database) {
  if (database.isFile) {
    await database.all('VACUUM')
    await database.all('PRAGMA wal_checkpoint(TRUNCATE)')
    return statSync(file.slice('file:'.length)).size
  }
  const [{ bytes }] = await database.all('SELECT pg_database_size(current_database()) AS bytes')
  return Number(bytes)
}
