/** What the sources never do, so that what a client sends meets no interpreter. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const OWN = ['proxy.ts', 'instrumentation.ts', 'server.mjs', 'error-page.mjs', 'security-headers.mjs']
const sources = [...OWN, ...['app', 'lib', 'cli'].flatMap(sourcesIn)].map((file) => {
  // Without comments, which may name what the code does not do.
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  return { file, text, isApp: file.startsWith('app'), isClient: text.trimStart().startsWith("'use client'") }
})

function sourcesIn(folder: string) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/\.test\.ts$|^lib\/testing\//.test(name))
}

/** Each place where the pattern stands, with its file. */
function places(pattern: RegExp, among = sources) {
  return among.flatMap(({ file, text }) => [...text.matchAll(pattern)].map(([found]) => `${file}: ${found}`))
}

test('1.3.2 3.2.2 3.2.3 no text is run as code, and none becomes HTML', () => {
  expect(sources.length).toBeGreaterThan(100)
  expect(
    places(/\beval\(|\bnew Function\b|(?<!jiti\.)\bimport\(\s*[^'"\s)]|node:vm\b|set(Timeout|Interval)\(\s*['"`]/g),
  ).toEqual([])
  expect(
    places(/dangerouslySetInnerHTML|(inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|srcDoc/g),
  ).toEqual([])
})

const serving = sources.filter(({ file }) => !file.startsWith('cli/'))

test('1.2.5 1.2.9 5.3.2 nothing that is typed becomes a command, a pattern or the path of a file', () => {
  expect(places(/child_process|\bRegExp\(/g)).toEqual([])
  expect(places(/ '(node:)?fs(\/promises)?'|\brequire\(/g, serving)).toEqual([
    // Reads the list of common passwords, by a name of its own.
    "lib/password-policy.ts:  'node:fs'",
    // Asks for the priority of its own thread.
    "lib/password-worker.mjs:  'node:fs'",
    // Makes the folder that DATABASE_URL names.
    "lib/sqlite.ts:  'node:fs'",
  ])
})

test('1.2.4 no statement for a request is put together from strings: what is not a literal is a parameter', () => {
  expect(places(/\$(query|execute)RawUnsafe[^(]*\(.*|Prisma\.raw\((?!'"\w+"'\)).*/g, serving)).toEqual([
    // One of two constants beside it.
    'lib/db.ts: $queryRawUnsafe<{ bytes: bigint }[]>(isFile ? FILE_SIZE : SERVER_SIZE)',
  ])
  expect(places(/\$(query|execute)Raw(<[^`(]*>)?\(.*/g, serving)).toEqual([])
})

test('1.3.6 the server asks nobody but itself and the mail server', () => {
  const asking = /\bfetch\([^,)]*|node:https?\b|\b(axios|undici|XMLHttpRequest|WebSocket|EventSource)\b/g
  expect(places(asking, serving)).toEqual([
    'server.mjs: node:http',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands there
    'server.mjs: fetch(`http://127.0.0.1:${port}/health`',
    // The browser does.
    "app/ui/offline-guard.tsx: fetch('/health/live'",
  ])
})

test('3.2.3 3.5.5 3.7.2 what runs in the browser asks it for nothing by a name that a page could give, and for no message', () => {
  const clients = sources.filter(({ isClient }) => isClient)
  expect(clients.length).toBeGreaterThan(10)
  const asked = new Set(
    places(/\b(window|document|globalThis|location|self|top|parent|opener)\.\w+/g, clients).map(
      (place) => place.split(': ')[1],
    ),
  )
  expect([...asked].sort()).toEqual([
    'document.addEventListener',
    'document.removeEventListener',
    'document.visibilityState',
    'window.addEventListener',
    'window.history',
    'window.removeEventListener',
  ])
  expect(places(/addEventListener\('message'|\bonmessage\b(?! = \(\{ data \}\))/g, clients)).toEqual([])
})
