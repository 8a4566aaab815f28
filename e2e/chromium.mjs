/** Finds a Chromium to test with, or installs one: the config of Playwright and a plain script call the same function. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { chromium } from 'playwright'

const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']

/**
 * `CHROMIUM_PATH`, else Playwright's own, else the system's; where there is none, Playwright's is installed, and failing
 * that Debian's package. Says which one it takes.
 * @throws {Error} when none can be had.
 */
export function findChromium() {
  const given = process.env.CHROMIUM_PATH
  if (given && !runs(given)) throw new Error(`CHROMIUM_PATH: ${given} does not start`)
  const path = given || find() || (installPlaywrights() && find()) || (installDebians() && find())
  if (!path) {
    throw new Error('There is no Chromium and none could be installed. Install one, then set CHROMIUM_PATH to it.')
  }
  console.log(`Testing with ${path}`)
  return path
}

function find() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const systems = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [chromium.executablePath(), ...systems].find((path) => path && existsSync(path) && runs(path))
}

// One that is there may still lack a library of the system's.
function runs(path) {
  return spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0
}

function installPlaywrights() {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright/package.json')), 'cli.js')
  console.log('Installing a Chromium with Playwright …')
  return succeeds(process.execPath, [cli, 'install', 'chromium'])
}

function installDebians() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false
  console.log('Installing Debian’s package chromium-headless-shell …')
  return (
    succeeds('apt-get', ['update']) &&
    succeeds('apt-get', ['install', '-y', '--no-install-recommends', 'chromium-headless-shell'])
  )
}

function succeeds(command, args) {
  const { status, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0) console.log(`${command} ${args.join(' ')} failed: ${String(stderr).trim().split('\n').at(-1)}`)
  return status === 0
}
