/** What script a browser loads for the first page, above an empty page of the same Next. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { freePort, startServer, withServers } from '../server.mjs'
import { atMost, row } from '../table.mjs'

export async function scripts({ folder, empty, file }) {
  const ours = await withServers([await startServer(folder, { DATABASE_URL: file })], ([{ url }]) => scriptBytes(url))
  const port = await freePort()
  const next = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start'], {
    cwd: empty,
    env: { ...process.env, PORT: port },
    stdio: 'ignore',
  })
  const exited = once(next, 'exit')
  const url = `http://localhost:${port}`
  while (!(await fetch(url).catch(() => null))?.ok) await sleep(50)
  const theirs = await scriptBytes(url)
  next.kill()
  await exited
  return [
    row('Script of the first page, above an empty one’s', (ours - theirs) / 1000, atMost(12, ' kB'), {
      note: `${(ours / 1000).toFixed(1)} kB against ${(theirs / 1000).toFixed(1)} kB, gzip`,
    }),
  ]
}

/** In bytes after gzip, of every script that a browser of today loads for this page. */
export async function scriptBytes(url) {
  const page = await (await fetch(url)).text()
  const modern = page.match(/<(script|link)\b[^>]*>/g).filter((tag) => !/nomodule/i.test(tag))
  const named = modern.map((tag) => /(?:src|href)="([^"]+\.js)[^"]*"/.exec(tag)?.[1])
  let bytes = 0
  for (const path of new Set(named.filter(Boolean))) {
    bytes += gzipSync(Buffer.from(await (await fetch(new URL(path, url))).arrayBuffer())).length
  }
  return bytes
}
