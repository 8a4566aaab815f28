/** `check`: looks for what can never be true of a sound database. Changes nothing. */
import { env } from '../lib/env.ts'
import { LINKS } from '../lib/mail.ts'
import { ADMIN_EVENTS, EVENTS } from '../lib/security-log.ts'
import { migrationsAt } from '../prepare.mjs'
import { type Result, visible } from './output.ts'
import { connected } from './postgres.ts'
import { fileOf, openFile } from './sqlite.ts'

/** One thing that is looked at: how many faults there are, and the first five of them. */
type Finding = { what: string; faults: number; first: string[] }

/** A query whose first column names each fault. */
type Ask = (sql: string) => Promise<string[]>

const SHOWN_AT_MOST = 5

/** The exit code is 1 when anything is wrong. @throws Error when the database cannot be opened. */
export async function run(): Promise<Result> {
  const { databaseUrl } = env()
  const findings = await (databaseUrl.startsWith('file:') ? checkFile : checkServer)(databaseUrl)
  const wrong = findings.filter(({ faults }) => faults > 0)
  const lines = findings.map(({ what, faults, first }) => {
    if (faults === 0) return `ok     ${what}`
    return `wrong  ${what}: ${faults.toLocaleString('en')}, ${first.join(', ')}${faults > first.length ? ' …' : ''}`
  })
  const summary = wrong.length === 0 ? 'Everything is in order.' : `Wrong: ${wrong.length} of ${findings.length}.`
  return { data: { findings }, text: [...lines, '', summary].join('\n'), code: wrong.length === 0 ? 0 : 1 }
}

async function checkFile(url: string): Promise<Finding[]> {
  const db = openFile(fileOf(url))
  try {
    const ask: Ask = async (sql) => db.prepare<[], unknown>(sql).pluck().all().map(String)
    const keys = `SELECT "table" || ' ' || coalesce(rowid, '') || ' without its ' || parent FROM pragma_foreign_key_check`
    return [
      await look('The file is whole', async () =>
        (await ask('PRAGMA integrity_check')).filter((line) => line !== 'ok'),
      ),
      await look('No row belongs to one that is not there', () => ask(keys)),
      ...(await checkRows(url, ask, `SELECT sql FROM sqlite_schema WHERE name = 'Like'`)),
    ]
  } finally {
    db.close()
  }
}

function checkServer(url: string): Promise<Finding[]> {
  return connected(url, async (client) => {
    const ask: Ask = async (text) => (await client.query<string[]>({ text, rowMode: 'array' })).rows.map(String)
    return checkRows(url, ask, 'SELECT conname FROM pg_constraint WHERE conrelid = \'"Like"\'::regclass')
  })
}

const OWNERS = [
  ['Session', 'userId', 'User'],
  ['Like', 'userId', 'User'],
  ['Like', 'sessionId', 'Session'],
  ['SecurityEvent', 'userId', 'User'],
  ['Mail', 'userId', 'User'],
  ['Mail', 'subscriberId', 'Subscriber'],
  ['Mail', 'announcementId', 'Announcement'],
]

const WORDS: [string, string, string[]][] = [
  ['Mail', 'state', ['waiting', 'sending', 'sent', 'failed', 'unknown']],
  ['Mail', 'kind', Object.keys(LINKS)],
  ['SecurityEvent', 'kind', [...Object.keys(EVENTS), ...Object.keys(ADMIN_EVENTS)]],
]

async function checkRows(url: string, ask: Ask, constraints: string): Promise<Finding[]> {
  const findings = [
    await look('All migrations are there, and no others', async () => {
      const { missing, unknown } = await migrationsAt(url)
      return [...missing, ...unknown]
    }),
    await look('The database refuses a like without exactly one owner', async () =>
      (await ask(constraints)).join().includes('Like_one_owner') ? [] : ['no Like_one_owner'],
    ),
    await look('Each like has exactly one owner', () =>
      ask('SELECT id FROM "Like" WHERE ("userId" IS NULL) = ("sessionId" IS NULL)'),
    ),
  ]
  for (const owner of ['userId', 'sessionId']) {
    const twice = `SELECT min(id) FROM "Like" WHERE "${owner}" IS NOT NULL GROUP BY "${owner}", "thingKey" HAVING count(*) > 1`
    findings.push(await look(`No like is there twice, by ${owner}`, () => ask(twice)))
  }
  for (const [table, column, parent] of OWNERS) {
    const orphans = `SELECT id FROM "${table}" WHERE "${column}" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM "${parent}" AS parent WHERE parent.id = "${table}"."${column}")`
    findings.push(await look(`The ${parent} of each ${table} is there`, () => ask(orphans)))
  }
  for (const [table, column, words] of WORDS) {
    const list = words.map((word) => `'${word}'`).join()
    const unknown = `SELECT id FROM "${table}" WHERE "${column}" NOT IN (${list})`
    findings.push(await look(`${table}.${column} is a word that is known`, () => ask(unknown)))
  }
  return findings
}

/** A question that cannot be answered is a fault as well: a page may be damaged, or a table gone. */
async function look(what: string, search: () => Promise<string[]>): Promise<Finding> {
  const faults = await search().catch((error: Error) => [error.message])
  return { what, faults: faults.length, first: faults.slice(0, SHOWN_AT_MOST).map(visible) }
}
