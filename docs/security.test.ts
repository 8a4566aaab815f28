/** docs/security.md promises nothing that no test tries to break. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ADMIN_EVENTS, EVENTS } from '../lib/security-log.ts'
import { titlesOfTests } from '../lib/testing/titles.ts'

const titles = titlesOfTests().map(({ fact }) => fact)
const claims = readFileSync('docs/security.md', 'utf8')
  .split(/\n\| claim \| test \|\n\|---\|---\|\n/)
  .slice(1)
  .flatMap((table) => table.slice(0, table.search(/\n(?!\|)/)).split('\n'))
  .map((row) => row.split(' | '))

test('every claim names a test, and every test that is named is there', () => {
  expect(claims.length).toBeGreaterThan(30)
  for (const [claim, named = ''] of claims) {
    const tests = [...named.matchAll(/`([^`]+)`/g)].map(([, title]) => title)
    expect(tests.length, claim).toBeGreaterThan(0)
    for (const title of tests) expect(titles, claim).toContain(title)
  }
})

test('16.1.1 16.3.3 every event that is written is explained', () => {
  const page = readFileSync('docs/security.md', 'utf8')
  const lineOnly = /type LineOnly =([\s\S]*?)\n\n/.exec(readFileSync('lib/log.ts', 'utf8'))?.[1] ?? ''
  const events = [
    ...Object.keys({ ...EVENTS, ...ADMIN_EVENTS }),
    ...[...lineOnly.matchAll(/'(\w+)'/g)].map(([, event]) => event),
  ]
  expect(events.length).toBeGreaterThan(12)
  for (const event of events) expect(page).toContain(`\`${event}\``)
})
