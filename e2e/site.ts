/** Starts one more server on the same build, with a port and a database of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Database } from './database'
import { RECORDED } from './leak/recordings'

export type Site = {
  url: string
  database: Database
  databaseUrl: string
  pid: number
  /** What it has written to stdout so far, line by line. */
  lines: () => string[]
  /** Lets it finish what was begun, or kills it. @returns its exit code; null when a signal ended it. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/**
 * @param stdout Where its lines go: to the test, or to a file that is open.
 * @param stderr The same for what it complains about.
 */
export async function startSite(
  settings: Record<string, string> = {},
  stdout: 'pipe' | number = 'pipe',
  stderr: 'inherit' | number = 'inherit',
): Promise<Site> {
  const port = await freePort()
  const url = settings.DATABASE_URL ?? newDatabaseUrl()
  const server = spawn(process.execPath, ['server.mjs'], {
    env: {
      ...{ ...process.env, ...RECORDED },
      ...{ PORT: port, DATABASE_URL: url, LOG_LEVEL: 'info', TRUSTED_PROXY_HOPS: '1', ...settings },
    },
    stdio: ['ignore', stdout, stderr],
  })
  const exited = once(server, 'exit')
  let output = ''
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error('the site did not start')))
    if (!server.stdout) return void untilAnswered(`http://localhost:${port}/health`).then(resolve)
    server.stdout.on('data', (text) => {
      output += text
      if (output.includes('Likes is at')) resolve()
    })
  })
  const database = new Database(url)
  return {
    url: `http://localhost:${port}`,
    database,
    databaseUrl: url,
    pid: server.pid ?? 0,
    lines: () => output.split('\n').filter(Boolean),
    async stop(signal) {
      server.kill(signal)
      await database.close()
      const [code] = await exited
      return code
    },
  }
}

async function untilAnswered(url: string): Promise<void> {
  const isThere = await fetch(url).then(
    () => true,
    () => new Promise((resolve) => setTimeout(resolve, 100, false)),
  )
  if (!isThere) await untilAnswered(url)
}

/** A site whose answers lose their cookies on the way, as for a browser that is set to keep none. */
export async function startSiteWithoutCookies(): Promise<Site> {
  const port = await freePort()
  const site = await startSite({ APP_URL: `http://localhost:${port}` })
  const { port: behind } = new URL(site.url)
  const proxy = createHttpServer((request, response) => {
    const { method, url, headers } = request
    const forwarded = httpRequest({ port: behind, method, path: url, headers }, (answer) => {
      const { 'set-cookie': _, ...kept } = answer.headers
      response.writeHead(answer.statusCode ?? 500, kept)
      answer.pipe(response)
    })
    request.pipe(forwarded)
  }).listen(port)
  return {
    ...site,
    url: `http://localhost:${port}`,
    async stop() {
      proxy.closeAllConnections()
      proxy.close()
      return site.stop()
    },
  }
}

/** Of the same kind as the main site's: the server makes what is not there. */
function newDatabaseUrl() {
  const main = process.env.E2E_DATABASE_URL ?? ''
  if (main.startsWith('postgresql:')) return Object.assign(new URL(main), { pathname: `site_${Date.now()}` }).href
  return `file:${join(mkdtempSync(join(process.env.E2E_FOLDER ?? '', 'site-')), 'likes.db')}`
}

async function freePort() {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? String(address.port) : ''
}
