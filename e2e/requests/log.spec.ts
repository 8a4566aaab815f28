/** What the owner of the site can watch: a line of JSON for each event, and nothing in it that must stay secret. */
import { existsSync, openSync } from 'node:fs'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'
import { startSite } from '../site'

test('14.2.4 16.2.1 16.2.2 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 every security event is one line of JSON, with nothing secret in it', async ({
  request,
}) => {
  test.slow()
  const site = await startSite()
  const at = (path: string) => `${site.url}${path}`
  const own = { origin: site.url }
  const [ada, next, other] = [newCredentials(), newCredentials().password, newCredentials().password]
  const tokens: string[] = []
  const post = async (path: string, button: string, fields: Record<string, string>) => {
    const answer = await (await openForm(request, at(path), button)).send(fields)
    const { cookies } = await request.storageState()
    tokens.push(...cookies.map(({ value }) => value).filter(Boolean))
    return answer
  }

  await post('/', 'Like', { thing: 'a secret pleasure' })
  await request.post(at('/forget'), { headers: own })
  await request.post(at('/forget'), { headers: { origin: 'https://evil.example' } })
  await post('/signup', 'Sign up', ada)
  await post('/account', 'Change password', { password: other, newPassword: next })
  await post('/account', 'Change password', { password: ada.password, newPassword: next })
  await request.post(at('/account/export'), { headers: own })
  await post('/logout', 'Log out', {})
  for (let i = 0; i < 6; i++)
    await post('/login', 'Log in', { username: 'a password, typed too high up', password: other })
  await post('/login', 'Log in', { ...ada, password: next })
  await post('/account', 'Delete account', {})

  const lines = site.lines().filter((line) => line.startsWith('{'))
  const events = lines.map((line) => JSON.parse(line))
  expect(events.map(({ event }) => event)).toEqual([
    'visitorForgotten',
    'originRefused',
    'signedUp',
    'passwordFailed',
    'passwordChanged',
    'exported',
    'loggedOut',
    ...Array(5).fill('logInFailed'),
    'throttled',
    'loggedIn',
    'accountDeleted',
  ])
  for (const event of events) {
    expect(event).toMatchObject({
      level: expect.stringMatching(/^(info|warn)$/),
      address: expect.stringMatching(/^10\./),
    })
    expect(new Date(event.time).toISOString()).toBe(event.time)
  }
  expect(tokens.length).toBeGreaterThan(4)
  for (const secret of [...tokens, ada.password, next, other, ada.username, 'typed too high up', 'secret pleasure']) {
    expect(site.lines().join('\n').includes(secret), secret).toBe(false)
  }
  await site.stop()
})

test('1.3.3 1.3.10 16.3.2 16.4.1 nothing a client sends breaks a line or writes one of its own', async ({
  playwright,
}) => {
  const site = await startSite()
  const forged = '{"level":"info","event":"loggedIn","userId":"forged"}'
  for (const odd of ['\\r\\n', '%0d%0a', '\\u001b[2J', '"}']) {
    const headers = { 'user-agent': `x${odd}${forged}/1 `, 'x-forwarded-for': `1.2.3.4${odd}${forged}`, origin: 'null' }
    const request = await playwright.request.newContext({ extraHTTPHeaders: headers })
    expect((await request.post(`${site.url}/forget?${odd}${forged}`)).status()).toBe(403)
    await request.dispose()
  }
  const lines = site.lines().filter((line) => line.includes('event'))
  expect(lines.length).toBe(4)
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ event: 'originRefused', userId: null })
  await site.stop()
})

test('1.5.3 16.4.1 an action named as no page of ours does is refused before its name is written anywhere', async ({
  request,
  baseURL,
}) => {
  const forged = `\n{"level":"info","event":"loggedIn"}xxxxxx`
  const own = { origin: baseURL ?? '' }
  const bodies = [
    { [`$ACTION_ID_${forged}`]: '' },
    { $ACTION_REF_1: '', '$ACTION_1:0': JSON.stringify({ id: forged, bound: null }) },
    { $ACTION_REF_1: '', '$ACTION_1:0': 'not JSON' },
    { $ACTION_REF_x: '', '$ACTION_x:0': JSON.stringify({ id: 'x'.repeat(42), bound: null }) },
    { $ACTION_REF_1: '', '$ACTION_1:0': `{"id":"${'x'.repeat(42)}","id":"${'0'.repeat(42)}"}` },
    { $ACTION_REF_1: '', '$ACTION_1:0': `{"id":"${'0'.repeat(42)}","id":"${'x'.repeat(42)}"}` },
  ]
  for (const multipart of bodies) {
    expect((await request.post('/', { headers: own, multipart, maxRedirects: 0 })).status()).toBe(400)
  }
  const called = await request.post('/', { headers: { ...own, 'next-action': 'x'.repeat(42) }, data: '[]' })
  expect(called.status()).toBe(400)
})

test('with nowhere to write its lines the site does what it is asked, and says so', async ({ request }) => {
  test.skip(!existsSync('/dev/full'), 'there is no full device')
  const site = await startSite({}, openSync('/dev/full', 'w'))
  const ada = newCredentials()
  expect((await (await openForm(request, `${site.url}/signup`, 'Sign up')).send(ada)).status()).toBe(303)
  expect((await request.post(`${site.url}/forget`, { headers: { origin: 'https://evil.example' } })).status()).toBe(403)
  expect((await (await openForm(request, `${site.url}/logout`, 'Log out')).send({})).status()).toBe(303)
  await site.stop()
})
