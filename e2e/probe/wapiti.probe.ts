import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PASSWORD, personAt, send } from './cast'
import { likeSome } from './content'
import { type Exception, Findings, FOLDER } from './findings'
import { startGate } from './gate'
import { isInstalled, run } from './tools'

const ATTACKS = [
  ...['backup', 'blindsql', 'cookieflags', 'crlf', 'csp', 'csrf', 'exec', 'file', 'htaccess', 'http_headers'],
  ...['methods', 'permanentxss', 'redirect', 'shellshock', 'sql', 'ssrf', 'xss', 'xxe'],
]

/** What names the action of a form: the proxy of the site refuses any other value (e2e/requests/action-ids.spec.ts). */
const NOT_FIELDS = Array.from({ length: 9 }, (_, i) => [
  `$ACTION_REF_${i}`,
  `$ACTION_${i}:0`,
  `$ACTION_${i}:1`,
  '$ACTION_KEY',
]).flat()

/** What no link leads to, with every parameter that a page reads. */
const PAGES = [
  ...['/?thing=Tea&before=1.x&notice=x', '/login?next=/&notice=x', '/signup?next=/', '/account?notice=x'],
  ...['/forgotten?likes=1&account=1&list=1', '/forgot?notice=x', '/admin/login?next=/', '/logout'],
]

const EXCEPTIONS: Exception[] = [
  {
    is: /Lack of anti CSRF token/,
    because:
      'no token but the origin: a post that does not prove to come from a page of ours is refused (proxy.ts, e2e/requests/forgery.spec.ts)',
  },
  {
    is: /X-XSS-Protection is not set/,
    because: 'no browser has it any more, and those that had it were worse off with it',
  },
  {
    is: /Strict-Transport-Security is not set/,
    because: 'the probe speaks http; with https it is sent (e2e/requests/headers.spec.ts)',
  },
]

/** Only a visitor is given a cookie; for the member the proxy keeps it. */
const COOKIE: Exception = {
  is: /Secure flag is not set in the cookie/,
  because: 'the probe speaks http; with https it is Secure (lib/session-cookie.ts)',
}

const isThere = isInstalled('wapiti')

for (const who of ['a visitor', 'a member'] as const) {
  test.skipIf(!isThere)(`wapiti finds nothing as ${who}`, async () => {
    const gate = await startGate()
    onTestFinished(gate.stop)
    const listener = await listen()
    onTestFinished(listener.stop)
    const owner = await personAt(gate.url)
    if (who === 'a member') {
      await send(owner, '/signup', 'Sign up', { username: 'ada', password: PASSWORD })
      await likeSome(owner)
      gate.keepIn(String((await gate.site.database.sessionOf(owner))?.userId))
    }
    const findings = new Findings(`wapiti, ${who}`, [...EXCEPTIONS, ...(who === 'a visitor' ? [COOKIE] : [])])
    const report = join(FOLDER, `wapiti of ${who}.json`)
    const code = await run(
      'wapiti',
      [
        ...['-u', `${gate.url}/`, '--scope', 'domain', '-m', ATTACKS.join(), '--flush-session', '--no-bugreport'],
        ...['--store-session', join(FOLDER, `wapiti ${who}`), '--endpoint', listener.url, '-f', 'json', '-o', report],
        ...['-H', `Origin: ${gate.url}`, '-v', '1', '-t', '30', '--max-attack-time', '20'],
        ...PAGES.flatMap((page) => ['-s', gate.url + page]),
        ...NOT_FIELDS.flatMap((name) => ['--skip', encodeURIComponent(name)]),
      ],
      'wapiti.log',
    )
    expect(code).toBe(0)
    const { vulnerabilities, anomalies, infos } = JSON.parse(readFileSync(report, 'utf8'))
    for (const [kind, all] of Object.entries({ ...vulnerabilities, ...anomalies }) as [
      string,
      Record<string, string>[],
    ][])
      for (const { method, path, info, parameter } of all)
        findings.add(`${kind}: ${method} ${path}: ${info} (${parameter})`)
    for (const failure of gate.failures) findings.add(failure)
    for (const asked of listener.asked) findings.add(`the site asked for ${asked}`)
    const requests = [...gate.statuses.values()].reduce((sum, count) => sum + count, 0)
    console.log(gate.statuses, infos)
    findings.report(`${requests} requests`)
  })
}

/** Where a site would knock that can be made to. */
async function listen() {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    // The scanner itself asks who was here.
    if (!url.includes('get_')) asked.push(url)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{}')
  }).listen(0)
  await new Promise((resolve) => server.once('listening', resolve))
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, asked, stop: () => void server.close() }
}
