/** The numbers of docs/rules.md that no form shows are those of the code; what nginx is told leads no program astray. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** A constant of a file, such as `64 * 1024`, worked out. */
function constantOf(file: string, name: string): number {
  const [, written = ''] = new RegExp(`const ${name} = ([\\d_ *]+)\n`).exec(readFileSync(file, 'utf8')) ?? []
  return written.split('*').reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1)
}

test('2.1.3 each limit that the rules name is the one in the code', () => {
  const page = readFileSync('docs/rules.md', 'utf8')
  const rows =
    page
      .split('\n## Limits\n')[1]
      ?.split('\n## ')[0]
      ?.matchAll(/^\| .* \| ([\d,]+) \| (.*`.*) \|$/gm) ?? []
  let compared = 0
  for (const [, limit = '', places = ''] of rows) {
    for (const [, file = '', name = ''] of places.matchAll(/`(\S+) (\w+)`/g)) {
      expect(constantOf(file, name), `${file} ${name}`).toBe(Number(limit.replaceAll(',', '')))
      compared++
    }
  }
  expect(compared).toBe(10)
})

test('4.1.2 without TLS the proxy leads people to https, and refuses what programs ask', () => {
  const page = readFileSync('docs/operations.md', 'utf8')
  const [, plain = ''] = /server \{\n\s+listen 80;([\s\S]*?)\n {4}\}/.exec(page) ?? []
  const rules = plain.split('\n').map((line) => line.trim())
  expect(rules.filter((line) => line.includes('return'))).toEqual([
    'if ($request_method !~ ^(GET|HEAD)$) { return 403; }',
    'location ~ ^/(health|metrics) { return 403; }',
    'location / { return 301 https://likes.example$request_uri; }',
  ])
})
