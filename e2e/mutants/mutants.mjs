/**
 * `npm run mutants`: plants each fault of faults.mjs in a copy of the project, one at a time, and shows that the tests
 * named there fail. `npm run mutants -- cookie` takes those with this word only.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyProject } from '../../lib/testing/copy-project.mjs'
import { FAULTS } from './faults.mjs'

const words = process.argv.slice(2).join(' ')
const chosen = FAULTS.filter(({ fault }) => fault.includes(words))
const copy = mkdtempSync(join(tmpdir(), 'likes-mutants-'))
const RESULTS = join(copy, 'results.json')
const VITEST = ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--reporter=json', `--outputFile=${RESULTS}`]
const PLAYWRIGHT = ['node_modules/playwright/cli.js', 'test', '--max-failures=1', '--reporter=json']
process.once('exit', () => rmSync(copy, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

run('node', ['prepare.mjs', '--no-build'], { DATABASE_URL: `file:${join(copy, 'prepared.db')}` }, '.')
copyProject(copy)
// A test that fails in any case would seem to catch whatever is planted.
for (const database of ['sqlite', 'postgresql', 'browser']) passUnchanged(database)
const caught = chosen.filter(isCaught).length
console.log(`\n${caught} of ${chosen.length} faults are caught.`)
process.exitCode = caught === chosen.length ? 0 : 1

function passUnchanged(where) {
  const tests = [...new Set(chosen.filter((one) => whereOf(one) === where).flatMap((one) => one.tests))]
  if (tests.length === 0) return
  const { passed, failed, said } = runTests(tests, where)
  if (passed > 0 && failed.length === 0) return
  console.error(`Without any fault ${tests} do not pass:\n${failed.join('\n')}\n${said}`)
  process.exit(1)
}

/** Where the tests of a fault run. */
function whereOf({ tests, database = 'sqlite' }) {
  return tests[0].startsWith('e2e/') ? 'browser' : database
}

function isCaught(one) {
  const { fault, file, line, instead, tests } = one
  const began = Date.now()
  const path = join(copy, file)
  const whole = readFileSync(path, 'utf8')
  const parts = whole.split(line)
  if (parts.length !== 2) throw new Error(`${file} has this line ${parts.length - 1} times: ${line}`)
  writeFileSync(path, parts.join(instead))
  const { failed, said } = runTests(tests, whereOf(one))
  writeFileSync(path, whole)
  // A fault with which nothing loads proves nothing: it is a test that must fail, and not merely its file.
  const [title] = failed
  const seconds = Math.round((Date.now() - began) / 1000)
  console.log(title ? `✓ ${fault} (${seconds} s)\n    ${title}` : `✗ NOT CAUGHT: ${fault} (${seconds} s)\n${said}`)
  return title !== undefined
}

/** @returns how many passed, the titles of those that failed, and the end of what was said. */
function runTests(tests, where) {
  rmSync(RESULTS, { force: true })
  const [command, env] = where === 'browser' ? [PLAYWRIGHT, { PLAYWRIGHT_JSON_OUTPUT_NAME: RESULTS }] : [VITEST, {}]
  const project = where === 'browser' ? 'requests' : where
  const { stdout, stderr } = run('node', [...command, `--project=${project}`, ...tests], env)
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-10).join('\n')
  if (!existsSync(RESULTS)) return { passed: 0, failed: [], said }
  const { testResults, suites } = JSON.parse(readFileSync(RESULTS, 'utf8'))
  const shown = suites?.flatMap((suite) => suite.specs) ?? testResults.flatMap((file) => file.assertionResults)
  const failed = shown.filter(({ status, ok }) => ok === false || status === 'failed')
  // A test that was left out shows nothing.
  const passed = shown.filter(({ status, tests }) => (status ?? tests[0].status).match(/^(passed|expected)$/)).length
  return { passed, failed: failed.map(({ title }) => title), said }
}

function run(command, args, env = {}, cwd = copy) {
  return spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' })
}
