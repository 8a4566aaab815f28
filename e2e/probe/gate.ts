/**
 * The proxy that a site expects in front of it, for a scanner: it says of every request that it comes from another
 * address, as the requests of many people do, so that the limits by address leave the scanner something to look at. For
 * a member it also sees to it that the scanner, which presses every button, stays logged in.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { newAddress } from '../faults/browser'
import { type Site, startSite } from '../site'
import { FOLDER } from './findings'

export type Gate = {
  url: string
  site: Site
  /** Whoever asks without a cookie is this member from now on. */
  keepIn(userId: string): void
  /** What it has passed on, by status. */
  statuses: Map<number, number>
  /** What the site failed at: each a line. */
  failures: string[]
  stop(): Promise<void>
}

type Keeper = { userId: string | null; token: string }

/** Starts a site behind its proxy. */
export async function startGate(settings: Record<string, string> = {}): Promise<Gate> {
  const statuses = new Map<number, number>()
  const failures: string[] = []
  const keeper: Keeper = { userId: null, token: '' }
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request
    // Files that no parameter changes; wapiti's own way to leave something out fails with Python 3.11.
    if (url.startsWith('/_next/')) return void response.writeHead(404).end()
    const body = mendForm(await buffer(request))
    const headers = { ...request.headers, 'x-forwarded-for': newAddress(), 'content-length': body.length }
    if (keeper.userId) headers.cookie ??= `session=${await sessionOf(keeper, site)}`
    const forwarded = httpRequest(
      { port: new URL(site.url).port, method, path: url, headers, agent: false },
      (answer) => {
        const status = answer.statusCode ?? 0
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status >= 500) failures.push(`${method} ${url}: ${status} to ${body}`)
        const { 'set-cookie': cookies, ...kept } = answer.headers
        response.writeHead(status, { ...kept, ...(cookies && !keeper.userId && { 'set-cookie': cookies }) })
        answer.pipe(response)
      },
    )
    forwarded.on('error', () => response.destroy())
    forwarded.end(body)
  }).listen(0)
  await once(server, 'listening')
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const stderr = openSync(join(FOLDER, 'stderr.log'), 'a')
  const site = await startSite({ APP_URL: url, LOG_LEVEL: 'silent', ...settings }, 'pipe', stderr)
  return {
    ...{ url, site, statuses, failures },
    keepIn(userId) {
      keeper.userId = userId
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await site.stop('SIGKILL')
    },
  }
}

/** Wapiti 3.0.4 names a file in every part of a multipart form, where a browser sends text. */
function mendForm(body: Buffer) {
  return Buffer.from(body.toString('latin1').replace(/(name="([^"]*)"); filename="\2"/g, '$1'), 'latin1')
}

/** The token of a session that is there: the one before, or a new one when that has ended. */
async function sessionOf(keeper: Keeper, { database }: Site): Promise<string> {
  const [there] = await database.rows('SELECT id FROM "Session" WHERE "tokenHash" = ?', hashOf(keeper.token))
  if (there) return keeper.token
  keeper.token = randomBytes(32).toString('base64url')
  const [now, end] = [moment(Date.now()), moment(Date.now() + 24 * 60 * 60_000)]
  await database.rows(
    `INSERT INTO "Session" (id, "tokenHash", "userId", keep, "createdAt", "lastSeenAt", "expiresAt", data)
     VALUES (?, ?, ?, ?, ?, ?, ?, '{}')`,
    ...[randomUUID(), hashOf(keeper.token), keeper.userId, 1, now, now, end],
  )
  return keeper.token
}

function hashOf(token: string) {
  return createHash('sha256').update(Buffer.from(token, 'base64url')).digest('hex')
}

function moment(at: number) {
  return new Date(at).toISOString().replace('Z', '+00:00')
}
