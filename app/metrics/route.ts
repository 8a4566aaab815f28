import { exposition } from '#lib/metrics'
import { metricsAccess } from '#lib/request'

const REFUSALS = {
  off: { status: 404, message: 'METRICS_TOKEN is not set, so there is nothing here.', headers: {} },
  refused: { status: 401, message: 'Send METRICS_TOKEN as a bearer token.', headers: { 'www-authenticate': 'Bearer' } },
}

/** The numbers of this process in the Prometheus format, for whoever has METRICS_TOKEN. */
export async function GET() {
  const access = await metricsAccess()
  if (access === 'granted') {
    const { text, type } = await exposition()
    return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } })
  }
  const { status, message, headers } = REFUSALS[access]
  return new Response(`${message}\n`, { status, headers: { ...headers, 'cache-control': 'no-store' } })
}
