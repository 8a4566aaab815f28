/** Servers to be measured: each a process of its own, watched by `watch.mjs`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'

const WATCH = join(import.meta.dirname, 'watch.mjs')

/**
 * Starts the application in `folder`.
 * @param flags For Node.
 * @returns its address; `sample()`, what it used since it started, and asked since the last sample; `cleanUp()`, which
 *   does now what is done every hour; `stop()`.
 */
export async function startServer(folder, settings, flags = []) {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const child = spawn(process.execPath, [`--import=${WATCH}`, ...flags, 'server.mjs'], {
    cwd: folder,
    env: { ...process.env, PORT: port, APP_URL: url, LOG_LEVEL: 'silent', TRUSTED_PROXY_HOPS: '1', ...settings },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  for await (const chunk of child.stdout) if (String(chunk).includes('Likes is at')) break
  child.stdout.resume()
  return {
    url,
    async sample() {
      child.send('sample')
      const [sample] = await once(child, 'message')
      return sample
    },
    cleanUp: () => child.send('an hour has passed'),
    async stop() {
      child.kill()
      await exited
    },
  }
}

/** Runs `work` with servers that are there, and stops them whatever happens. */
export async function withServers(servers, work) {
  try {
    return await work(servers)
  } finally {
    for (const server of servers) await server.stop()
  }
}

export async function freePort() {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}
