/**
 * The door: Next's request handler behind our own HTTP server. It does what Next leaves to a proxy in front, so that a
 * site without one is safe too: it tells Next who is really asking, refuses bodies that no form of ours sends, and lets
 * what was begun finish when the server is stopped. See docs/decisions/0007-own-door.md.
 */
import { createServer, STATUS_CODES } from 'node:http'
import { mendFailure } from './error-page.mjs'
import { prepare } from './prepare.mjs'
import { startRequestMetrics } from './request-metrics.mjs'
import { answerHeaders, nameCharset } from './security-headers.mjs'

process.env.NODE_ENV ||= 'production'
// A full disk behind its output must not stop the site.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
const port = Number(process.env.PORT || 3000)
const hops = Number(process.env.TRUSTED_PROXY_HOPS || 0)

/** In bytes. The largest form is an announcement of 10,000 characters: 40 kB. */
const BODY_AT_MOST = 64 * 1024
const DRAIN_AT_MOST_MS = 20_000
/**
 * In milliseconds. A connection is kept for longer than nginx keeps it, a minute: what nginx sends on one that we close
 * in that moment is lost, and a form is not sent twice.
 */
const TIMEOUTS = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 }
const METHODS = ['GET', 'HEAD', 'POST']
/** What is only ever read; Next answers a POST to it with an error of ours. */
const FILES = /^\/(_next\/|icon\.svg|opengraph-image)/

try {
  await prepare()
  // Next fetches the page behind an action's redirect from itself: from here, whatever the Host header says.
  process.env.__NEXT_PRIVATE_ORIGIN = `http://127.0.0.1:${port}`
  const { default: next } = await import('next')
  // A server that never listens: Next would take upgrade requests from ours, past the door, and not answer all of them.
  const app = next({ dev: false, dir: import.meta.dirname, hostname: 'localhost', port, httpServer: createServer() })
  await app.prepare()
  serve(app)
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

function serve(app) {
  const handle = app.getRequestHandler()
  const time = startRequestMetrics()
  let isStopping = false
  const inFlight = new Set()
  // Checked by now: lib/env.ts stops the process while Next prepares when a variable is wrong.
  const publicOrigin = process.env.APP_URL ? new URL(process.env.APP_URL) : null
  const headers = answerHeaders(publicOrigin?.protocol === 'https:')
  // Without a Host it is refused below, with the headers that every answer has.
  const server = createServer({ ...TIMEOUTS, requireHostHeader: false }, (request, response) => {
    time(request, response)
    inFlight.add(response)
    response.once('close', () => inFlight.delete(response))
    response.shouldKeepAlive &&= !isStopping
    response.setHeaders(new Map(Object.entries(headers)))
    nameCharset(response)
    nameTheClient(request, publicOrigin?.host)
    const refusal = refuse(request)
    if (!refusal) {
      const began = performance.now()
      const wasAway = async () => globalThis.likesAwayAt >= began || !(await isHealthy())
      if (!request.url.startsWith('/health')) mendFailure(request, response, wasAway)
      return handle(request, response)
    }
    response.writeHead(refusal.status, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    })
    response.end(`${refusal.message}\n`)
  })
  server.on('clientError', (error, socket) => {
    const isAnswering = [...inFlight].some((response) => response.socket === socket)
    if (isAnswering || !socket.writable) socket.destroy()
    else socket.end(unreadable(error.code, headers))
  })
  // An expectation that nobody knows is no reason for Node to answer by itself.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  server.on('error', (error) => {
    console.error(error.code === 'EADDRINUSE' ? `PORT: ${port} is in use by another program` : error.message)
    process.exit(1)
  })
  server.listen(port, () => console.log(`Likes is at ${process.env.APP_URL || `http://localhost:${port}`}`))
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      isStopping = true
      // Or whoever goes on asking on an open connection, such as a proxy, would keep it open.
      for (const response of inFlight) response.shouldKeepAlive = false
      drain(server, app, () => inFlight.size === 0)
    })
  }
}

/**
 * Overwrites what a client may have claimed about itself. With TRUSTED_PROXY_HOPS=n the address is the n-th from the
 * right of X-Forwarded-For, the one that the outermost trusted proxy saw (ASVS 5.0, 4.1.3, 15.3.4).
 */
function nameTheClient(request, publicHost) {
  const { headers } = request
  const chain = String(headers['x-forwarded-for'] ?? '').split(',')
  const seen = hops > 0 ? chain.at(-hops)?.trim() : ''
  for (const name of ['forwarded', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip']) {
    delete headers[name]
  }
  headers['x-forwarded-for'] = seen || request.socket.remoteAddress || ''
  // Next compares an action's Origin with this, and a proxy may have replaced Host.
  if (publicHost) headers['x-forwarded-host'] = publicHost
}

async function isHealthy() {
  const signal = AbortSignal.timeout(10_000)
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal, redirect: 'error' }).catch(() => null)
  return answer?.ok ?? false
}

function refuse({ headers, method, url }) {
  const isReadOnly = method === 'POST' && FILES.test(url)
  if (!METHODS.includes(method) || isReadOnly) return { status: 405, message: 'Nothing here is asked for like that.' }
  if (headers.host === undefined) return { status: 400, message: 'That is not understood here.' }
  if (!url.startsWith('/')) return { status: 400, message: 'That is not an address here.' }
  if (headers['transfer-encoding']) return { status: 411, message: 'Please send the length of the body.' }
  if (Number(headers['content-length'] ?? 0) > BODY_AT_MOST)
    return { status: 413, message: 'That is too much at once.' }
  return null
}

/** The answer to what is no request, or one that did not end: Node's own would have no headers. */
function unreadable(code, headers) {
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[code] ?? 400
  const lines = Object.entries({ ...headers, 'content-length': 0, connection: 'close' }).map((pair) => pair.join(': '))
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '\r\n'].join('\r\n')
}

/** Lets what was begun finish. A connection on which nothing is asked, such as a browser's spare one, is not waited for. */
function drain(server, app, isIdle) {
  setTimeout(() => process.exit(1), DRAIN_AT_MOST_MS).unref()
  // What is being handed to the mail server ends well; otherwise nobody would know whether it arrived.
  const stopped = globalThis.likesStopPostman?.()
  // Node takes for idle a connection whose answer is complete but not yet sent, and would cut it off.
  server.closeIdleConnections = () => {}
  server.close(async () => {
    await app.close()
    await stopped
    process.exit(0)
  })
  const closeWhenIdle = () => isIdle() && server.closeAllConnections()
  setInterval(closeWhenIdle, 50).unref()
  closeWhenIdle()
}
