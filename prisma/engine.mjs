// Prisma's schema engine as WebAssembly, on top of the driver adapters that the app uses too.
// `databaseAt(url).openEngine()` has the engine's own methods: applyMigrations, diff and so on.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils'

export class UserFacingError extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

export function databaseAt(url) {
  return url.startsWith('file:') ? sqlite(url) : postgresql(url)
}

async function load(factory, schemaFiles) {
  // The package's main module imports its .wasm file, which Node 20 does not do without a flag.
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const wasm = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm'))
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  const datamodels = schemaFiles?.map((file) => [file, readFileSync(file, 'utf8')])
  return bindings.SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory))
}

// The adapters are made for an app's single statements, but the engine also sends whole migrations,
// through both methods below. better-sqlite3 refuses a second statement in `executeRaw`, and
// PrismaPg's `executeScript` cuts at every semicolon, even one inside a string or a function body.
function acceptScripts(adapter, runScript) {
  const { executeRaw } = adapter
  adapter.executeScript = async (script) => {
    try {
      await runScript(script)
    } catch (error) {
      adapter.onError(error)
    }
  }
  adapter.executeRaw = async (query) => {
    if (query.args.length > 0) return executeRaw.call(adapter, query)
    await adapter.executeScript(query.sql)
    return 0
  }
  return adapter
}

function sqlite(url) {
  const file = path.resolve(url.slice('file:'.length))
  let main

  async function open(target) {
    const { PrismaBetterSqlite3 } = await import('@prisma/adapter-better-sqlite3')
    const adapter = await new PrismaBetterSqlite3({ url: target, timeout: 30_000 }).connect()
    const { onError, queryRaw } = adapter
    adapter.onError = (error) => {
      // The adapter's kind for a busy database is not among those that the engine knows.
      if (error.code?.startsWith('SQLITE_BUSY'))
        throw new DriverAdapterError({ kind: 'sqlite', extendedCode: 5, message: error.message })
      onError.call(adapter, error)
    }
    adapter.queryRaw = async (query) => {
      try {
        return await queryRaw.call(adapter, query)
      } catch (error) {
        // This build of the engine takes a missing history table for a failure instead of for an
        // empty history. It still creates the table, and refuses a database with others, by itself.
        if (error.cause?.table !== '_prisma_migrations' || !query.sql.startsWith('SELECT')) throw error
        return { columnNames: [], columnTypes: [], rows: [] }
      }
    }
    return acceptScripts(adapter, (script) => {
      adapter.client.exec(script)
      // SQLite would only lock at the first write; two deploys that had both read by then would
      // each wait for the other, and one would fail. Locked here, the second waits its turn.
      if (script.endsWith('locking_mode=EXCLUSIVE')) adapter.client.exec('BEGIN EXCLUSIVE; COMMIT')
    })
  }

  return {
    async checkConnection(method) {
      // A comparison of migrations with a schema needs no database, for example in CI.
      if (method !== 'diff' && !existsSync(file))
        throw new UserFacingError('P1003', `Database \`${path.basename(file)}\` does not exist`)
    },
    async createDatabase() {
      mkdirSync(path.dirname(file), { recursive: true })
      await (await open(file)).dispose()
    },
    async openEngine(schemaFiles) {
      main = await open(existsSync(file) ? file : ':memory:')
      const engine = await load(
        {
          provider: 'sqlite',
          adapterName: '@prisma/adapter-better-sqlite3',
          connect: async () => main,
          connectToShadowDb: () => open(':memory:'),
        },
        schemaFiles,
      )
      // The WebAssembly engine's own reset empties the tables and leaves them there.
      engine.reset = async () => {
        const drops = main.client
          .prepare(
            `SELECT 'DROP ' || type || ' "' || name || '"' FROM sqlite_schema WHERE type IN ('view', 'table') AND name NOT GLOB 'sqlite_*'`,
          )
          .pluck()
          .all()
        main.client.exec(['PRAGMA foreign_keys = OFF', ...drops, 'PRAGMA foreign_keys = ON'].join(';'))
      }
      return engine
    },
    async close() {
      await main?.dispose()
    },
  }
}

const CHAR = 18
const TEXT = 25

function postgresql(url) {
  const target = new URL(url)
  const named = (database) => Object.assign(new URL(url), { pathname: database })
  let main

  async function open(address) {
    const { PrismaPg } = await import('@prisma/adapter-pg')
    const adapter = await new PrismaPg(
      // One connection, never closed in between: the engine's advisory lock and a migration's SET
      // belong to it.
      { connectionString: address.href, max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: 5000 },
      { schema: address.searchParams.get('schema') ?? undefined },
    ).connect()
    // The engine's catalogue queries return the internal type "char", which PrismaPg refuses.
    const { performIO, queryRaw } = adapter
    let types
    adapter.performIO = async (query) => {
      const result = await performIO.call(adapter, query)
      types = result.fields.map((field) => field.dataTypeID)
      for (const field of result.fields) if (field.dataTypeID === CHAR) field.dataTypeID = TEXT
      return result
    }
    adapter.queryRaw = async (query) => {
      const result = await queryRaw.call(adapter, query)
      result.columnTypes = result.columnTypes.map((type, i) => (types[i] === CHAR ? ColumnTypeEnum.Character : type))
      return result
    }
    return acceptScripts(adapter, (script) => adapter.underlyingDriver().query(script))
  }

  // PrismaPg's own shadow connection leads to the main database whenever it was given a URL.
  async function openShadow() {
    const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`
    await main.executeScript(`CREATE DATABASE "${name}"`)
    const shadow = await open(named(name))
    const { dispose } = shadow
    shadow.dispose = async () => {
      await dispose.call(shadow)
      await main.executeScript(`DROP DATABASE "${name}"`)
    }
    return shadow
  }

  return {
    async checkConnection() {
      const adapter = await open(target)
      try {
        await adapter.underlyingDriver().query('SELECT 1')
      } catch (error) {
        const server = `\`${target.hostname}:${target.port || 5432}\``
        if (error.code === '3D000')
          throw new UserFacingError('P1003', `Database \`${target.pathname.slice(1)}\` does not exist`)
        if (/^28/.test(error.code))
          throw new UserFacingError(
            'P1000',
            `Authentication failed against database server at ${server}: ${error.message}`,
          )
        if (error.severity) throw new UserFacingError('P1010', error.message)
        throw new UserFacingError(
          'P1001',
          `Can't reach database server at ${server}\n\nPlease make sure your database server is running at ${server}.`,
        )
      } finally {
        await adapter.dispose()
      }
    },
    async createDatabase() {
      const server = await open(named('postgres'))
      try {
        await server.executeScript(`CREATE DATABASE "${target.pathname.slice(1)}"`)
      } catch (error) {
        // Another deploy at the same moment was faster.
        if (!['DatabaseAlreadyExists', 'UniqueConstraintViolation'].includes(error.cause?.kind)) throw error
      }
      await server.dispose()
    },
    async openEngine(schemaFiles) {
      main = await open(target)
      return load(
        {
          provider: 'postgres',
          adapterName: '@prisma/adapter-pg',
          connect: async () => main,
          connectToShadowDb: openShadow,
        },
        schemaFiles,
      )
    },
    async close() {
      await main?.dispose()
    },
  }
}
