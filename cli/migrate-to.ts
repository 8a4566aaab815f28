/** `migrate-to URL`: moves a site from its SQLite file to PostgreSQL. See docs/decisions/0019. */
import type Database from 'better-sqlite3'
import type pg from 'pg'
import { env } from '../lib/env.ts'
import { migrate } from '../prepare.mjs'
import { inRows } from './backup.ts'
import { type Counts, copy, countsOf, isSame, type Side } from './copy.ts'
import { type Result, table } from './output.ts'
import { connected, lockTables, postgresSide, undress } from './postgres.ts'
import { fileOf, isSealed, openFile, seal, sqliteSide } from './sqlite.ts'

/**
 * The file is locked while it is copied, so a site that runs on it says "busy", and it is sealed in the same transaction:
 * no write is acknowledged that is not on the server. Nothing happens when anything fails before the first of the two
 * commits; after it the server may have everything while the file is not sealed, and the error says to run it again.
 * @throws Error saying why it was not moved; the password of `url` is not in it.
 */
export async function run({ url }: { url: string }): Promise<Result> {
  const { databaseUrl } = env()
  if (!databaseUrl.startsWith('file:')) throw new Error('This site is on PostgreSQL; only a SQLite file can be moved')
  if (!/^postgres(ql)?:\/\/./.test(url)) throw new Error('URL must be postgresql:// and where the server is')
  const file = fileOf(databaseUrl)
  try {
    // The server says what it is doing on stderr: what is on stdout is the result.
    await migrate(url, console.error)
    return said(file, await move(file, url))
  } catch (error) {
    throw new Error(withoutPassword((error as Error).message || 'The server cannot be reached', url), { cause: error })
  }
}

type Moved = { rows: Counts; wasThere: boolean }

async function move(file: string, url: string): Promise<Moved> {
  const source = openFile(file)
  try {
    source.exec('BEGIN IMMEDIATE')
    return await connected(url, (client) => moveTo(client, source))
  } finally {
    source.close()
  }
}

/** In the transaction that is open on the file, which it commits. */
async function moveTo(client: pg.Client, source: Database.Database): Promise<Moved> {
  await client.query('BEGIN')
  await lockTables(client)
  const [from, to] = [sqliteSide(source), postgresSide(client)]
  // An earlier run may have been stopped after the server had kept everything and before the file was sealed.
  const wasThere = Object.values(await countsOf(to)).some((count) => count > 0)
  if (wasThere && !(await isSame(from, to))) throw new Error(isSealed(source) ? MOVED_ON : NOT_EMPTY)
  if (!wasThere && isSealed(source)) throw new Error(MOVED_BEFORE)
  const rows = wasThere ? await countsOf(from) : await fill(client, from, to)
  if (!isSealed(source)) seal(source)
  try {
    await client.query('COMMIT')
    source.exec('COMMIT')
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${UNSURE}`, { cause: error })
  }
  return { rows, wasThere }
}

async function fill(client: pg.Client, from: Side, to: Side): Promise<Counts> {
  const dress = await undress(client)
  const rows = await copy(from, to)
  await dress()
  return rows
}

const NOT_EMPTY = `That database is not empty, so nothing was copied. If it is left from a move that was stopped, \
drop it and run this again.`
const MOVED_BEFORE = `This file has moved to a server before, so nothing was copied. That server is empty: it is another \
one, or there was nothing to move.`
const MOVED_ON = 'This file has moved to a server before, and the server has changed since, so nothing was copied.'
const UNSURE =
  'Whether the server has kept everything and the file is sealed is not known. Run this again: it finds out, and goes on.'

function said(file: string, { rows, wasThere }: Moved): Result {
  const text = [
    table({ table: 'Table', rows: 'Rows' }, inRows(rows)),
    '',
    wasThere
      ? 'The server had everything already: each table was read from it and is the same.'
      : 'Moved: each table was read back from the server and is the same.',
    `${file} is sealed: a site that still runs on it shows its pages and changes nothing.`,
    'Now set DATABASE_URL to the address of the server, start the site, and keep the file until you are sure.',
  ].join('\n')
  return { data: { rows, wasThere }, text }
}

/** What the server or a library says may repeat the address. */
function withoutPassword(message: string, url: string) {
  const [, password] = /^\w+:\/\/[^:@/]*:(.+)@/.exec(url) ?? []
  if (!password) return message
  const spellings = [url, password]
  try {
    spellings.push(decodeURIComponent(password))
  } catch {
    // Not encoded, then.
  }
  return spellings.reduce((text, spelling) => text.replaceAll(spelling, '•••'), message)
}
