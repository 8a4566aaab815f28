/**
 * Loaded into a server before anything else: tells the benchmark, when it asks, what the process used and what it asked
 * of its database; and lets an hour pass.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'

const HOUR = 60 * 60_000

if (isMainThread && process.send) {
  const statements = []
  const hourly = []
  const require = createRequire(join(process.cwd(), 'server.mjs'))
  watch(require('better-sqlite3').prototype, 'prepare')
  watch(require('pg').Client.prototype, 'query')
  const { setInterval } = globalThis
  globalThis.setInterval = (work, every, ...rest) => {
    if (every === HOUR) hourly.push(work)
    return setInterval(work, every, ...rest)
  }
  process.on('message', (message) => {
    if (message !== 'sample') {
      for (const work of hourly) work()
      return
    }
    const { user, system } = process.cpuUsage()
    process.send({ cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss(), statements: statements.splice(0) })
  })
  process.channel.unref()

  function watch(prototype, method) {
    const original = prototype[method]
    prototype[method] = function (query, ...rest) {
      statements.push(typeof query === 'string' ? query : query?.text)
      return original.call(this, query, ...rest)
    }
  }
}
