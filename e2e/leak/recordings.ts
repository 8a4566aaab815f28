/** What a run has left behind: what recorder.mjs kept of each server, the messages that arrived, and the databases. */
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import type { Received } from '../../lib/testing/mail-server'
import { Database } from '../database'

/** What the environment of a server needs to be recorded. */
export const RECORDED = {
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${new URL('recorder.mjs', import.meta.url)}`.trim(),
}

/** One request and its answer. */
export type Exchange = {
  method: string
  url: string
  cookie: string
  /** The type of what was sent. */
  type: string
  asked: Buffer
  status: number
  /** The answer's first line and headers, as they went out. */
  head: string
  /** Its body; one Buffer for all that are the same. */
  answered: Buffer
}

/** One process of the server. */
export type Recording = {
  databaseUrl: string
  port: string
  /** Settings that nobody may read. */
  secrets: Record<string, string>
  exchanges: Exchange[]
  /** What it wrote to stdout and stderr. */
  output: Buffer
}

const folder = () => join(process.env.E2E_FOLDER ?? '', 'recorded')
const mailFile = () => join(folder(), 'mails')

/** Keeps a message for the end of the run. */
export function recordMail(mail: Received): void {
  appendFileSync(mailFile(), `${JSON.stringify(mail)}\n`)
}

export function readMails(): Received[] {
  return existsSync(mailFile()) ? linesOf<Received>(mailFile()) : []
}

export function readRecordings(): Recording[] {
  const names = readdirSync(folder()).filter((name) => name.endsWith('.jsonl'))
  return names.map((name) => readRecording(join(folder(), name.replace('.jsonl', ''))))
}

type Place = [offset: number, length: number]
type Line = Omit<Exchange, 'asked' | 'answered'> & { asked: Place; answered: Place }

function readRecording(name: string): Recording {
  const [first, ...lines] = linesOf<unknown>(`${name}.jsonl`)
  const bodies = readFileSync(`${name}.bodies`)
  const at = ([offset, length]: Place) => bodies.subarray(offset, offset + length)
  const plains = new Map<string, Buffer>()
  const exchanges = (lines as Line[]).map(({ asked, answered, ...line }) => {
    const body = plains.get(String(answered)) ?? plain(line.head, at(answered))
    plains.set(String(answered), body)
    return { ...line, asked: at(asked), answered: body }
  })
  return {
    ...(first as Pick<Recording, 'databaseUrl' | 'port' | 'secrets'>),
    exchanges,
    output: readFileSync(`${name}.output`),
  }
}

function plain(head: string, body: Buffer) {
  const [, encoding] = /^content-encoding: (.*)$/im.exec(head) ?? []
  if (!encoding || body.length === 0) return body
  if (encoding !== 'gzip') throw new Error(`cannot read ${encoding}`)
  // Of an answer whose reader left, what there is.
  return gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH })
}

/** The last line of a process that was killed may be half a one. */
function linesOf<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line))
}

export type Column = { database: string; table: string; column: string; values: string[] }

/** Every column of every table of every database that the servers had, as text. */
export async function dump(recordings: Recording[]): Promise<Column[]> {
  const files = recordings.map(({ databaseUrl }) => databaseUrl).filter((url) => url.startsWith('file:'))
  const columns: Column[] = []
  for (const url of [...new Set(files), ...(await databasesOnServer())]) {
    const database = new Database(url)
    for (const table of await tablesOf(database)) {
      const rows = await database.rows(`SELECT * FROM "${table}"`)
      for (const column of Object.keys(rows[0] ?? {})) {
        const values = rows.map((row) => row[column]).filter((value) => value !== null)
        columns.push({ database: withoutRole(url), table, column, values: values.map(String) })
      }
    }
    await database.close()
  }
  return columns
}

/** A database is the same whoever asks it: the site as its own role, this file as the one that may see all. */
export function withoutRole(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//')
}

async function tablesOf(database: Database) {
  const rows = await database.rows(
    database.isPostgres
      ? `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`
      : `SELECT name FROM sqlite_schema WHERE type = 'table'`,
  )
  return rows.map(({ name }) => String(name))
}

/** Those of the sites that have stopped too. */
async function databasesOnServer() {
  const url = `postgresql://postgres:postgres@localhost:${process.env.E2E_POSTGRES_PORT}/postgres`
  const server = new Database(url)
  const rows = await server.rows(`SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'`)
  await server.close()
  return rows.map(({ datname }) => Object.assign(new URL(url), { pathname: `/${datname}` }).href)
}
