/** What happens before the server is there: many processes at once, and a database that is not to be had. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'

const template = inject('template')
const isFile = template.startsWith('file:')

function prepare(url: string) {
  const child = spawn(process.execPath, ['prepare.mjs', '--no-build'], { env: { ...process.env, DATABASE_URL: url } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output }))
  })
}

test('ten processes that start at once migrate an empty database once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'likes-start-'))
  const url = isFile ? `file:${folder}/new/likes.db` : Object.assign(new URL(template), { pathname: '/brand_new' }).href
  const ended = await Promise.all(Array.from({ length: 10 }, () => prepare(url)))
  expect(ended.filter(({ code }) => code !== 0)).toEqual([])
  expect(ended.filter(({ output }) => output.includes('Preparing the database')).length).toBe(1)
  rmSync(folder, { recursive: true })
})

test('a database that cannot be reached stops the start with the variable’s name', async () => {
  const url = isFile ? 'file:package.json/likes.db' : 'postgresql://nobody:secret@localhost:1/likes'
  const { code, output } = await prepare(url)
  expect(code).toBe(1)
  expect(output).toMatch(/^DATABASE_URL: the database cannot be used: /m)
  expect(output).not.toContain('secret')
})

test.skipIf(isFile)('a wrong password stops the start with the variable’s name, and does not print it', async () => {
  const { code, output } = await prepare(Object.assign(new URL(template), { password: 'mistyped' }).href)
  expect(code).toBe(1)
  expect(output).not.toContain('mistyped')
})
