/** Load on a server, by autocannon, and what it cost. */
import autocannon from 'autocannon'

/**
 * Asks for something for some seconds.
 * @param request What autocannon takes: `headers`, `requests`, `overallRate` and the like.
 * @returns milliseconds of processor time a request, of waiting (`p50`, `p99`), requests a second, how many failed, the
 *   memory afterwards in bytes, and which statements were sent to the database.
 */
export async function load(server, { path = '/', seconds = 2, connections = 1, ...request }) {
  const before = await server.sample()
  const result = await autocannon({ url: server.url + path, duration: seconds, connections, ...request })
  const after = await server.sample()
  const requests = result.requests.total
  return {
    requests,
    ms: (after.cpuMs - before.cpuMs) / requests,
    p50: result.latency.p50,
    p99: result.latency.p99,
    perSecond: requests / result.duration,
    failed: result.errors + result.timeouts + result['4xx'] + result['5xx'],
    statements: after.statements,
    rss: after.rss,
  }
}

/**
 * Loads two things in turn, round by round, so that what disturbs the machine disturbs both; every other round begins
 * with the other one, so that neither comes more often after itself, when all caches are its own. What Node has
 * not compiled yet costs twice as much, so the first `warmUp` rounds are not counted: some ten seconds of each.
 */
export async function interleave({ rounds, warmUp = 0 }, loads) {
  const results = Object.fromEntries(Object.keys(loads).map((name) => [name, []]))
  for (let round = 0; round < warmUp + rounds; round++) {
    const order = round % 2 ? Object.keys(loads).reverse() : Object.keys(loads)
    for (const name of order) results[name].push(await loads[name]())
  }
  for (const name of Object.keys(results)) results[name].splice(0, warmUp)
  return results
}

/** Median, minimum and maximum of one figure over all rounds. */
export function spread(rounds, figure) {
  const sorted = rounds.map((round) => round[figure]).sort((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted.at(-1) }
}

/** How many times as much as `floor` something took: of the medians, and the least and the most of one round. */
export function ratio(rounds, floor, figure) {
  const each = rounds.map((round, i) => ({ [figure]: round[figure] / floor[i][figure] }))
  return { ...spread(each, figure), median: spread(rounds, figure).median / spread(floor, figure).median }
}
