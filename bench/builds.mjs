/** What is measured: this site with its floor, and an empty application of the same Next. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyProject, linkModules } from '../lib/testing/copy-project.mjs'
import { layFloor } from './floor/lay.mjs'

/** @param {string} databaseUrl What the copy prepares. */
export function buildSite(folder, databaseUrl) {
  copyProject(folder)
  layFloor(folder)
  run(folder, ['prepare.mjs'], { DATABASE_URL: databaseUrl })
}

const EMPTY = {
  'package.json': '{ "private": true, "type": "module" }',
  'next.config.mjs': 'export default { turbopack: { root: import.meta.dirname } }',
  'app/layout.jsx': `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>
}`,
  'app/page.jsx': 'export default function Page() {\n  return <h1>Empty</h1>\n}',
}

export function buildEmpty(folder) {
  mkdirSync(join(folder, 'app'), { recursive: true })
  for (const [name, text] of Object.entries(EMPTY)) writeFileSync(join(folder, name), text)
  linkModules(folder)
  run(folder, ['node_modules/next/dist/bin/next', 'build'])
}

function run(cwd, command, env = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}${stderr}`)
}
