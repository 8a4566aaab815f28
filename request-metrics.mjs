/** Times every request for /metrics, in the registry that lib/metrics.ts shares. */
import { readFileSync } from 'node:fs'
import { collectDefaultMetrics, Histogram } from 'prom-client'

/** Others are refused at the door, and are one: a client may make up dozens. */
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS']
const ELSEWHERE = 'other'

/**
 * Also begins to watch the process itself: memory, CPU, the delay of its event loop. Call it once, with a build there.
 * @returns what to call with each request before it is answered.
 */
export function startRequestMetrics() {
  collectDefaultMetrics()
  const seconds = new Histogram({
    name: 'likes_http_request_duration_seconds',
    help: 'From the request’s headers to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  })
  const routeOf = routes()
  return (request, response) => {
    const { url } = request
    const method = METHODS.includes(request.method) ? request.method : ELSEWHERE
    const end = seconds.startTimer()
    // An answer whose reader left is one too; it has the status that was on its way.
    response.once('close', () => end({ method, route: routeOf(url), status: response.statusCode }))
  }
}

/** The route, and never the path: that may hold a token, and there are as many as somebody cares to ask for. */
function routes() {
  const { staticRoutes, dynamicRoutes } = JSON.parse(readFileSync('.next/routes-manifest.json', 'utf8'))
  const known = [...staticRoutes, ...dynamicRoutes].map(({ page, regex }) => ({ page, pattern: new RegExp(regex) }))
  return (url) => {
    const [path] = url.split('?', 1)
    if (path.startsWith('/_next/static/')) return '/_next/static'
    return known.find(({ pattern }) => pattern.test(path))?.page ?? ELSEWHERE
  }
}
