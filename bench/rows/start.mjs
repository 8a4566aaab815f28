/** From the command to the first page, with a build that is current: this site against an empty Next application. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { interleave, ratio, spread } from '../load.mjs'
import { freePort } from '../server.mjs'
import { atMost, row } from '../table.mjs'

export async function start({ folder, empty, file }) {
  const { site, next } = await interleave(
    { rounds: 5 },
    {
      site: () => untilFirstPage(folder, ['server.mjs'], { DATABASE_URL: file, LOG_LEVEL: 'silent' }),
      next: () => untilFirstPage(empty, ['node_modules/next/dist/bin/next', 'start']),
    },
  )
  return [
    row('From start to the first page, of an empty Next application’s', ratio(site, next, 'ms'), atMost(3), {
      note: `${spread(site, 'ms').median.toFixed(0)} ms against ${spread(next, 'ms').median.toFixed(0)} ms`,
    }),
  ]
}

async function untilFirstPage(folder, command, settings = {}) {
  const port = await freePort()
  const began = performance.now()
  const server = spawn(process.execPath, command, {
    cwd: folder,
    env: { ...process.env, ...settings, PORT: port },
    stdio: 'ignore',
  })
  const exited = once(server, 'exit')
  try {
    while (!(await isAnswered(`http://localhost:${port}/`))) await sleep(10)
    return { ms: performance.now() - began }
  } finally {
    server.kill()
    await exited
  }
}

async function isAnswered(url) {
  const answer = await fetch(url).catch(() => null)
  await answer?.text()
  return answer?.ok ?? false
}
