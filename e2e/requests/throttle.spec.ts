/** Limits at the door: in words, the same for everybody, and not to be escaped by a header or a second process. */
import type { APIRequestContext, PlaywrightWorkerArgs } from 'playwright/test'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { alertsOf, openForm } from '../raw-form'
import { startSite } from '../site'

const WAIT = /^That was tried too often\. Please wait .*, then try again\.$/
const WRONG = 'The username or the password is wrong.'

/** A browser at an address, with cookies of its own. */
function browserAt(playwright: PlaywrightWorkerArgs['playwright'], address: string, baseURL = '') {
  return playwright.request.newContext({ baseURL, extraHTTPHeaders: { 'x-forwarded-for': address } })
}

/** Of strangers who like something, each from an address it claims: how many got a cookie. The last one did not. */
async function begunLists(playwright: PlaywrightWorkerArgs['playwright'], addresses: string[], baseURL = '') {
  const cookies: (string | undefined)[] = []
  for (const address of addresses) {
    const request = await browserAt(playwright, address, baseURL)
    const answer = await (await openForm(request, '/', 'Like')).send({ thing: 'Tea' })
    cookies.push(answer.headers()['set-cookie'])
    await request.dispose()
  }
  expect(cookies.at(-1)).toBeUndefined()
  return cookies.filter(Boolean).length
}

async function signUp(request: APIRequestContext, url = '') {
  const who = newCredentials()
  expect((await (await openForm(request, `${url}/signup`, 'Sign up')).send(who)).status()).toBe(303)
  return who
}

test('2.3.2 2.4.1 the 61st like of a minute waits, and its text stays', async ({ request, database }) => {
  test.slow()
  await (await openForm(request, '/', 'Like')).send({ thing: 'thing 0' })
  const form = await openForm(request, '/', 'Like')
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => form.send({ thing: `thing ${i + 1}` })))
  const waiting = answers.filter((answer) => answer.status() !== 303)
  expect(waiting).toHaveLength(1)
  const html = (await waiting[0]?.text()) ?? ''
  expect(html).toMatch(/That was tried too often\. Please wait \d+ seconds, then try again\./)
  expect(html).toMatch(/<input[^>]*name="thing"[^>]*value="thing \d+"/)
  expect(await database.thingsOf(request)).toHaveLength(60)
})

test('2.3.2 2.4.1 the 21st new visitor of a minute behind one address waits, and gets no cookie', async ({
  playwright,
  baseURL,
}) => {
  expect(await begunLists(playwright, Array(21).fill('203.0.113.20'), baseURL)).toBe(20)
})

test('2.4.1 the eleventh download in ten minutes waits', async ({ request, baseURL }) => {
  await (await openForm(request, '/', 'Like')).send({ thing: 'Tea' })
  const headers = { origin: baseURL ?? '' }
  for (let i = 0; i < 10; i++) expect((await request.post('/account/export', { headers })).status()).toBe(200)
  const refused = await request.post('/account/export', { headers, maxRedirects: 0 })
  expect(refused.headers().location).toBe('/?notice=too-often')
})

test('2.4.1 the eleventh sign-up in ten minutes from one address waits, in an IPv6 network too', async ({
  playwright,
  baseURL,
}) => {
  test.slow()
  const name = newCredentials().username.slice(0, 20)
  for (let i = 0; i < 11; i++) {
    const request = await browserAt(playwright, `2001:db8:11:22::${i + 1}`, baseURL)
    const form = await openForm(request, '/signup', 'Sign up')
    const answer = await form.send({ username: i ? name : `${name}-0`, password: newCredentials().password })
    const alerts = await alertsOf(answer)
    if (i < 10) expect(alerts.join(), `sign-up ${i}`).not.toMatch(WAIT)
    else expect(alerts).toEqual([expect.stringMatching(WAIT)])
    await request.dispose()
  }
})

test('of a burst of guesses at two processes at once, five are checked; a restart forgets nothing', async ({
  playwright,
  request,
}) => {
  test.slow()
  const one = await startSite()
  const two = await startSite({ DATABASE_URL: one.databaseUrl })
  const ada = await signUp(request, one.url)
  const guesses = await Promise.all(
    Array.from({ length: 24 }, async (_, i) => {
      const { url } = i % 2 ? one : two
      const browser = await browserAt(playwright, `198.51.100.${i + 1}`)
      const form = await openForm(browser, `${url}/login`, 'Log in')
      return { browser, form }
    }),
  )
  const wrong = { ...ada, password: newCredentials().password }
  const answers = await Promise.all(guesses.map(({ form }) => form.send(wrong)))
  const alerts = (await Promise.all(answers.map(alertsOf))).flat()
  expect(alerts.filter((alert) => alert === WRONG)).toHaveLength(5)
  expect(alerts.filter((alert) => WAIT.test(alert))).toHaveLength(19)
  const events = await one.database.rows(`SELECT id FROM "SecurityEvent" WHERE kind = 'logInFailed'`)
  expect(events).toHaveLength(5)

  await two.stop()
  const three = await startSite({ DATABASE_URL: one.databaseUrl })
  const thief = await browserAt(playwright, '198.51.100.200')
  const form = await openForm(thief, `${three.url}/login`, 'Log in')
  // Should ten seconds have passed by now, the first is checked; the count that it adds to is still there.
  await form.send(wrong)
  expect(await alertsOf(await form.send(ada))).toEqual([expect.stringMatching(WAIT)])
  // The owner, where they have logged in before, is not kept out.
  await (await openForm(request, `${three.url}/logout`, 'Log out')).send({})
  const owner = await (await openForm(request, `${three.url}/login`, 'Log in')).send(ada)
  expect(owner.status()).toBe(303)
  for (const { browser } of guesses) await browser.dispose()
  await thief.dispose()
  await one.stop()
  await three.stop()
})

test('2.4.1 4.1.3 15.3.4 a forwarding header of the client’s own escapes no limit', async ({ playwright }) => {
  const site = await startSite({ TRUSTED_PROXY_HOPS: '0' })
  const addresses = Array.from({ length: 21 }, (_, i) => `203.0.113.${i}`)
  expect(await begunLists(playwright, addresses, site.url)).toBe(20)
  await site.stop()
})

test('4.1.3 15.3.4 behind one trusted proxy it is the last entry that counts', async ({ playwright, baseURL }) => {
  const addresses = Array.from({ length: 21 }, (_, i) => `192.0.2.${i}, 203.0.113.21`)
  expect(await begunLists(playwright, addresses, baseURL)).toBe(20)
})

test('wrong and wait read the same, to the byte, for a known and an unknown name', async ({
  playwright,
  request,
  baseURL,
}) => {
  test.slow()
  const ada = await signUp(request)
  const unknown = newCredentials().username
  const states: Record<string, { status: number; size: number; alerts: string[] }[]> = {}
  for (const username of [ada.username, unknown]) {
    expect(username.length).toBe(ada.username.length)
    states[username] = []
    const browser = await browserAt(playwright, `203.0.113.${username === unknown ? 31 : 32}`, baseURL)
    const form = await openForm(browser, '/login', 'Log in')
    for (let i = 0; i < 6; i++) {
      const answer = await form.send({ username, password: 'not the password' })
      // How long is left may differ by a second between two askings.
      const [size, alerts] = [withoutNumber(await answer.text()).length, (await alertsOf(answer)).map(withoutNumber)]
      states[username].push({ status: answer.status(), size, alerts })
    }
    await browser.dispose()
  }
  const known = states[ada.username] ?? []
  expect(known.map(({ alerts }) => WAIT.test(alerts[0] ?? ''))).toEqual([false, false, false, false, false, true])
  expect(states[unknown]).toEqual(known)
})

function withoutNumber(text: string) {
  return text.replace(/wait \d+ seconds?/g, 'wait 10 seconds')
}

test('each of several lines counts, so that nobody likes more by pasting', async ({
  playwright,
  baseURL,
  database,
}) => {
  const request = await browserAt(playwright, '192.0.2.211', baseURL)
  const lines = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `thing ${from + i}`).join('\r\n')
  expect((await (await openForm(request, '/', 'Like')).send({ thing: lines(0, 50) })).status()).toBe(303)
  const refused = await (await openForm(request, '/', 'Like')).send({ thing: lines(50, 11) })
  expect(await alertsOf(refused)).toEqual([])
  expect(await refused.text()).toMatch(/That was tried too often/)
  expect(await refused.text()).toContain(lines(50, 11))
  expect((await database.thingsOf(request)).length).toBe(50)
  expect((await (await openForm(request, '/', 'Like')).send({ thing: lines(50, 10) })).status()).toBe(303)
  expect((await database.thingsOf(request)).length).toBe(60)
  await request.dispose()
})
