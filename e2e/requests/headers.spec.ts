import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'
import { startSite } from '../site'

const DAY = 24 * 60 * 60

test('3.3.2 3.3.4 3.3.5 4.2.5 14.3.3 a visitor’s cookie lasts 400 days, is for this site alone and for no script', async ({
  request,
}) => {
  const answer = await (await openForm(request, '/', 'Like')).send({ thing: 'Tea' })
  const { name, value, attributes } = cookieOf(answer.headers())
  expect(name).toBe('session')
  expect(value).toMatch(/^[\w-]{43}$/)
  expect(attributes).toMatchObject({ httponly: '', samesite: 'lax', path: '/', 'max-age': String(400 * DAY) })
  expect(Object.keys(attributes).toSorted()).toEqual(['expires', 'httponly', 'max-age', 'path', 'samesite'])
})

test('3.3.4 a member’s cookie lasts 30 days when it is to be kept, else as long as the browser', async ({
  request,
}) => {
  const ada = newCredentials()
  const signUp = await openForm(request, '/signup', 'Sign up')
  const logIn = await openForm(request, '/login', 'Log in')
  const kept = cookieOf((await signUp.send({ ...ada, keep: 'on' })).headers())
  expect(kept.attributes).toMatchObject({ httponly: '', samesite: 'lax', path: '/', 'max-age': String(30 * DAY) })
  const brief = cookieOf((await logIn.send(ada)).headers())
  expect(brief.value).not.toBe(kept.value)
  expect(Object.keys(brief.attributes).toSorted()).toEqual(['httponly', 'path', 'samesite'])
})

test('reading never sets the cookie again', async ({ request }) => {
  await (await openForm(request, '/', 'Like')).send({ thing: 'Tea' })
  for (const path of ['/', '/login', '/privacy', '/logout', '/health']) {
    const answer = await request.get(path)
    expect(answer.headers()['set-cookie'], path).toBeUndefined()
  }
})

test('3.3.1 3.3.2 3.3.3 12.2.1 on https the cookie is Secure, and named so that no subdomain can set it', async ({
  request,
}) => {
  const site = await startSite({ APP_URL: 'https://likes.example' })
  const form = await openForm(request, `${site.url}/`, 'Like')
  const answer = await form.send({ thing: 'Tea' }, { origin: 'https://likes.example' })
  expect(answer.status()).toBe(303)
  const { name, attributes } = cookieOf(answer.headers())
  expect(name).toBe('__Host-session')
  expect(attributes).toMatchObject({ secure: '', httponly: '', samesite: 'lax', path: '/' })
  expect(attributes).not.toHaveProperty('domain')

  const loopback = await form.send({ thing: 'Rain' }, { origin: site.url })
  expect(loopback.status()).toBe(403)
  expect(loopback.headers()['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
  expect(await loopback.text()).toContain('https://likes.example')
  await site.stop()
})

test('every answer carries the security headers', async ({ request, baseURL }) => {
  const script = (await (await request.get('/')).text()).match(/\/_next\/static\/[^"]+\.js/)?.[0] ?? ''
  const own = { origin: baseURL ?? '' }
  const answers = [
    await request.post('/forget', { headers: own, maxRedirects: 0 }),
    await request.post('/forget', { headers: { origin: 'https://evil.example' } }),
    await request.post('/forget', { headers: own, data: 'x'.repeat(70_000) }),
  ]
  for (const path of ['/', '/login', '/account', '/nowhere', '/forget', '/health', '/icon.svg', script]) {
    answers.push(await request.get(path, { maxRedirects: 0 }))
  }
  for (const answer of answers) {
    const where = `${answer.status()} ${answer.url()}`
    expect.soft(answer.headers(), where).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect.soft(answer.headers(), where).not.toHaveProperty('x-powered-by')
  }
})

test('3.4.3 14.2.2 14.2.3 14.3.2 every page has a policy with a nonce of its own, and is not to be stored', async ({
  request,
}) => {
  const nonces = new Set()
  for (const path of ['/', '/', '/login', '/nowhere', '/privacy']) {
    const headers = (await request.get(path)).headers()
    const policy = headers['content-security-policy'] ?? ''
    for (const rule of ["default-src 'none'", "object-src 'none'", "base-uri 'none'"]) expect(policy).toContain(rule)
    expect(policy).not.toContain('unsafe')
    expect(headers['cache-control']).toContain('no-store')
    nonces.add(policy.match(/'nonce-([^']{22,})'/)?.[1] ?? 'none')
  }
  expect(nonces).not.toContain('none')
  expect(nonces.size).toBe(5)
})

test('1.3.6 5.3.2 13.4.1 13.4.2 13.4.3 13.4.7 nothing tells of the inside: no source map, no version, no image optimiser', async ({
  request,
}) => {
  const html = await (await request.get('/')).text()
  const scripts = new Set(html.match(/\/_next\/static\/[^"'\\]+\.(?:js|css)/g))
  expect(scripts.size).toBeGreaterThan(3)
  for (const script of scripts) {
    expect(await (await request.get(script)).text(), script).not.toContain('sourceMappingURL')
    expect((await request.get(`${script}.map`)).status(), script).toBe(404)
  }
  expect((await request.get('/_next/image?url=%2Ficon.svg&w=64&q=75')).status()).toBe(404)
  const paths = ['/.env', '/.git/config', '/data/likes.db', '/package.json', '/prisma/models.prisma', '/.next/BUILD_ID']
  for (const path of [
    ...paths,
    '/_next/',
    '/_next/static/',
    '/server.mjs',
    '/..%2fpackage.json',
    '/metrics',
    '/admin',
  ]) {
    expect((await request.get(path)).status(), path).toBe(404)
  }
  expect(html).not.toMatch(/16\.4|generator/)
})

test('an unknown address that programs know well is nothing here', async ({ request }) => {
  for (const name of [
    'resource-that-should-not-exist-whose-status-code-should-not-be-200',
    'openid-configuration',
    '',
  ]) {
    expect((await request.get(`/.well-known/${name}`, { maxRedirects: 0 })).status(), name).not.toBe(200)
  }
  const unknown = await request.get('/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200')
  expect(unknown.status()).toBe(404)
})

test('14.2.5 no header and no spelling that Next once believed opens an account', async ({ request, baseURL }) => {
  const headers: Record<string, string>[] = [
    ...['middleware', 'src/middleware', 'proxy', Array(5).fill('middleware').join(':')].map((value) => ({
      'x-middleware-subrequest': value,
    })),
    { rsc: '1' },
    { rsc: '1', 'next-router-prefetch': '1' },
    { rsc: '1', 'next-router-segment-prefetch': '/account/__PAGE__' },
    { 'x-nextjs-data': '1' },
    { 'x-now-route-matches': '1' },
    { 'x-middleware-prefetch': '1', purpose: 'prefetch' },
    { 'x-forwarded-host': 'evil.example', 'x-original-url': '/account', 'x-rewrite-url': '/account' },
  ]
  const spellings = ['', '.rsc', '.txt', '/', '/x.css', '?_rsc=1', '?nxtPpath=account', '/__PAGE__.segment.rsc']
  for (const path of ['/account', '//account', '/%61ccount', '/ACCOUNT'].flatMap((name) =>
    spellings.map((end) => name + end),
  )) {
    for (const given of [{}, ...headers]) {
      const answer = await request.get(`${baseURL}${path}`, { headers: given, maxRedirects: 0 })
      const text = await answer.text()
      expect(text, `${path} ${JSON.stringify(given)}`).not.toMatch(/You are logged in as|Security activity/)
      expect(answer.status(), path).toBeLessThan(500)
    }
  }
})

function cookieOf(headers: Record<string, string>) {
  const [pair = '', ...rest] = (headers['set-cookie'] ?? '').split('; ')
  const [name, value] = pair.split('=')
  const attributes = rest.map((attribute) => {
    const [key = '', text = ''] = attribute.split('=')
    return [key.toLowerCase(), text]
  })
  return { name, value, attributes: Object.fromEntries(attributes) }
}
