#!/usr/bin/env node
// Stands in for Prisma's native schema engine, which the CLI would download: it answers the CLI's
// JSON-RPC, one message a line, from the same engine in npm's WebAssembly build.
// prisma.config.ts names this file in PRISMA_SCHEMA_ENGINE_BINARY.
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { databaseAt } from './engine.mjs'

const { values: options, positionals } = parseArgs({
  // The CLI may add options, for preview features or extensions, that this engine has no use for.
  strict: false,
  allowPositionals: true,
  options: { datamodels: { type: 'string', multiple: true }, datasource: { type: 'string' } },
})
const database = databaseAt(JSON.parse(options.datasource).url)

function logError({ message, code }) {
  const log = { level: 'ERROR', target: 'schema_engine::logger', fields: { message, error_code: code } }
  // The CLI takes the first line for the native engine's greeting and each later one for JSON.
  process.stderr.write(`schema-engine-wasm\n${JSON.stringify(log)}`)
  process.exitCode = 1
}

// The engine's last words before a panic, which ends this process as an uncaught RuntimeError.
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message(message) {
    logError({ message })
    process.stderr.write('\n')
  },
}

// The CLI sends this as soon as it has closed the input. That ends `serve` too, but in good order:
// a SQLite file would otherwise be left with its journal beside it.
process.on('SIGTERM', () => {})

function describe(error, method) {
  // Below the message comes the engine's Rust trace, which no user can act on.
  const [message, trace = ''] = error.message.split(/\n +0: /)
  const migration = /migration_name="(.+?)"/.exec(trace)?.[1]
  if (method !== 'applyMigrations' || !migration) return { code: error.code, message }
  // The native engine says this by itself; this build only passes the database's words on.
  return {
    code: 'P3018',
    message: `A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\nMigration name: ${migration}\n\nDatabase error:\n${message}`,
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

async function serve() {
  let engine
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line)
    const isReplyToPrint = !method
    if (isReplyToPrint) continue
    try {
      if (!engine) {
        await database.checkConnection(method)
        engine = await database.openEngine(options.datamodels)
      }
      // This build cannot replay the migrations here, only reuse what devDiagnostic replayed; and the
      // CLI has applied pending ones since it asked for that.
      if (method === 'evaluateDataLoss') await engine.devDiagnostic(params)
      const result = (await engine[method](params)) ?? {}
      // The CLI prints a diff only when the engine asks it to.
      if (method === 'diff') send({ id: 1, method: 'print', params: { content: result.stdout ?? '' } })
      send({ id, result })
    } catch (error) {
      const { code, message } = describe(error, method)
      send({ id, error: { code: 4466, message, data: { is_panic: false, message, error_code: code } } })
    }
  }
  await database.close()
  // The engine leaves timers behind that would keep this process, and with it the CLI, from ending.
  process.exit()
}

try {
  if (positionals[1] === 'can-connect-to-database') await database.checkConnection()
  else if (positionals[1] === 'create-database') await database.createDatabase()
  else await serve()
} catch (error) {
  logError(error)
}
