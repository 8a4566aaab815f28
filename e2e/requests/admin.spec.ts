/** The door of the owner of the site. */
import { sessionCookie } from '../database'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { alertsOf, openForm } from '../raw-form'

const PAGES = ['/admin', '/admin/login', '/admin/members', '/admin/announcements', '/admin/announcements/x']

test('6.3.2 without ADMIN_PASSWORD there is no admin page, and nothing of one', async ({ request, baseURL }) => {
  for (const page of PAGES) expect((await request.get(page)).status(), page).toBe(404)
  const answer = await request.post('/admin/export', { headers: { origin: baseURL ?? '' }, maxRedirects: 0 })
  expect(answer.status()).toBe(404)
})

test('no header and no spelling of the address opens it', async ({ mailSite: { url }, playwright }) => {
  const eve = await playwright.request.newContext({ baseURL: url })
  const headers = [
    { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
    { rsc: '1', 'next-router-prefetch': '1' },
    { 'next-router-state-tree': '%5B%22%22%5D', rsc: '1' },
  ]
  for (const path of [
    '/admin',
    '//admin',
    '/%61dmin',
    '/admin/',
    '/ADMIN',
    '/admin.rsc',
    '/admin?_rsc=1',
    '/admin/members.rsc',
  ]) {
    for (const extra of [{}, ...headers]) {
      const answer = await eve.get(`${url}${path}`, { headers: extra, maxRedirects: 0 })
      expect(await answer.text(), path).not.toMatch(/Mailing list|Download CSV|Disable/)
    }
  }
})

test('the password gives the session a new token, and is asked for again after log-out', async ({
  mailSite: { url, password, database },
  playwright,
}) => {
  const owner = await playwright.request.newContext({
    baseURL: url,
    extraHTTPHeaders: { 'x-forwarded-for': '10.88.0.1' },
  })
  await (await openForm(owner, '/', 'Like')).send({ thing: 'Tea' })
  const [before, session] = [await sessionCookie(owner), await database.sessionOf(owner)]
  const form = await openForm(owner, '/admin/login?next=/admin/members', 'Log in')
  expect(await alertsOf(await form.send({ password: 'a guess of some length' }))).toEqual([
    'That is not the admin password.',
  ])
  expect((await form.send({ password })).headers().location).toBe('/admin/members')
  expect((await sessionCookie(owner))?.value).not.toBe(before?.value)
  expect(await database.sessionOf(owner)).toMatchObject({ id: session?.id, expiresAt: session?.expiresAt })
  expect((await owner.get('/admin', { maxRedirects: 0 })).status()).toBe(200)
  const stolen = await playwright.request.newContext({
    baseURL: url,
    extraHTTPHeaders: { cookie: `session=${before?.value}` },
  })
  expect((await stolen.get('/admin', { maxRedirects: 0 })).status()).toBe(307)
  await (await openForm(owner, '/admin', 'Log out of admin')).send({})
  expect((await owner.get('/admin', { maxRedirects: 0 })).status()).toBe(307)
  expect(await (await owner.get('/')).text()).toContain('Tea')
})

test('1.2.2 3.7.2 log-in never leads away from the admin pages', async ({
  mailSite: { url, password },
  playwright,
}) => {
  for (const next of ['https://evil.example', '//evil.example', '/account', '/\\evil.example']) {
    const owner = await playwright.request.newContext({
      baseURL: url,
      extraHTTPHeaders: { 'x-forwarded-for': '10.88.0.2' },
    })
    const answer = await (await openForm(owner, '/admin/login', 'Log in')).send({ password, next })
    expect(answer.headers().location).toBe('/admin')
  }
})

test('guesses from one address wait after five, sent at once too', async ({
  mailSite: { url, password },
  playwright,
}) => {
  const eve = await playwright.request.newContext({
    baseURL: url,
    extraHTTPHeaders: { 'x-forwarded-for': '10.88.0.3' },
  })
  const form = await openForm(eve, '/admin/login', 'Log in')
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => form.send({ password: `guess number ${i}` })))
  const alerts = (await Promise.all(answers.map(alertsOf))).flat()
  expect(alerts.filter((alert) => alert.includes('not the admin password'))).toHaveLength(5)
  expect(await alertsOf(await form.send({ password }))).toEqual([expect.stringContaining('Please wait')])
  expect(await sessionCookie(eve)).toBeUndefined()
})

test('3.2.1 14.2.2 the CSV has its type, no cache, and is nobody else’s', async ({
  mailSite: { url, password },
  playwright,
}) => {
  const owner = await playwright.request.newContext({
    baseURL: url,
    extraHTTPHeaders: { 'x-forwarded-for': '10.88.0.4' },
  })
  await (await openForm(owner, '/admin/login', 'Log in')).send({ password })
  const answer = await owner.post('/admin/export', { headers: { origin: url } })
  expect(answer.headers()).toMatchObject({
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'attachment; filename="mailing-list.csv"',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  })
  expect(await answer.text()).toMatch(/^email,subscribed at,confirmed at\r\n/)
  expect((await owner.post('/admin/export', { headers: { origin: 'https://evil.example' } })).status()).toBe(403)
  expect((await owner.get('/admin/export')).status()).toBe(405)
})

test('the figures are pictures that a screen reader reads, with a table behind each', async ({
  mailSite: { url, password },
  playwright,
}) => {
  const owner = await playwright.request.newContext({
    baseURL: url,
    extraHTTPHeaders: { 'x-forwarded-for': '10.88.0.5' },
  })
  await (await openForm(owner, '/admin/login', 'Log in')).send({ password })
  await (await openForm(owner, '/', 'Like')).send({ thing: 'Tea' })
  const html = await (await owner.get('/admin')).text()
  for (const title of ['Likes', 'Sign-ups', 'Subscriptions', 'Refused log-ins']) {
    expect(html).toMatch(new RegExp(`<svg[^>]*role="img"[^>]*aria-label="${title}: `))
  }
  expect(html.match(/<table/g)).toHaveLength(4)
  expect(html.match(/<th scope="row"/g)).toHaveLength(4 * 30)
  expect(html).not.toMatch(/ style="/)
})

test('7.4.2 the next request of a member whom the owner disables is a stranger’s, and so it stays until enabled', async ({
  mailSite: { url, password },
  playwright,
}) => {
  const at = (address: string) =>
    playwright.request.newContext({ baseURL: url, extraHTTPHeaders: { 'x-forwarded-for': address } })
  const [owner, ada] = [await at('10.88.0.6'), await at('10.88.0.7')]
  const who = newCredentials()
  await (await openForm(ada, '/signup', 'Sign up')).send(who)
  await (await openForm(owner, '/admin/login', 'Log in')).send({ password })
  const act = async (name: string) => {
    const form = await openForm(owner, `/admin/members?q=${who.username}`, new RegExp(`value="${name}"`))
    return (await form.send({ act: name })).headers().location
  }
  const statusOf = async () => (await ada.get('/account', { maxRedirects: 0 })).status()
  const logIn = async () => (await (await openForm(ada, '/login', 'Log in')).send(who)).status()
  expect(await statusOf()).toBe(200)
  expect(await act('end')).toContain('notice=member-ended')
  expect(await statusOf()).toBe(307)
  expect(await logIn()).toBe(303)
  expect(await act('disable')).toContain('notice=member-disabled')
  expect(await statusOf()).toBe(307)
  expect(await logIn()).toBe(200)
  expect(await act('enable')).toContain('notice=member-enabled')
  expect(await logIn()).toBe(303)
  expect(await statusOf()).toBe(200)
})
