/**
 * `npm test`: what must hold, step by step; stops at the first that does not. `npm run test:all` adds the long forms,
 * `npm run asvs` writes docs/asvs.md from what the tests have shown instead of comparing it with that.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RESULTS } from './docs/asvs.mjs'

const folder = mkdtempSync(join(tmpdir(), 'likes-'))
const env = {
  ...process.env,
  DATABASE_URL: `file:${join(folder, 'test.db')}`,
  CHECKPOINT_DISABLE: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  PLAYWRIGHT_JSON_OUTPUT_NAME: RESULTS.browser,
}

const isWhole = process.argv.includes('--all')
if (isWhole) env.TEST_ROUNDS = '200'

const STEPS = [
  ['the client is generated and the application builds', 'prepare.mjs'],
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings'],
  ['route types', 'node_modules/next/dist/bin/next', 'typegen'],
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit'],
  [
    'lib',
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${RESULTS.lib}`,
  ],
  ['journeys in a browser', 'node_modules/playwright/cli.js', 'test', '--reporter=list,json'],
  ['docs/asvs.md says what was shown', 'docs/asvs.mjs', ...(process.argv.includes('--asvs') ? ['--write'] : [])],
]
const REST = [['every journey on PostgreSQL', 'node_modules/playwright/cli.js', 'test']]

for (const step of isWhole ? [...STEPS, ...REST] : STEPS) {
  const [name, ...command] = step
  console.log(`\n▸ ${name}`)
  const started = Date.now()
  const { status } = spawnSync(process.execPath, command, {
    env: REST.includes(step) ? { ...env, E2E_ON: 'postgresql' } : env,
    stdio: 'inherit',
  })
  if (status !== 0) {
    console.error(`\n✗ ${name}`)
    process.exitCode = 1
    break
  }
  console.log(`✓ ${name} (${Math.round((Date.now() - started) / 1000)} s)`)
}
rmSync(folder, { recursive: true, force: true })
