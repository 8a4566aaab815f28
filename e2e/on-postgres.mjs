/** Serves the build on a PostgreSQL of its own, for as long as the tests run. */
import { spawn } from 'node:child_process'
import { startPostgres } from '../lib/testing/postgres.mjs'

const { url, stop } = await startPostgres(Number(process.env.E2E_POSTGRES_PORT))
const server = spawn(process.execPath, ['server.mjs'], { env: { ...process.env, DATABASE_URL: url }, stdio: 'inherit' })
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.kill(signal))
server.on('exit', async (code) => {
  await stop()
  process.exit(code ?? 0)
})
