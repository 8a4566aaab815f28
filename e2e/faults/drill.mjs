/**
 * `npm run drill`: faults against real servers on the production build, and what was acknowledged against what is in the
 * database afterwards. `--large` adds the move of a large site; words choose the faults whose files begin with one.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare } from '../../prepare.mjs'

const words = process.argv.slice(2).filter((word) => word !== '--large')
const folder = mkdtempSync(join(tmpdir(), 'likes-drill-'))
const results = join(folder, 'results.jsonl')
process.env.DATABASE_URL = `file:${join(folder, 'prepared.db')}`
try {
  await prepare()
  const began = Date.now()
  process.exitCode = await run({
    ...process.env,
    E2E_FOLDER: folder,
    CHECKPOINT_DISABLE: '1',
    ...(process.argv.includes('--large') && { DRILL_LARGE: '1' }),
  })
  if (existsSync(results)) console.table(readFileSync(results, 'utf8').trim().split('\n').map(inColumns))
  console.log(`The drill took ${Math.round((Date.now() - began) / 1000)} s.`)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  if (process.exitCode) console.log(`What the servers complained about is in ${join(folder, 'stderr.log')}`)
  else rmSync(folder, { recursive: true, force: true })
}

function run(env) {
  const config = ['--config', 'e2e/faults/vitest.config.ts', '--root', '.']
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...config, ...words], {
    env,
    stdio: 'inherit',
  })
  return new Promise((resolve) => vitest.on('close', (code) => resolve(code ?? 1)))
}

function inColumns(line) {
  const { fault, seconds, ...counts } = JSON.parse(line)
  return { fault, s: seconds, ...counts }
}
