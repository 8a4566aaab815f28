/**
 * Loaded into a server: kills it with SIGKILL before the statement of this number, so that it dies inside of what a person
 * began. Counts what changes something, from the first insert on, lest the clean-up at the start be all that it hits.
 */
import { createRequire } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const require = createRequire(import.meta.url)
let left = Number(process.env.DRILL_DIE_AT)
let hasBegun = false

function count(sql) {
  hasBegun ||= /^\s*INSERT/i.test(sql)
  if (hasBegun && /^\s*(INSERT|UPDATE|DELETE|COMMIT)/i.test(sql) && --left === 0) process.kill(process.pid, 'SIGKILL')
}

function before(prototype, name) {
  const method = prototype[name]
  prototype[name] = function (...args) {
    count(String(args[0]?.text ?? args[0]))
    return method.apply(this, args)
  }
}

if (isMainThread && left > 0) {
  before(require('better-sqlite3').prototype, 'prepare')
  before(require('pg').Client.prototype, 'query')
}
