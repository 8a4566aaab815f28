/**
 * After a whole run: nothing that was secret in it stands in what it has left behind, which is the databases, the logs,
 * the messages and the answers of every server that it started.
 */
import { readdirSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import { hashOfPresented } from '../../lib/session-token'
import { addressesIn, mayShowAddresses, restOf } from './addresses'
import { type Column, dump, type Recording, readMails, readRecordings, withoutRole } from './recordings'
import { searchFor } from './search'
import { fieldsOf, masked, type Secret, secretsOf, shortened, spellings, tokensIn } from './secrets'

/** Where something is looked for. `own` are the tokens that may stand there. */
type Place = { where: string; text: Buffer; own: string[] }

let recordings: Recording[]
let columns: Column[]
let secrets: Secret[]
let logs: Place[]
let answers: (Place & { path: string; people: string[] })[]
let messages: (Place & { people: string[] })[]

test.beforeAll(async () => {
  recordings = readRecordings()
  columns = await dump(recordings)
  const mails = readMails()
  secrets = secretsOf(recordings, mails)
  logs = recordings.map(({ port, output }) => ({
    where: `the log of the server on port ${port}`,
    text: output,
    own: [],
  }))
  answers = recordings.flatMap(answersOf)
  messages = mails.map((mail) => ({
    where: `the message “${mail.subject}”`,
    // The raw text is the same once more, encoded.
    text: Buffer.from(JSON.stringify({ ...mail, raw: '' })),
    own: tokensIn(mail.text),
    people: [...mail.to, mail.from],
  }))
})

/** The headers of each answer but the one that is for a token, and each body once. */
function answersOf({ port, exchanges }: Recording) {
  const seen = new Map<Buffer, string>()
  return exchanges.flatMap(({ method, url, status, head, answered, ...asked }) => {
    const fields = fieldsOf(asked).map(([, value]) => value)
    const own = tokensIn([url, ...fields.map((value) => `/reset/${value}`)].join('\n'))
    const about = {
      where: `the answer ${status} to ${method} ${masked(url)} on port ${port}`,
      path: url.split('?', 1)[0] ?? '',
      own,
      // What comes back as it was typed, such as an address in the field for a name.
      people: addressesIn(fields.join('\n')),
    }
    const headers = { ...about, text: Buffer.from(head.replace(/^set-cookie: .*$/gim, '')) }
    if (seen.get(answered) === own.join()) return [headers]
    seen.set(answered, own.join())
    return [headers, { ...about, text: answered }]
  })
}

test('the whole run was recorded', () => {
  const files = readdirSync(process.env.E2E_FOLDER ?? '', { recursive: true, encoding: 'utf8' })
  const databases = new Set(columns.map(({ database }) => database))
  for (const file of files.filter((name) => name.endsWith('.db'))) {
    expect(
      [...databases].some((database) => database.endsWith(file)),
      file,
    ).toBe(true)
  }
  for (const [kind, atLeast] of [
    ['cookie', 100],
    ['password', 50],
    ['link token', 10],
    ['ADMIN_PASSWORD', 1],
  ] as const) {
    expect(secrets.filter((secret) => secret.kind === kind).length, kind).toBeGreaterThanOrEqual(atLeast)
  }
  const lines = logs.map(({ text }) => text.toString()).join('\n')
  for (const one of ['"event":"loggedIn"', 'Likes is at']) expect(lines).toContain(one)
  expect(messages.length).toBeGreaterThan(2)
})

test('16.2.5 3.3.4 no secret of the whole run is in a log, a database, a message or an answer', () => {
  const dumped = columns.map((column) => ({ where: nameOf(column), text: textOf(column), own: [] }))
  expect(leaksIn([...logs, ...dumped, ...messages, ...answers], secrets).slice(0, 20)).toEqual([])
})

test('14.2.1 no cookie and no password of the whole run is in an address that was asked for', () => {
  const addresses = recordings.flatMap(({ port, exchanges }) =>
    exchanges.map(({ method, url }) => ({
      where: `${method} ${masked(url)} on port ${port}`,
      text: Buffer.from(url),
      own: [],
    })),
  )
  const mayNot = secrets.filter(({ kind }) => kind !== 'link token')
  expect(leaksIn(addresses, mayNot)).toEqual([])
})

/** What of the secrets stands where it may not, one sentence each. */
function leaksIn(places: Place[], secrets: Secret[]): string[] {
  const spelled = new Map<string, { secret: Secret; how: string }>()
  for (const secret of secrets) for (const [text, how] of spellings(secret)) spelled.set(text, { secret, how })
  const find = searchFor(spelled.keys())
  return places.flatMap(({ where, text, own }) =>
    find(text).flatMap(({ text: spelling, end }) => {
      const found = spelled.get(spelling)
      if (!found || own.includes(found.secret.value)) return []
      const { secret, how } = found
      const begin = end - Buffer.byteLength(spelling)
      const before = masked(text.toString('utf8', Math.max(0, begin - 60), begin))
      return [`${secret.kind} ${shortened(secret.value)}, ${secret.from}, stands ${how} in ${where} after: ${before}`]
    }),
  )
}

test('no e-mail address is in a log, or outside the columns and answers that are for it', () => {
  const strays = [
    ...logs.map(({ where, text }) => ({ where, found: addressesIn(text) })),
    ...columns.map((column) => ({ where: nameOf(column), found: addressesIn(restOf(column)) })),
    ...[...messages, ...answers.filter(({ path }) => !mayShowAddresses(path))].map(({ where, text, people }) => ({
      where,
      found: addressesIn(text).filter((address) => !people.includes(address)),
    })),
  ]
  expect(strays.filter(({ found }) => found.length > 0)).toEqual([])
})

test('no value of a database works as a cookie or as a link', () => {
  const live = new Map<string, string>()
  for (const column of columns.filter(({ column }) => column === 'tokenHash')) {
    for (const hash of column.values) live.set(hash, nameOf(column))
  }
  const working = columns.flatMap((column) =>
    [...new Set(column.values)].flatMap((value) => {
      const opens = readingsOf(value).map((reading) => live.get(hashOfPresented(reading) ?? ''))
      return opens.filter(Boolean).map((what) => `a value of ${nameOf(column)} is the token of one of ${what}`)
    }),
  )
  expect(live.size).toBeGreaterThan(50)
  expect(working).toEqual([])
})

/** The tokens that somebody could read a value as. */
function readingsOf(value: string): string[] {
  const tokens = value
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .matchAll(/(?=([\w-]{43}))/g)
  const hashes = value.matchAll(/(?=([\da-f]{64}))/gi)
  const bytes = [...hashes].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('base64url'))
  return [...[...tokens].map(([, token = '']) => token), ...bytes]
}

const MAIN = Number(process.env.E2E_PORT)
const WORTH_TRYING = ['Session', 'Mail', 'Throttle', 'Subscriber']

test('a value of every column, presented as a cookie, is a stranger', async () => {
  const main = recordings.filter(({ port }) => [MAIN, MAIN + 1].includes(Number(port)))
  for (const { port, databaseUrl } of main) {
    const own = columns.filter(
      ({ database, table }) => database === withoutRole(databaseUrl) && WORTH_TRYING.includes(table),
    )
    expect(own).not.toEqual([])
    for (const { values, ...column } of own) {
      const value = values.at(-1) ?? ''
      const cookies = [encodeURIComponent(value), ...readingsOf(value).slice(-1)]
      const known = await Promise.all(cookies.map((cookie) => isKnown(`http://localhost:${port}`, cookie)))
      expect.soft(known.includes(true), `${column.table}.${column.column}`).toBe(false)
    }
  }
})

async function isKnown(site: string, cookie: string) {
  const headers = { cookie: `session=${cookie}` }
  const account = await fetch(`${site}/account`, { headers, redirect: 'manual' })
  const list = await (await fetch(site, { headers })).text()
  return !account.headers.get('location')?.startsWith('/login') || !list.includes('Nothing yet.')
}

function nameOf({ database, table, column }: Column) {
  return `${table}.${column} of ${database.replace(/.*\/(?=[^/]*\/)/, '')}`
}

function textOf({ values }: Column) {
  return Buffer.from(values.join('\n'))
}
