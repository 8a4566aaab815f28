/** What the inside says of what went wrong, to whom, and what it keeps to itself. */
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { APIRequestContext } from 'playwright/test'
import { SMTPServer } from 'smtp-server'
import { sessionCookie } from '../database'
import { expect, test } from '../fixtures'
import { RECORDED } from '../leak/recordings'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'
import { type Site, startSite } from '../site'

/** What listens at the address of the site instead of the proxy that would, and what it was asked for. */
const asked: (string | undefined)[] = []
const elsewhere = createServer(({ url }, response) => {
  asked.push(url)
  response.end()
})
const own = { origin: '' }
/** What breaks in the server at a signal, where nobody catches it. */
const STRAY = `process.on('SIGUSR2', () => {
  Promise.reject(new Error('a promise that nobody looked at'))
  setTimeout(() => { throw new Error('an error that nobody caught') })
})`

const pem = readFileSync('lib/testing/localhost.pem', 'utf8')
/** Its certificate is signed by itself, and nobody here trusts it. */
const mails = new SMTPServer({ secure: true, key: pem, cert: pem, closeTimeout: 100 })

let site: Site
let stderr: string
/** The one member, since a password takes its time. */
const ada = { ...newCredentials(), browser: undefined as unknown as APIRequestContext }

test.beforeAll(async ({ playwright }) => {
  await once(elsewhere.listen(0), 'listening')
  const address = elsewhere.address()
  own.origin = `http://localhost:${typeof address === 'object' && address?.port}`
  stderr = join(mkdtempSync(join(process.env.E2E_FOLDER ?? '', 'stderr-')), 'stderr')
  mails.on('error', () => {})
  await once(mails.listen(0, 'localhost'), 'listening')
  const mailAddress = mails.server.address()
  const settings = {
    SMTP_URL: `smtps://localhost:${typeof mailAddress === 'object' && mailAddress?.port}`,
    APP_URL: own.origin,
    ADMIN_PASSWORD: 'the pass phrase of the owner',
    NODE_OPTIONS: `${RECORDED.NODE_OPTIONS} --import=data:text/javascript,${encodeURIComponent(STRAY)}`,
  }
  site = await startSite(settings, 'pipe', openSync(stderr, 'w'))
  ada.browser = await playwright.request.newContext({ extraHTTPHeaders: { 'x-forwarded-for': '10.91.0.1' } })
  const { username, password } = ada
  await (await openForm(ada.browser, `${site.url}/signup`, 'Sign up')).send({ username, password }, own)
})

test.afterAll(async () => {
  await ada.browser.dispose()
  await site.stop()
  elsewhere.close()
  mails.close(() => {})
})

test('16.3.1 16.3.2 16.3.3 a password given again, and all that is refused as somebody else’s or as broken, leave a line', async ({
  request: bob,
}) => {
  const post = (path: string, form: Record<string, string>) =>
    ada.browser.post(`${site.url}${path}`, { headers: own, form, maxRedirects: 0 })
  await (await openForm(bob, `${site.url}/`, 'Like')).send({ thing: 'Rain' }, own)
  const before = site.lines().length

  await site.database.age(ada.browser, 'sudoAt', 11 * 60_000)
  await post('/account/export', { password: ada.password })
  await (await openForm(bob, `${site.url}/`, 'Like')).by(ada.browser).send({ thing: 'Tea' }, own)
  for (const path of ['/account/export', '/unregister']) await post(path, { shownTo: 'member of another name' })
  await post('/admin/export', {})
  const broken = { $ACTION_REF_1: '', '$ACTION_1:0': 'not JSON' }
  await ada.browser.post(site.url, { headers: own, multipart: broken, maxRedirects: 0 })

  const { userId } = (await site.database.sessionOf(ada.browser)) ?? {}
  const lines = site
    .lines()
    .slice(before)
    .map((line) => JSON.parse(line))
  expect(lines.map(({ event, detail, level }) => [event, detail, level])).toEqual([
    ['passwordGiven', undefined, 'info'],
    ['exported', undefined, 'info'],
    ['refused', 'form', 'warn'],
    ['refused', 'form', 'warn'],
    ['refused', 'form', 'warn'],
    ['refused', 'admin', 'warn'],
    ['refused', 'broken form', 'warn'],
  ])
  expect(lines.map((line) => line.userId)).toEqual([...Array(6).fill(userId), null])
})

test('16.3.4 16.5.4 what nobody caught is written down, and the site goes on', async ({ request }) => {
  process.kill(site.pid, 'SIGUSR2')
  const written = () => readFileSync(stderr, 'utf8')
  await expect.poll(written).toContain('an error that nobody caught')
  await expect.poll(written).toContain('a promise that nobody looked at')
  expect((await request.get(`${site.url}/health`)).status()).toBe(200)
})

test('16.3.4 a mail server whose certificate is not trusted leaves a line that says so', async ({ request }) => {
  const form = await openForm(request, `${site.url}/`, 'Subscribe')
  expect((await form.send({ email: 'ada@example.org' }, own)).status()).toBe(303)
  const failures = () => site.lines().filter((line) => line.includes('"event":"failed"'))
  await expect.poll(() => failures().length).toBeGreaterThan(0)
  expect(JSON.parse(failures()[0] ?? '')).toMatchObject({ what: 'mail', error: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
})

test('13.2.4 13.2.5 the server asks itself for a page, and nobody whom an address or a header names', async ({
  request,
}) => {
  const { hidden } = await openForm(request, `${site.url}/signup`, 'Sign up')
  const [reference] = [...hidden].flatMap(([name, value]) => (name.endsWith(':0') ? [String(value)] : []))
  const multipart = new FormData()
  for (const [name, value] of Object.entries(newCredentials())) multipart.append(`_1_${name}`, value)
  // Last, as React sends it: it is read as soon as it is there.
  multipart.append('0', '["$undefined","$K1"]')
  // Called by script: Next then fetches the page behind the action's redirect, to answer with it at once.
  const { host } = new URL(own.origin)
  const headers = { ...own, host, 'x-forwarded-host': host, 'next-action': JSON.parse(reference ?? '').id }
  const answer = await request.post(`${site.url}/signup`, { headers, multipart, maxRedirects: 0 })
  expect(answer.headers()['x-action-redirect']).toMatch(/^\/;/)
  expect(await answer.text()).toContain('Likes')
  expect(asked).toEqual([])
})

test('13.4.7 14.2.5 no address of a private page that ends like a file is anything, or kept by a cache', async () => {
  for (const page of ['/account', '/admin', '/account/export']) {
    for (const end of ['/x.css', '%2fx.js', '.png', ';x.css']) {
      const answer = await ada.browser.get(`${site.url}${page}${end}`, { maxRedirects: 0 })
      expect(answer.status(), page + end).toBe(404)
      expect(answer.headers()['cache-control'], page + end).toContain('no-store')
    }
  }
})

test('15.3.1 a page holds no hash, no token and nobody else, and of its member no id but in the form’s mark', async ({
  request: bob,
}) => {
  await (await openForm(bob, `${site.url}/`, 'Like')).send({ thing: 'a thing of Bob’s' }, own)
  await (await openForm(ada.browser, `${site.url}/`, 'Like')).send({ thing: 'Tea' }, own)
  const session = await site.database.sessionOf(ada.browser)
  const [user] = await site.database.rows('SELECT * FROM "User" WHERE id = ?', session?.userId ?? '')
  const token = (await sessionCookie(ada.browser))?.value
  const hidden = [user?.passwordHash, session?.tokenHash, token, 'Bob']
  for (const path of ['/', '/account']) {
    for (const headers of [{}, { rsc: '1' }]) {
      const text = await (await ada.browser.get(`${site.url}${path}`, { headers })).text()
      for (const secret of hidden) expect(text.includes(String(secret)), `${path} ${secret}`).toBe(false)
      expect(text.replaceAll(`member ${user?.id}`, '').includes(String(user?.id)), path).toBe(false)
    }
  }
})

test('14.2.3 no page asks another site for anything', async () => {
  for (const path of ['/', '/account', '/privacy', '/admin/login', '/nowhere']) {
    const html = await (await ada.browser.get(`${site.url}${path}`)).text()
    const named = [...html.matchAll(/\b(?:src|srcset|href|action|poster|data)="([^"]+)"/g)].map(([, url = '']) => url)
    expect(named.length, path).toBeGreaterThan(5)
    expect(
      named.filter((url) => !/^(\/(?!\/)|#|\?|data:)/.test(url)),
      path,
    ).toEqual([])
  }
})

test('15.3.7 what stands in an address is no field of a form, and what is given twice is nothing', async ({
  request,
}) => {
  const form = await openForm(request, `${site.url}/?thing=Rain&thing=Snow`, 'Like')
  expect((await form.send({ thing: 'Tea' }, own)).status()).toBe(303)
  expect(await site.database.thingsOf(request)).toEqual(['Tea'])
  expect((await form.send({ thing: ['Rain', 'Snow'] }, own)).status()).toBe(200)
  expect(await site.database.thingsOf(request)).toEqual(['Tea'])
  for (const path of ['/', '/login', '/signup', '/forgotten', '/admin/login', '/account']) {
    const twice = ['before', 'notice', 'next', 'thing', 'likes', 'q', 'sort', 'after', '__proto__', 'constructor']
    const query = twice.map((name) => `${name}=//evil.example&${name}=logged-out`).join('&')
    const answer = await request.get(`${site.url}${path}?${query}`, { maxRedirects: 0 })
    expect(answer.status(), path).toBeLessThan(400)
    expect(await answer.text(), path).not.toMatch(/(href|action|value)="\/\/evil/)
  }
})
