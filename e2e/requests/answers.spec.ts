/** What is true of every answer, of whatever kind: its headers, its length, and that nothing comes from elsewhere. */
import { once } from 'node:events'
import { Agent, createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import type { APIRequestContext } from 'playwright/test'
import { sessionCookie } from '../database'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { hiddenFields, openForm } from '../raw-form'
import { type Site, startSite } from '../site'

const PUBLIC = 'https://likes.example'
const PASSWORD = 'the pass phrase of the owner'
const METRICS_TOKEN = 'the-token-of-who-watches'

/** A site that believes to be behind TLS. */
let site: Site
let kinds: Record<string, Asked>

test.beforeAll(async ({ playwright }) => {
  site = await startSite({ APP_URL: PUBLIC, ADMIN_PASSWORD: PASSWORD, METRICS_TOKEN })
  kinds = await everyKind(await playwright.request.newContext())
})
test.afterAll(() => site.stop())

type Asked = { path: string; method?: string; headers?: Record<string, string>; body?: string }
type Answer = { status: number | undefined; headers: IncomingHttpHeaders; raw: string[]; body: string }

const EVIL = { origin: 'https://evil.example' }
const OWN = { origin: PUBLIC }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

async function ask({ path, method = 'GET', headers = EVIL, body }: Asked, agent = new Agent()): Promise<Answer> {
  const { port } = new URL(site.url)
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const sent = httpRequest({ port, path, method, headers: { ...headers, ...length }, agent }).end(body)
  const [answer] = await once(sent, 'response')
  let text = ''
  for await (const piece of answer.setEncoding('utf8')) text += piece
  expect(answer.complete).toBe(true)
  return { status: answer.statusCode, headers: answer.headers, raw: answer.rawHeaders, body: text }
}

/** All that comes back for these bytes, until the server hangs up. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(site.url).port), 'localhost')
  socket.write(bytes)
  let text = ''
  for await (const piece of socket.setEncoding('utf8')) text += piece
  return text
}

const HEAD = 'host: x\r\norigin: https://likes.example\r\n'

/** Answered before there is a request that our code could see. */
const UNREADABLE: Record<string, string> = {
  '400': 'garbage\r\n\r\n',
  '431': `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
  '400 ': 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n',
  '200': 'GET /health HTTP/1.1\r\nhost: x\r\nexpect: the-unexpected\r\nconnection: close\r\n\r\n',
}

async function parsed(bytes: string): Promise<Answer> {
  const [head = '', ...body] = (await exchange(bytes)).split('\r\n\r\n')
  const [status = '', ...lines] = head.split('\r\n')
  const raw = lines.flatMap((line) => line.split(/: (.*)/).slice(0, 2))
  const headers = Object.fromEntries(
    lines.map((line) => line.split(/: (.*)/)).map(([name = '', value = '']) => [name.toLowerCase(), value]),
  )
  return { status: Number(status.split(' ')[1]), headers, raw, body: body.join('') }
}

/** The cookie that a form's answer sets: on http nothing would send it back, as it is Secure. */
async function cookieFrom(request: APIRequestContext, path: string, button: string, fields: Record<string, string>) {
  const answer = await (await openForm(request, site.url + path, button)).send(fields, OWN)
  return (answer.headers()['set-cookie'] ?? '').split(';')[0] ?? ''
}

/** One of every kind of answer, by its status and type. */
async function everyKind(request: APIRequestContext): Promise<Record<string, Asked>> {
  const html = (await ask({ path: '/' })).body
  const [script = ''] = /\/_next\/static\/[^"]+\.js/.exec(html) ?? []
  const [style = ''] = /\/_next\/static\/[^"]+\.css/.exec(html) ?? []
  const cookie = await cookieFrom(request, '/admin/login', 'Log in', { password: PASSWORD })
  const token = { authorization: `Bearer ${METRICS_TOKEN}` }
  const part = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n\r\n--x--\r\n`
  const parts = { ...OWN, 'content-type': 'multipart/form-data; boundary=x' }
  return {
    '200 text/html': { path: '/' },
    '200 text/x-component': { path: '/?_rsc', headers: { ...EVIL, rsc: '1' } },
    '200 application/javascript': { path: script },
    '200 text/css': { path: style },
    '200 image/svg+xml': { path: '/icon.svg' },
    '200 application/json': {
      path: '/account/export?filename=x.html',
      method: 'POST',
      headers: { ...OWN, cookie },
    },
    '200 text/csv': { path: '/admin/export?filename=x.html', method: 'POST', headers: { ...OWN, cookie } },
    '200 text/plain': { path: '/metrics', headers: token },
    '200 application/json ': { path: '/health' },
    '303 ': { path: '/.well-known/change-password' },
    '303  from a form': { path: '/forget', method: 'POST', headers: { ...OWN, ...FORM }, body: 'shownTo=' },
    '307 ': { path: '/account' },
    '308 ': { path: '//evil.example' },
    '400 text/plain': { path: '/', method: 'POST', headers: parts, body: part('$ACTION_ID_x') },
    '401 text/plain': { path: '/metrics' },
    '403 text/plain': { path: '/', method: 'POST' },
    '404 text/html': { path: '/nowhere' },
    '404 text/plain': { path: '/_next/static/nowhere.js' },
    '405 text/plain': { path: '/', method: 'PUT' },
    '405 text/plain of a file': { path: script, method: 'POST', headers: OWN },
    '405 text/plain of a handler': { path: '/health', method: 'POST', headers: OWN },
    '409 text/html': { path: '/', method: 'POST', headers: parts, body: part(`$ACTION_ID_${'a'.repeat(42)}`) },
    '411 text/plain': { path: '/', method: 'POST', headers: { ...OWN, 'transfer-encoding': 'chunked' } },
    '413 text/plain': { path: '/', method: 'POST', headers: OWN, body: 'x'.repeat(70_000) },
  }
}

test('3.2.1 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.4.8 3.5.8 4.1.1 5.4.1 5.4.2 every kind of answer says how to treat it', async () => {
  const answers = await Promise.all(
    Object.entries(kinds).map(async ([kind, asked]) => [kind, await ask(asked)] as const),
  )
  for (const [status, bytes] of Object.entries(UNREADABLE)) answers.push([status, await parsed(bytes)])
  for (const [kind, { status, headers, raw, body }] of answers) {
    expect.soft(`${status} ${headers['content-type'] ?? ''}`, kind).toContain(kind.split(' ').slice(0, 2).join(' '))
    expect.soft(headers, kind).toMatchObject({
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    const policy = headers['content-security-policy'] ?? ''
    expect.soft(policy, kind).toMatch(/^default-src 'none';.*base-uri 'none'.*frame-ancestors 'none'$/)
    expect
      .soft(
        raw.filter((name) => /^content-security-policy$/i.test(name)),
        kind,
      )
      .toHaveLength(1)
    expect
      .soft(
        Object.keys(headers).filter((name) => name.startsWith('access-control-')),
        kind,
      )
      .toEqual([])
    const type = headers['content-type'] ?? ''
    if (body)
      expect
        .soft(type, kind)
        .toMatch(
          /^(text\/[\w-]+|[\w/]+\+xml|application\/javascript); ?(version=0.0.4; )?charset=utf-8|^application\/json/i,
        )
  }
  const { '200 application/json': json, '200 text/csv': csv } = Object.fromEntries(answers)
  expect(json?.headers['content-disposition']).toBe('attachment; filename="likes.json"')
  expect(csv?.headers['content-disposition']).toBe('attachment; filename="mailing-list.csv"')
})

test('4.2.2 every answer is as long as it says, so that the next one on its connection begins where it ends', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (const [kind, asked] of Object.entries(kinds)) {
    for (const method of asked.method ? [asked.method] : ['GET', 'HEAD']) {
      const { headers, body } = await ask({ ...asked, method }, agent)
      const length = headers['content-length']
      if (length !== undefined && method !== 'HEAD') expect(Buffer.byteLength(body), kind).toBe(Number(length))
      expect(length !== undefined && headers['transfer-encoding'] !== undefined, kind).toBe(false)
    }
  }
  agent.destroy()
})

test('1.5.3 4.2.1 where a request ends is never in doubt', async () => {
  const next = `GET /health HTTP/1.1\r\n${HEAD}\r\n`
  const ambiguous = [
    ['content-length: 5', 'transfer-encoding: chunked'],
    ['content-length: 5', 'content-length: 6'],
    ['content-length: 5, 6'],
    ['content-length: +5'],
    ['content-length: 0x5'],
    ['transfer-encoding: chunked'],
    ['transfer-encoding: identity, chunked'],
    ['transfer-encoding : chunked'],
    ['x: y\r\n transfer-encoding: chunked', 'transfer-encoding:\x0bchunked'],
    ['x: y\rtransfer-encoding: chunked'],
    ['x: y\ntransfer-encoding: chunked'],
  ]
  for (const lines of ambiguous) {
    const bytes = `POST /forget HTTP/1.1\r\n${HEAD}${lines.join('\r\n')}\r\n\r\n0\r\n\r\n${next}`
    const statuses = [...(await exchange(bytes)).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)
    expect(statuses, lines.join()).toEqual([expect.stringMatching(/^4(00|11)$/)])
  }
})

test('3.5.3 4.1.4 methods that nothing here needs are refused, and a safe one changes nothing', async ({ request }) => {
  const cookie = await cookieFrom(request, '/', 'Like', { thing: 'Tea' })
  const before = await site.database.everything()
  const paths = ['/', '/forget', '/unregister', '/account/export', '/logout', '/health', '/icon.svg', '/nowhere']
  for (const path of paths) {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'PURGE']) {
      const { status } = await ask({ path, method, headers: { ...OWN, cookie } })
      expect(status, `${method} ${path}`).toBe(405)
    }
    for (const method of ['GET', 'HEAD']) await ask({ path, method, headers: { ...OWN, cookie } })
    expect(await exchange(`CONNECT ${path} HTTP/1.1\r\n${HEAD}\r\n`)).toBe('')
    expect(await exchange(`BREW ${path} HTTP/1.1\r\n${HEAD}\r\n`)).toContain('HTTP/1.1 400 ')
  }
  expect(await site.database.everything()).toEqual(before)
})

test('4.1.2 no program is led from http to https: it is answered or refused where it asks', async () => {
  for (const path of ['/health', '/health/live', '/metrics', '/', '/nowhere']) {
    expect((await ask({ path })).headers.location, path).toBeUndefined()
  }
  const oneClick = {
    path: '/unsubscribe/x/one-click',
    method: 'POST',
    headers: FORM,
    body: 'List-Unsubscribe=One-Click',
  }
  expect((await ask(oneClick)).status).toBe(404)
})

test('1.3.6 the server asks nobody else, whatever a request says of where it came to', async ({ request }) => {
  const asked: string[] = []
  const elsewhere = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.end()
  }).listen(0)
  await once(elsewhere, 'listening')
  const address = elsewhere.address()
  const host = `localhost:${typeof address === 'object' ? address?.port : ''}`
  const hidden = hiddenFields(await (await request.get(`${site.url}/logout`)).text(), 'Log out')
  const page = await (await request.get(`${site.url}/login?next=//${host}/`)).text()
  const form = hidden ?? hiddenFields(page, 'Log in')
  const reference = [...(form ?? [])].find(([name]) => name.endsWith(':0'))?.[1]
  const id = reference ? JSON.parse(String(reference)).id : ''
  expect(id).toMatch(/^[\da-f]{42}$/)
  for (const extra of [
    { host },
    { host, 'x-forwarded-host': host, 'x-forwarded-proto': 'http', forwarded: `host=${host}` },
  ]) {
    const multipart = '--x\r\nContent-Disposition: form-data; name="0"\r\n\r\n["$undefined","$K1"]\r\n--x--\r\n'
    const headers = { ...OWN, ...extra, 'next-action': id, 'content-type': 'multipart/form-data; boundary=x' }
    const answer = await ask({ path: `/login?next=http://${host}/`, method: 'POST', headers, body: multipart })
    expect(answer.status).toBeLessThan(500)
    await ask({ path: `/_next/image?url=${encodeURIComponent(`http://${host}/x.png`)}&w=64&q=75`, headers: extra })
    await ask({ path: '/', headers: { ...extra, rsc: '1' } })
    // Answered by another path, which is made of the request's own address.
    expect((await ask({ path: '/outbox', headers: extra })).status).toBe(404)
  }
  expect(asked).toEqual([])
  elsewhere.close()
})

test('3.3.4 3.5.6 3.5.7 3.6.1 3.7.1 3.7.3 pages and scripts come from here, lead nowhere else, and hold no token', async ({
  request,
  baseURL,
}) => {
  const who = newCredentials()
  const strangers = await scriptsOf(request, ['/', '/login'])
  await (await openForm(request, '/signup', 'Sign up')).send(who)
  await (await openForm(request, '/', 'Like')).send({ thing: 'a secret pleasure' })
  const token = (await sessionCookie(request))?.value ?? ''
  expect(token).toHaveLength(43)
  const paths = [
    '/',
    '/account',
    '/logout',
    '/privacy',
    '/forgot',
    '/nowhere',
    '/reset/x',
    '/health',
    '/account/export',
  ]
  for (const path of paths) {
    const address = `${path}?callback=evil&jsonp=evil`
    const answers = [await request.get(address), await request.get(address, { headers: { rsc: '1' } })]
    if (path === '/account/export') answers.push(await request.post(path, { headers: { origin: baseURL ?? '' } }))
    for (const answer of answers) {
      const text = await answer.text()
      expect(text.includes(token), path).toBe(false)
      expect(text, path).not.toMatch(/^\W*evil\(|<(object|embed|applet|iframe|frame|base)\b/)
      expect(answer.headers()['content-type'] ?? '', path).not.toContain('javascript')
      for (const [, target = ''] of text.matchAll(/ (?:src|href|action|srcset|data|poster)="([^"]*)"/g)) {
        expect(target, path).toMatch(/^(\/(?!\/)|#|\?|$)/)
      }
    }
  }
  const members = await scriptsOf(request, ['/', '/account'])
  for (const [path, text] of strangers) expect(members.get(path) ?? text, path).toBe(text)
  for (const [path, text] of members) {
    expect(
      [token, who.username, 'a secret pleasure'].filter((secret) => text.includes(secret)),
      path,
    ).toEqual([])
  }
})

async function scriptsOf(request: APIRequestContext, pages: string[]): Promise<Map<string, string>> {
  const html = await Promise.all(pages.map(async (page) => (await request.get(page)).text()))
  const paths = new Set(html.join('').match(/\/_next\/static\/[^"'\\]+\.js/g))
  expect(paths.size).toBeGreaterThan(3)
  return new Map(
    await Promise.all([...paths].map(async (path) => [path, await (await request.get(path)).text()] as const)),
  )
}
