/** Two instances on one database, and nothing that sends a browser to the same one twice. */
import type { APIRequestContext } from 'playwright/test'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { hiddenFields } from '../raw-form'
import { type Site, startSite } from '../site'

// Where the proxy in front of both is, to the browser.
const APP_URL = 'http://localhost:4000'
let a: Site
let b: Site

test.beforeAll(async () => {
  a = await startSite({ APP_URL })
  b = await startSite({ APP_URL, DATABASE_URL: a.databaseUrl })
})
test.afterAll(async () => {
  await b?.stop()
  await a?.stop()
})

/** Sends the form of one instance to the other, as a proxy would. */
async function sendAcross(
  request: APIRequestContext,
  { from, to, path, button }: { from: Site; to: Site; path: string; button: string },
  fields: Record<string, string>,
) {
  const form = hiddenFields(await (await request.get(from.url + path)).text(), button)
  if (!form) throw new Error(`${path} has no form with the button ${button}`)
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return request.post(to.url + path, { multipart: form, headers: { origin: APP_URL }, maxRedirects: 0 })
}

async function pageOf(request: APIRequestContext, site: Site) {
  return (await request.get(site.url)).text()
}

test('a form of one instance is taken by the other, and what it did shows on both at once', async ({ request }) => {
  const liked = await sendAcross(request, { from: a, to: b, path: '/', button: 'Like' }, { thing: 'Tea' })
  expect(liked.status()).toBe(303)
  const signedUp = await sendAcross(request, { from: a, to: b, path: '/signup', button: 'Sign up' }, newCredentials())
  expect(signedUp.status()).toBe(303)
  for (const site of [a, b]) {
    const page = await pageOf(request, site)
    expect(page).toContain('value="member ')
    expect(page).toContain('<bdi>Tea</bdi>')
  }
})

test('7.4.1 8.3.2 a session that one instance ended is a stranger on the other at once', async ({
  request,
  playwright,
}) => {
  const who = newCredentials()
  expect((await sendAcross(request, { from: a, to: a, path: '/signup', button: 'Sign up' }, who)).status()).toBe(303)
  const second = await playwright.request.newContext({ extraHTTPHeaders: { 'x-forwarded-for': '10.78.0.1' } })
  expect((await sendAcross(second, { from: b, to: b, path: '/login', button: 'Log in' }, who)).status()).toBe(303)
  expect(await pageOf(second, a)).toContain('value="member ')

  const others = { from: a, to: a, path: '/account', button: 'End all other sessions' }
  expect((await sendAcross(request, others, { end: 'others' })).status()).toBe(303)
  expect(await pageOf(second, b)).not.toContain('value="member ')
  expect(await pageOf(request, b)).toContain('value="member ')
  await second.dispose()
})
