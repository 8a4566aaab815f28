/** The command as an operator types it: a process of its own, files as they come from spreadsheets, and its last words. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { stringify } from 'csv-stringify/sync'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { db } from '../lib/db.ts'
import { likes } from '../lib/testing/cli.ts'
import { run } from './import.ts'

const folder = mkdtempSync(join(tmpdir(), 'likes-import-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  await db().subscriber.deleteMany()
})

/** The same in this process, which takes a tenth of the time. */
async function importFile(content: string | Buffer) {
  const err: string[] = []
  vi.spyOn(console, 'error').mockImplementation((line) => err.push(`${line}\n`))
  const { code = 0, text } = await run({ file: write(content) }, folder).catch((error) => {
    console.error(error.message)
    return { code: 1, text: '' }
  })
  vi.restoreAllMocks()
  return { code, out: text && `${text}\n`, err: err.join('') }
}

function write(content: string | Buffer) {
  const file = join(folder, 'list.csv')
  writeFileSync(file, content)
  return file
}

async function listed() {
  const rows = await db().subscriber.findMany({ orderBy: { address: 'asc' } })
  return rows.map(({ address }) => address)
}

function summary(added: string, there: string, refused: string) {
  return `Added: ${added}. Already there: ${there}. Refused: ${refused}.\n`
}

test('10,000 lines with CRLF: each refused one is named by its line, and a second run adds nothing', async () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `"Doe, Jane ${i}",jane.${i}@example.org,x`)
  lines[0] = 'Name,E-Mail,Note'
  lines[4_321] = 'Eve,eve.example.org,x'
  lines[7_000] = 'Jane,JANE.6999@Example.org,x'
  lines[9_999] = '"Ada\r\nLovelace",Ada <ada@example.org>,x'
  const file = write(lines.join('\r\n'))
  const first = await likes(['import', file])
  expect(first).toEqual({
    code: 1,
    out: summary('9,996', '1', '2'),
    err:
      'Line 4322: "eve.example.org": An e-mail address looks like name@example.org.\n' +
      'Line 10000: "Ada <ada@example.org>": An e-mail address has no spaces in it.\n',
  })
  expect(await db().subscriber.count({ where: { confirmedAt: { not: null } } })).toBe(9_996)
  expect((await importFile(lines.join('\r\n'))).out).toBe(summary('0', '9,997', '2'))
  expect(await db().subscriber.count()).toBe(9_996)
})

test('lines keep their numbers after a line break in quotes, blank lines and mixed endings', async () => {
  const content =
    'name,email\r\n\r\n"two\r\nlines",ada@example.org\n\n   \n"x""y",wrong 1\r\n"three\n\n\rlines",wrong 2\r\n,\r\n"z",wrong 3'
  const { err, out } = await importFile(content)
  expect(err.match(/^Line \d+: "wrong \d"/gm)).toEqual(['Line 7: "wrong 1"', 'Line 8: "wrong 2"', 'Line 13: "wrong 3"'])
  expect(out).toBe(summary('1', '0', '3'))
})

test('a plain list with a BOM, no header and stray spaces is read from its first line', async () => {
  const { code, out } = await importFile('\ufeffada@example.org\n  Grace@Example.org \nada@bücher.example\n')
  expect(code).toBe(0)
  expect(out).toBe(summary('3', '0', '0'))
  expect(await listed()).toEqual(['ada@example.org', 'ada@xn--bcher-kva.example', 'grace@example.org'])
})

test('a column named email, however it is spelled, is read wherever it stands, also behind a BOM', async () => {
  const contents = ['email', 'E-Mail', ' ADDRESS ', '"Email Address"'].map(
    (header, i) => `id,${header},name\n1,ada.${i}@example.org,eve@example.org\n`,
  )
  for (const content of [...contents, '\ufeff"email",name\nada.4@example.org,eve@example.org\n']) {
    expect((await importFile(content)).err).toBe('')
  }
  expect(await listed()).toEqual([0, 1, 2, 3, 4].map((i) => `ada.${i}@example.org`))
})

test('without a header the first column is read, and the first row is data', async () => {
  await importFile('ada@example.org,Ada\n"grace@example.org","Grace, Hopper"\n')
  expect(await listed()).toEqual(['ada@example.org', 'grace@example.org'])
})

test('a row that is too short has no address, and is refused', async () => {
  const { err } = await importFile('name,email\nAda\n')
  expect(err).toBe('Line 2: "": Type an e-mail address.\n')
})

test('what our export guarded against spreadsheets comes back as it was', async () => {
  const addresses = ['+x@example.org', '-x@example.org', '=x@example.org', "'x@example.org"]
  const content = stringify([['email'], ...addresses.map((address) => [address])], { escape_formulas: true })
  expect(content).toContain("'=x@example.org")
  expect((await importFile(content)).code).toBe(0)
  expect((await listed()).sort()).toEqual([...addresses].sort())
})

test('1.3.3 what was refused is shown short and cannot steer the terminal', async () => {
  const { err } = await importFile(`\u001b[2J\u202eada\n${'a'.repeat(5_000)}\n"x\ny"\n`)
  expect(err.split('\n')).toEqual([
    'Line 1: "\\u{1b}[2J\\u{202e}ada": An e-mail address has no spaces in it.',
    `Line 2: "${'a'.repeat(100)}…": That is longer than an address can be.`,
    'Line 3: "x\\u{a}y": An e-mail address has no spaces in it.',
    '',
  ])
})

test('a quote that does not end stops the import before it begins, and its line is named', async () => {
  const { code, out, err } = await importFile('ada@example.org\n"two\nlines"\n"grace@example.org\neve@example.org\n')
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err).toMatch(
    /list\.csv cannot be read, and nothing was imported: a quote that begins in line 4 does not end\n$/,
  )
  expect(await listed()).toEqual([])
})

test('a file that is not there, and a folder, are errors that say so', async () => {
  for (const [file, why] of [
    // What a name or a file has in it moves no cursor.
    [join(folder, 'none\u001b[2J.csv'), /none\\u\{1b\}\[2J\.csv cannot be read.*no such file/],
    [folder, /directory/],
  ] as const) {
    const { code, out, err } = await likes(['import', file])
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(why)
  }
})

test('bytes that are no text are refused line by line', async () => {
  const { code, err } = await importFile(Buffer.from([0xff, 0xfe, 0x00, 0x61, 0x40, 0x62, 0x0a, 0x00, 0x0a]))
  expect(code).toBe(1)
  expect(err).toMatch(/^Line 1: /)
  expect(await listed()).toEqual([])
})

test('a database that stays locked is named as the reason, with how far the import came', async () => {
  const other = new Database((process.env.DATABASE_URL ?? '').replace('file:', ''))
  other.exec('BEGIN IMMEDIATE')
  const { code, out, err } = await likes(['import', write('ada@example.org\n')])
  other.close()
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^Stopped after 0 of 1 addresses\. Run it again for the rest\.\n.*database is locked`\n$/)
})

test('an empty file adds nothing, and that is no error', async () => {
  expect(await importFile('')).toEqual({ code: 0, out: summary('0', '0', '0'), err: '' })
})

test('- is standard input, and a path starts where the command was typed', async () => {
  expect((await likes(['import', '-'], { input: 'ada@example.org\n' })).out).toBe(summary('1', '0', '0'))
  writeFileSync(join(folder, 'here.txt'), 'grace@example.org')
  expect((await likes(['import', 'here.txt'], { cwd: folder })).out).toBe(summary('1', '0', '0'))
})

test('without a command, or with help, the commands are listed; an unknown one or no file is an error', async () => {
  for (const args of [[], ['help']]) {
    const { code, out, err } = await likes(args)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^Usage: npm run likes -- <command>\n[\s\S]+\n {2}import \[options\] <FILE> /)
  }
  for (const [args, why] of [
    [['__proto__'], /^error: unknown command '__proto__'/],
    [['import'], /^error: missing required argument 'FILE'/],
    [['import', '--all', 'a'], /^error: unknown option '--all'/],
    [['import', 'a', 'b'], /^error: too many arguments/],
  ] as const) {
    const { code, out, err } = await likes([...args])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(why)
  }
})

test('--json prints the result as JSON, and nothing else', async () => {
  const { out } = await likes(['import', '-', '--json'], { input: 'ada@example.org\nx\n' })
  expect(JSON.parse(out)).toEqual({ added: 1, alreadyThere: 0, refused: 1 })
})
