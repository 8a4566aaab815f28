import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'playwright/test'
import { findChromium } from './e2e/chromium.mjs'
import { RECORDED } from './e2e/leak/recordings'

// Every worker loads this file too, and inherits what the first load decided.
if (!process.env.E2E_FOLDER) {
  const folder = mkdtempSync(join(tmpdir(), 'likes-e2e-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  process.env.CHROMIUM_PATH = findChromium()
  process.env.E2E_PORT ??= '3111'
  process.env.E2E_FOLDER = folder
  process.env.E2E_POSTGRES_PORT ??= String(Number(process.env.E2E_PORT) + 2)
  // E2E_ON=postgresql takes every journey there.
  process.env.E2E_DATABASE_URL =
    process.env.E2E_ON === 'postgresql'
      ? `postgresql://likes:likes@localhost:${process.env.E2E_POSTGRES_PORT}/likes`
      : `file:${folder}/likes.db`
}
// What a test makes through lib is there for the site.
process.env.DATABASE_URL = process.env.E2E_DATABASE_URL ?? ''
process.env.LOG_LEVEL = 'silent'

/** Facts of single requests and answers, which are the same with and without script. */
const REQUESTS = 'requests/*.spec.ts'
/** With script, without, and neither, by itself. */
const COMPARED = 'same-rows.spec.ts'
/** Facts of what a script adds. */
const SCRIPTED = 'at-once.spec.ts'
/** What a script makes no difference to, which the compared journey shows: `npm run test:all` asks it without one, too. */
const SCRIPT_OR_NOT = process.env.TEST_ROUNDS
  ? []
  : ['account', 'claim', 'download', 'newcomer', 'pages', 'policy', 'quiet', 'recovery', 'visitor'].map(
      (name) => `${name}.spec.ts`,
    )
/** A journey through everything, which looks at pages only. */
const SMOKE = 'newcomer.spec.ts'
/** What the whole run has left behind: when all others have passed, and only if all of them were asked for. */
const LEAK = 'leak/*.spec.ts'

const { CHROMIUM_PATH, E2E_DATABASE_URL, E2E_ON, E2E_PORT, E2E_POSTGRES_PORT } = process.env
const isSmoke = E2E_ON !== 'postgresql'
const baseURL = `http://localhost:${E2E_PORT}`
const onPostgres = `http://localhost:${Number(E2E_PORT) + 1}`

const server = {
  reuseExistingServer: false,
  // Long enough to build.
  timeout: 300_000,
  gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
} as const
const settings = {
  ...{ LOG_LEVEL: 'info', TRUSTED_PROXY_HOPS: '1', APP_URL: '', E2E_POSTGRES_PORT: E2E_POSTGRES_PORT ?? '' },
  ...RECORDED,
}
const projects = [
  { name: 'javascript on', testIgnore: [REQUESTS, COMPARED, LEAK], use: { javaScriptEnabled: true } },
  {
    name: 'javascript off',
    testIgnore: [REQUESTS, COMPARED, LEAK, SCRIPTED, ...SCRIPT_OR_NOT],
    use: { javaScriptEnabled: false },
  },
  { name: 'requests', testMatch: [REQUESTS, COMPARED] },
  ...(isSmoke
    ? [
        { name: 'postgresql', testMatch: SMOKE, use: { baseURL: onPostgres } },
        { name: 'postgresql, no script', testMatch: SMOKE, use: { baseURL: onPostgres, javaScriptEnabled: false } },
      ]
    : []),
]

export default defineConfig({
  testDir: 'e2e',
  outputDir: join(tmpdir(), 'likes-e2e-results'),
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // One more than the cores of a small machine: a browser that waits leaves its core to another.
  workers: 3,
  timeout: 60_000,
  // A log-in waits its turn behind other tests' bcrypt.
  expect: { timeout: 15_000 },
  use: {
    baseURL,
    // Recording costs a fifth of the time: `npx playwright test --trace retain-on-failure` when one is wanted.
    trace: 'off',
    // Without its sandbox, which is Playwright's default: as root and in most containers it cannot have one, and it
    // opens nothing but our own pages.
    launchOptions: { executablePath: CHROMIUM_PATH ?? '', chromiumSandbox: false },
  },
  projects: [...projects, { name: 'leaks', testMatch: LEAK, dependencies: projects.map(({ name }) => name) }],
  webServer: [
    {
      ...server,
      command: isSmoke ? 'node server.mjs' : 'node e2e/on-postgres.mjs',
      url: `${baseURL}/health`,
      env: { ...settings, PORT: E2E_PORT ?? '', DATABASE_URL: E2E_DATABASE_URL ?? '' },
    },
    ...(isSmoke
      ? [
          {
            ...server,
            command: 'node e2e/on-postgres.mjs',
            url: `${onPostgres}/health`,
            env: { ...settings, PORT: String(Number(E2E_PORT) + 1) },
          },
        ]
      : []),
  ],
})
