/**
 * Makes this folder ready to serve: Prisma's clients generated, the database migrated and the application built, each
 * only where it is not current. One process at a time; others that start meanwhile wait and find it done.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import pg from 'pg'
import { lock } from 'proper-lockfile'

const ROOT = dirname(fileURLToPath(import.meta.url))
if (existsSync(join(ROOT, '.env'))) process.loadEnvFile(join(ROOT, '.env'))
const COMMANDS = { next: 'node_modules/next/dist/bin/next', prisma: 'node_modules/prisma/build/index.js' }
const BUILT_FROM = join(ROOT, '.next', 'built-from')
const GENERATED_FROM = join(ROOT, 'generated', 'generated-from')

/**
 * @param {{ build?: boolean, database?: boolean, say?: (text: string) => void }} [options] `build: false` leaves the
 *   build out, for development; `database: false` leaves the database as it is; `say` is told what is being done.
 * @throws {Error} with what the failing command printed.
 */
export async function prepare({ build = true, database = true, say = console.log } = {}) {
  process.chdir(ROOT)
  const release = await lock(ROOT, {
    lockfilePath: join(ROOT, '.prepare.lock'),
    // Long enough for the slowest build; a lock whose process died is taken over after ten seconds.
    retries: { retries: 600, minTimeout: 500, maxTimeout: 1000 },
  })
  try {
    const models = fingerprint(['prisma', 'package-lock.json'])
    if (read(GENERATED_FROM) !== models) {
      for (const provider of ['sqlite', 'postgresql']) {
        await run(say, `Generating the ${provider} client`, 'prisma', ['generate', '--schema', `prisma/${provider}`])
      }
      writeFileSync(GENERATED_FROM, models)
    }
    const url = process.env.DATABASE_URL || 'file:./data/likes.db'
    if (database) {
      await migrate(url, say).catch((error) => {
        throw new Error(`DATABASE_URL: ${error.message}`)
      })
      if (isSealed(url)) say('This database has moved to a server: it can be read, and nothing in it can be changed.')
    }
    const sources = fingerprint(['app', 'lib', 'prisma', 'package.json', 'package-lock.json', ...topLevelSources()])
    const { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: key = '', BUILD_ID: id } = process.env
    const builtFrom = hashOf([sources, key, id].join('\n'))
    if (build && read(BUILT_FROM) !== builtFrom) {
      // The same sources make the same id, wherever they are built.
      const env = { BUILD_ID: id || sources.slice(0, 16) }
      await run(say, 'Building the application, which takes about a minute', 'next', ['build'], env)
      writeFileSync(BUILT_FROM, builtFrom)
    }
  } finally {
    await release()
  }
}

/**
 * Brings the database at `url` to this version; makes it where it is not there.
 * @param {string} url
 * @param {(text: string) => void} say Told what is being done.
 * @throws {Error} when it cannot be used, or is a file that has moved and would have to be changed.
 */
export async function migrate(url, say) {
  if (providerOf(url) === 'postgresql' && isSilentOfTls(url)) throw new Error(SAY_TLS)
  const { missing } = await migrationsAt(url).catch((error) => {
    throw new Error(`the database cannot be used: ${error.message || error.code}`)
  })
  if (missing.length === 0) return
  // A table that is built anew loses its seal.
  if (isSealed(url)) throw new Error(MOVED)
  await run(say, 'Preparing the database', 'prisma', ['migrate', 'deploy'], { DATABASE_URL: url })
}

// On the way to another machine others may listen, and silence would mean no encryption.
const SAY_TLS = `must say sslmode=verify-full, or sslmode=disable where nobody else is on the way to the server`

function isSilentOfTls(url) {
  // What is no URL to Node, such as user@/likes, leads to a socket of this machine.
  if (!URL.canParse(url)) return false
  const { hostname, searchParams } = new URL(url)
  const isHere = /^(|localhost|127\.0\.0\.1|\[?::1\]?|(\/|%2f).*)$/i.test(searchParams.get('host') ?? hostname)
  const said = searchParams.get('sslmode') ?? searchParams.get('ssl') ?? process.env.PGSSLMODE
  return !isHere && !said
}

const MOVED = `this file has moved to a server, and this version would have to change it. Set DATABASE_URL to the address \
of the server`

/**
 * Which migrations of this version the database lacks, which it has, and which it has that this version does not know.
 * Asks it directly, as Prisma's CLI takes seconds.
 * @param {string} url
 * @returns {Promise<{ missing: string[], known: string[], unknown: string[] }>}
 */
export async function migrationsAt(url) {
  const names = readdirSync(join('prisma', providerOf(url), 'migrations')).filter((name) => /^\d{14}_/.test(name))
  const rows = await (providerOf(url) === 'sqlite' ? appliedInFile(url) : appliedOnServer(url))
  const applied = rows.map((row) => row.name)
  return {
    missing: names.filter((name) => !applied.includes(name)),
    known: names.filter((name) => applied.includes(name)),
    unknown: applied.filter((name) => !names.includes(name)),
  }
}

const APPLIED = 'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL'

function appliedInFile(url) {
  const file = url.replace(/^file:/, '')
  mkdirSync(dirname(file), { recursive: true })
  // For its owner alone; its log follows it. One that is there stays as its owner has it.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  const database = new Database(file)
  try {
    return database.prepare(APPLIED).all()
  } catch (error) {
    if (/no such table/.test(error.message)) return []
    throw error
  } finally {
    database.close()
  }
}

/** Whether `migrate-to` has closed the file: see cli/sqlite.ts. */
function isSealed(url) {
  if (providerOf(url) !== 'sqlite') return false
  const database = new Database(url.replace(/^file:/, ''))
  const seals = `SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'moved_to_a_server_*'`
  try {
    return database.prepare(seals).pluck().get() > 0
  } finally {
    database.close()
  }
}

async function appliedOnServer(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    return (await client.query(APPLIED)).rows
  } catch (error) {
    // No such table, or no such database: what the migrations make.
    if (['42P01', '3D000'].includes(error.code)) return []
    throw error
  } finally {
    await client.end().catch(() => {})
  }
}

function providerOf(url) {
  if (!/^(file|postgres(ql)?):/.test(url)) throw new Error('must be file: and a path, or postgresql:// and a server')
  return /^postgres(ql)?:/.test(url) ? 'postgresql' : 'sqlite'
}

function topLevelSources() {
  return readdirSync('.').filter((name) =>
    /^(next\.config|security-headers|proxy|instrumentation|tsconfig)\./.test(name),
  )
}

/** A hash of what the files say; tests aside. */
function fingerprint(places) {
  const hash = createHash('sha256')
  const files = places.flatMap((place) =>
    statSync(place).isDirectory()
      ? readdirSync(place, { recursive: true, withFileTypes: true })
          .filter(
            (entry) =>
              !entry.isDirectory() && !/\.test\.tsx?$/.test(entry.name) && !/[\\/]testing$/.test(entry.parentPath),
          )
          .map((entry) => join(entry.parentPath, entry.name))
      : [place],
  )
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('hex')
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

async function run(say, what, command, args, env = {}) {
  say(`${what} …`)
  const child = spawn(process.execPath, [COMMANDS[command], ...args], {
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`${what} failed:\n\n${output}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare({ build: !process.argv.includes('--no-build') }).catch((error) => {
    console.error(error.message)
    process.exit(1)
  })
}
