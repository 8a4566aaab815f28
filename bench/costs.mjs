/**
 * `npm run costs`: what a session, a like and a log-in cost in processor time, statements and bytes, on either database.
 * docs/scaling.md reckons with what it prints. It takes about two minutes; nothing else should keep the machine busy.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { createJiti } from 'jiti'
import pg from 'pg'
import { startPostgres } from '../lib/testing/postgres.mjs'
import { prepare } from '../prepare.mjs'

const PORT = 4000
const TOKEN = 'for-the-costs-alone'
const ROWS = 20_000
const WARM_UP = 300
const ROWS_OF = {
  'A visitor’s session': `INSERT INTO "Session" (id, "tokenHash", keep, "createdAt", "lastSeenAt", "expiresAt")
    SELECT ID, HASH, true, NOW, NOW, NOW FROM n`,
  'A member': `INSERT INTO "User" (id, username, "passwordHash", "createdAt")
    SELECT ID, 'somebody-' || i, substr(HASH, 1, 60), NOW FROM n`,
  'A like of 12 letters': `INSERT INTO "Like" (id, thing, "thingKey", "userId", "createdAt")
    SELECT ID, substr(HASH, 1, 12), substr(HASH, 1, 12), (SELECT id FROM "User" LIMIT 1), NOW FROM n`,
  'A security event': `INSERT INTO "SecurityEvent" (id, kind, "userId", at, device, address)
    SELECT ID, 'loggedIn', (SELECT id FROM "User" LIMIT 1), NOW, 'Firefox on Linux', '192.0.2.1' FROM n`,
}

const { Browser, tolerated } = await createJiti(import.meta.url).import('../e2e/faults/browser.ts')
tolerated.clear()

const folder = mkdtempSync(join(tmpdir(), 'likes-costs-'))
const file = `file:${join(folder, 'likes.db')}`
const postgres = await startPostgres()
const line = await openLine(Number(new URL(postgres.url).port))
try {
  process.env.DATABASE_URL = file
  await prepare()
  const onFile = await costsOn(file, () => undefined)
  process.env.DATABASE_URL = postgres.url
  await prepare()
  const onServer = await costsOn(Object.assign(new URL(postgres.url), { port: line.port }).href, () => line.statements)
  console.log(`\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`)
  print(onFile, onServer)
  await printBytes()
} finally {
  line.close()
  await postgres.stop()
  rmSync(folder, { recursive: true })
}

/** @returns for each act: milliseconds of processor time, and statements where they can be counted. */
async function costsOn(url, statements) {
  const settings = { DATABASE_URL: url, PORT, APP_URL: `http://localhost:${PORT}`, METRICS_TOKEN: TOKEN }
  const quiet = { LOG_LEVEL: 'silent', TRUSTED_PROXY_HOPS: '1' }
  const server = spawn(process.execPath, ['server.mjs'], {
    env: { ...process.env, ...settings, ...quiet },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const chunk of server.stdout) if (String(chunk).includes('Likes is at')) break
  try {
    const door = () => `http://localhost:${PORT}`
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
      for (let i = 0; i < Math.min(times, WARM_UP); i++) await act()
      const before = [await processorSeconds(), statements()]
      for (let i = 0; i < times; i++) await act()
      const after = [await processorSeconds(), statements()]
      const perAct = after.map((value, i) => (value - before[i]) / times)
      costs[name] = { ms: perAct[0] * 1000, statements: perAct[1] }
    }
    return costs
  } finally {
    server.kill()
    await once(server, 'exit')
  }
}

async function like(browser, thing, shownTo = 'nobody') {
  const { status, text } = await browser.send('/', 'Like', { thing, shownTo })
  if (status !== 303) throw new Error(`a like was answered with ${status}: ${text.slice(0, 200)}`)
}

async function processorSeconds() {
  const headers = { authorization: `Bearer ${TOKEN}` }
  const text = await (await fetch(`http://localhost:${PORT}/metrics`, { headers })).text()
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1])
}

/** A way to PostgreSQL on which what is asked can be counted: messages that execute something. */
async function openLine(to) {
  const line = { statements: 0, port: 0, close: () => server.close() }
  const server = createServer((near) => {
    const far = connect(to, 'localhost')
    near.pipe(far).pipe(near)
    for (const end of [near, far]) end.on('error', () => far.destroy())
    let [rest, isFirst] = [Buffer.alloc(0), true]
    near.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      // The first message has no type; each has its length, which counts itself.
      for (;;) {
        const head = isFirst ? 0 : 1
        if (rest.length < head + 4 || rest.length < head + rest.readUInt32BE(head)) return
        if (!isFirst && ['Q', 'E'].includes(String.fromCharCode(rest[0]))) line.statements++
        rest = rest.subarray(head + rest.readUInt32BE(head))
        isFirst = false
      }
    })
  }).listen(0)
  await once(server, 'listening')
  line.port = server.address().port
  return line
}

function print(onFile, onServer) {
  console.log('| act | SQLite, ms | PostgreSQL, ms | statements |\n|---|---|---|---|')
  for (const [name, { ms }] of Object.entries(onFile)) {
    const { ms: there, statements } = onServer[name]
    console.log(`| ${name} | ${ms.toFixed(1)} | ${there.toFixed(1)} | ${statements.toFixed(1)} |`)
  }
}

async function printBytes() {
  const path = file.slice('file:'.length)
  const local = new SqliteFile(path)
  const client = new pg.Client(postgres.url)
  // When the server is stopped after a failure, that failure is what to say.
  client.on('error', () => {})
  await client.connect()
  console.log(`\n| row, with its indexes | SQLite, bytes | PostgreSQL, bytes |\n|---|---|---|`)
  for (const [name, sql] of Object.entries(ROWS_OF)) {
    const sizes = []
    for (const isFile of [true, false]) {
      const size = async () => {
        if (!isFile) return Number((await client.query('SELECT pg_database_size(current_database()) AS n')).rows[0].n)
        local.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
        return statSync(path).size
      }
      const before = await size()
      const statement = filledIn(sql, isFile)
      if (isFile) local.exec(statement)
      else await client.query(statement)
      sizes.push(Math.round(((await size()) - before) / ROWS))
    }
    console.log(`| ${name} | ${sizes.join(' | ')} |`)
  }
  local.close()
  await client.end()
}

/** As long as real ones: ids that grow, hashes that do not. */
function filledIn(sql, isFile) {
  const numbers = isFile
    ? `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})`
    : `WITH n AS (SELECT generate_series(1, ${ROWS}) AS i)`
  const id = isFile
    ? `printf('0197%08d-0000-7000-8000-000000000000', i)`
    : `'0197' || lpad(i::text, 8, '0') || '-0000-7000-8000-000000000000'`
  const hash = isFile ? 'lower(hex(randomblob(32)))' : `md5(i::text) || md5((i + 1)::text)`
  const now = isFile ? `'2026-05-04T12:00:00.000+00:00'` : `timestamp '2026-05-04 12:00:00'`
  const [into, select] = [sql.slice(0, sql.indexOf('SELECT')), sql.slice(sql.indexOf('SELECT'))]
  const filled = select.replaceAll('ID', id).replaceAll('HASH', hash).replaceAll('NOW', now)
  return `${into} ${numbers} ${filled}`
}
