/** What the rules of input say (docs/rules.md), of every form there is. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { isMany } from '../app/ui/like-field.tsx'
import { parseAddress } from './email-address.ts'
import * as forms from './forms.ts'
import { deviceOf, isOwnOrigin, networkOf, safeNext } from './request.ts'
import { parseData } from './session-data.ts'

const SCHEMAS = Object.entries(forms).filter((entry): entry is [string, z.ZodObject] => entry[1] instanceof z.ZodObject)

/** Each field of each form, by itself. */
const FIELDS = SCHEMAS.flatMap(([form, { shape }]) =>
  Object.entries(shape).map(([field, type]) => ({
    name: `${form} ${field}`,
    form,
    field,
    schema: z.object({ [field]: type }),
  })),
)

function parse({ field, schema }: { field: string; schema: z.ZodObject }, ...values: (string | Blob)[]) {
  const form = new FormData()
  for (const value of values) form.append(field, value)
  const parsed = forms.parseForm(schema, form)
  return parsed.ok ? { value: parsed.data[field] } : { error: parsed.state.errors[field] }
}

test('2.2.1 of every field of every form what is no text is refused, or counts as not given where nobody types it', () => {
  expect(SCHEMAS.length).toBeGreaterThan(15)
  for (const one of FIELDS) {
    for (const odd of [['x', 'y'], [new Blob(['x'])], ['a\0b'], ['a\ud800b']]) {
      const { error, value } = parse(one, ...odd)
      expect(error !== undefined || ['', '/'].includes(value as string), `${one.name} ${odd}`).toBe(true)
    }
  }
})

/** The rows of the table under this heading of docs/rules.md, cell by cell. */
function table(heading: string): string[][] {
  const page = readFileSync('docs/rules.md', 'utf8')
  const section = page.split(/^##+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| '))
  return rows.slice(1).map((row) => row.slice(2, -2).split(' | '))
}

/** As long as it says, and still of the kind that the field takes. */
const OF_LENGTH: Record<string, (length: number) => string> = {
  email: (length) => `${'x'.repeat(60)}@${`${'y'.repeat(60)}.`.repeat(4).slice(0, length - 65)}.org`,
}

test('2.1.1 each length that the rules of input name is what its forms take, and not one more', () => {
  const rows = table('Fields').filter(([, , longest]) => longest && /\d/.test(longest))
  expect(rows.length).toBeGreaterThan(7)
  for (const [names = '', , longest = ''] of rows) {
    const length = Number(longest.replace(/\D/g, ''))
    for (const [, field = ''] of names.matchAll(/`(\w+)`/g)) {
      const among = FIELDS.filter((one) => one.field === field && !/(LogIn|Reset)Form username/.test(one.name))
      expect(among.length, field).toBeGreaterThan(0)
      const make = OF_LENGTH[field] ?? ((n: number) => 'x'.repeat(n))
      for (const one of among) {
        // Several lines make several things; one line makes one.
        expect([parse(one, make(length)).value].flat(), one.name).toEqual([make(length)])
        const { error, value } = parse(one, make(length + 1))
        expect(error !== undefined || value === '', one.name).toBe(true)
      }
    }
  }
})

test('2.1.1 every field of every form has its row in the rules of input', () => {
  const named = new Set(
    table('Fields').flatMap(([names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name)),
  )
  const fields = new Set(FIELDS.map(({ field }) => field))
  expect([...named].sort()).toEqual([...fields].sort())
})

test('2.2.3 fields that belong together are judged together', () => {
  const signUp = new FormData()
  for (const [name, value] of Object.entries({ username: 'ada-lovelace', password: 'Ada-Lovelace1' }))
    signUp.append(name, value)
  expect(forms.parseForm(forms.SignUpForm, signUp)).toMatchObject({ ok: false })
})

test('4.2.5 no address is made that a server would refuse for its length', () => {
  expect(safeNext(`/${'x'.repeat(3999)}`)).toHaveLength(4000)
  expect(safeNext(`/${'x'.repeat(4000)}`)).toBe('/')
  const longest = `/?thing=${encodeURIComponent('🍵'.repeat(200))}`
  expect(safeNext(longest)).toBe(longest)
})

test('1.3.12 64 kB of what is worst for a pattern cost no field a quarter of a second', () => {
  const pieces = [
    ' ',
    'a',
    '\u200b',
    '/',
    '\\',
    'a@',
    'a.',
    'a-',
    '+',
    '1',
    '(',
    '"',
    '\n',
    '🍵',
    'ﬃ',
    ':',
    '[1',
    '\n\u200b',
    '\x01\n',
    'a\n',
    'Chrome/1 ',
    '%',
  ]
  const inputs = pieces.flatMap((piece) => {
    const long = piece.repeat(64_000 / piece.length)
    return [long, `${long}!`, `/${long}\0`, `a@${long}`]
  })
  const readers: Record<string, (text: string) => unknown> = {
    safeNext,
    deviceOf,
    networkOf,
    parseAddress,
    parseData,
    isMany,
  }
  readers.isOwnOrigin = (text) => isOwnOrigin({ get: () => text }, ['http://localhost'])
  // Fields of the same kind are one.
  for (const one of new Map(FIELDS.map((field) => [Object.values(field.schema.shape)[0], field])).values()) {
    readers[one.name] = (text) => parse(one, text)
  }
  for (const [name, read] of Object.entries(readers)) {
    for (const input of inputs) {
      const began = process.cpuUsage()
      read(input)
      const { user } = process.cpuUsage(began)
      expect(user / 1000, `${name}: ${JSON.stringify(input.slice(0, 12))} …`).toBeLessThan(250)
    }
  }
})
