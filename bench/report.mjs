/** Writes what was measured into docs/performance.md, between its two marks. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { markdown } from './table.mjs'

const PAGE = join(import.meta.dirname, '..', 'docs', 'performance.md')
const [BEGIN, END] = ['<!-- npm run bench writes from here -->', '<!-- to here -->']
const PACKAGES = ['next', 'react', '@prisma/client', 'better-sqlite3', 'pg', 'bcryptjs', 'autocannon']

export function write(rows, profiles, { minutes, isLong }) {
  const page = readFileSync(PAGE, 'utf8')
  const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]]
  const text = [
    `\`npm run bench${isLong ? ' -- --long' : ''}\`, ${new Date().toISOString().slice(0, 10)}, ${minutes} minutes:`,
    machine(),
    markdown(rows),
    ...profiles.map(picture),
  ].join('\n\n')
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${text}\n\n${END}${after}`)
}

function machine() {
  const versions = PACKAGES.map(
    (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`,
  )
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${cpus()[0].model}, ${memory} GB, ${platform()} ${release()}; Node ${process.version}, ${versions.join(', ')}.`
}

function picture({ act, parts }) {
  const slices = parts.map(({ part, percent }) => `    "${part}" : ${percent.toFixed(1)}`)
  return ['```mermaid', `pie showData title ${act}, in percent of its processor time`, ...slices, '```'].join('\n')
}
