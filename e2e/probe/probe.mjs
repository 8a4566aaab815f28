/**
 * `npm run probe`: clients that know nothing of this project look at the production build: validators, scanners, and
 * browsers that draw only text. Words choose the clients whose files begin with one.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare } from '../../prepare.mjs'
import { findChromium } from '../chromium.mjs'

const folder = mkdtempSync(join(tmpdir(), 'likes-probe-'))
const results = join(folder, 'results.jsonl')
process.env.DATABASE_URL = `file:${join(folder, 'prepared.db')}`
try {
  await prepare()
  const began = Date.now()
  process.exitCode = await run({ ...process.env, E2E_FOLDER: folder, CHROMIUM_PATH: findChromium() })
  if (existsSync(results)) console.table(readFileSync(results, 'utf8').trim().split('\n').map(inColumns))
  console.log(`The probe took ${Math.round((Date.now() - began) / 1000)} s.`)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  if (process.exitCode) console.log(`What the servers and the scanners wrote is in ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
}

function run(env) {
  const config = ['--config', 'e2e/probe/vitest.config.ts', '--root', '.']
  const vitest = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...config, ...process.argv.slice(2)],
    {
      env,
      stdio: 'inherit',
    },
  )
  return new Promise((resolve) => vitest.on('close', (code) => resolve(code ?? 1)))
}

function inColumns(line) {
  const { client, looked, findings, exceptions, seconds } = JSON.parse(line)
  return { client, looked, findings, exceptions, s: seconds }
}
