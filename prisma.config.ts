import { existsSync } from 'node:fs'
import path from 'node:path'
import { defineConfig } from 'prisma/config'

const root = import.meta.dirname
if (existsSync(path.join(root, '.env'))) process.loadEnvFile(path.join(root, '.env'))
const url = process.env.DATABASE_URL || 'file:./data/likes.db'
const provider = /^postgres(ql)?:/.test(url) ? 'postgresql' : 'sqlite'

// Without a named binary the CLI downloads its native engine, which a machine that reaches only
// the npm registry cannot. Windows does not run a script by its `#!` line, so there it still downloads.
if (process.platform !== 'win32') {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= path.join(root, 'prisma/schema-engine.mjs')
}

export default defineConfig({
  schema: path.join(root, 'prisma', provider),
  migrations: { path: path.join(root, 'prisma', provider, 'migrations') },
  datasource: { url },
})
