/** What the links of messages allow, to whoever has their token, and what scanners and forgers get. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { APIRequestContext } from 'playwright/test'
import type { Database } from '../database'
import { expect, test } from '../fixtures'
import { alertsOf, openForm } from '../raw-form'

async function subscriber(database: Database, { isConfirmed = true } = {}) {
  const [id, address, now] = [randomUUID(), `ada-${randomUUID()}@example.org`, new Date().toISOString()]
  await database.rows(
    'INSERT INTO "Subscriber" (id, address, "createdAt", "confirmedAt") VALUES (?, ?, ?, ?)',
    ...[id, address, now, isConfirmed ? now : null],
  )
  const isThere = async () => (await database.rows('SELECT id FROM "Subscriber" WHERE id = ?', id)).length === 1
  return { id, address, isThere }
}

/** A token as if it had been mailed. */
async function mailed(
  database: Database,
  kind: string,
  about: { recipient: string; subscriberId?: string; userId?: string },
) {
  const token = randomBytes(32)
  const now = new Date().toISOString()
  const hash = createHash('sha256').update(token).digest('hex')
  await database.rows(
    `INSERT INTO "Mail" (id, kind, recipient, state, "createdAt", "dueAt", "triedAt", "tokenHash", "subscriberId", "userId")
     VALUES (?, ?, ?, 'sent', ?, ?, ?, ?, ?, ?)`,
    ...[randomUUID(), kind, about.recipient, now, now, now, hash, about.subscriberId ?? null, about.userId ?? null],
  )
  return token.toString('base64url')
}

async function onList(database: Database) {
  const ada = await subscriber(database)
  const token = await mailed(database, 'announcement', { recipient: ada.address, subscriberId: ada.id })
  return { ...ada, token }
}

const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' }

async function nobodyAt(playwright: typeof import('playwright-core'), baseURL: string | undefined) {
  return playwright.request.newContext({ ...(baseURL && { baseURL }) })
}

for (const encoding of ['form', 'multipart'] as const) {
  test(`a mail program unsubscribes in one request without cookie or origin: ${encoding}`, async ({
    playwright,
    baseURL,
    database,
  }) => {
    const program = await nobodyAt(playwright, baseURL)
    const { token, isThere } = await onList(database)
    for (let i = 0; i < 2; i++) {
      const answer = await program.post(`/unsubscribe/${token}/one-click`, { [encoding]: ONE_CLICK, maxRedirects: 0 })
      expect(answer.status()).toBe(200)
      expect(answer.headers()['set-cookie']).toBeUndefined()
      expect(await isThere()).toBe(false)
    }
  })
}

test('what is not the one-click request of RFC 8058 does nothing', async ({ playwright, baseURL, database }) => {
  const program = await nobodyAt(playwright, baseURL)
  const { token, isThere } = await onList(database)
  const url = `/unsubscribe/${token}/one-click`
  for (const form of [{}, { 'List-Unsubscribe': 'Two-Clicks' }, { 'list-unsubscribe': 'One-Click' }]) {
    expect((await program.post(url, { form, maxRedirects: 0 })).status()).toBe(400)
  }
  expect((await program.post(url, { data: '{"List-Unsubscribe":"One-Click"}', maxRedirects: 0 })).status()).toBe(400)
  for (const forged of ['x', 'A'.repeat(43), token.slice(0, -1), `${token}A`, '%00', '..%2f..%2fforget']) {
    const answer = await program.post(`/unsubscribe/${forged}/one-click`, { form: ONE_CLICK, maxRedirects: 0 })
    expect([403, 404, 400], forged).toContain(answer.status())
  }
  expect(await isThere()).toBe(true)
})

test('3.5.3 a hundred looks by scanners at every address of a link change nothing', async ({
  playwright,
  baseURL,
  database,
}) => {
  const scanner = await nobodyAt(playwright, baseURL)
  const { token, isThere, id, address } = await onList(database)
  const pending = await subscriber(database, { isConfirmed: false })
  const confirm = await mailed(database, 'confirmSubscription', {
    recipient: pending.address,
    subscriberId: pending.id,
  })
  const urls = [`/unsubscribe/${token}`, `/unsubscribe/${token}/one-click`, `/confirm/${confirm}`, `/reset/${token}`]
  for (let i = 0; i < 25; i++) {
    await Promise.all(urls.map((url) => (i % 5 ? scanner.get(url) : scanner.head(url))))
  }
  expect(await isThere()).toBe(true)
  expect(await database.rows('SELECT "confirmedAt" FROM "Subscriber" WHERE id = ?', pending.id)).toEqual([
    { confirmedAt: null },
  ])
  expect(await (await scanner.get(`/unsubscribe/${token}/one-click`)).text()).toContain(address)
  expect(id).not.toBe('')
})

test('the exception for mail programs is for that address only', async ({ playwright, baseURL, database }) => {
  const program = await nobodyAt(playwright, baseURL)
  const { token, isThere } = await onList(database)
  for (const url of [
    `/unsubscribe/${token}`,
    `/unsubscribe/${token}/one-click/`,
    `/unsubscribe/${token}/x/one-click`,
    `/x/unsubscribe/${token}/one-click`,
    `/unregister?/unsubscribe/${token}/one-click`,
    '/unregister',
    '/admin/export',
  ]) {
    const answer = await program.post(url, { form: ONE_CLICK, maxRedirects: 0 })
    expect([403, 308], url).toContain(answer.status())
  }
  // Nor for an action that is called at it.
  const called = await program.post(`/unsubscribe/${token}/one-click`, {
    headers: { 'next-action': '0'.repeat(42) },
    form: ONE_CLICK,
  })
  expect(called.status()).toBe(403)
  expect(await isThere()).toBe(true)
})

test('the page of a link acts on its button, and its token is for its own address', async ({ request, database }) => {
  const [ada, grace] = [await onList(database), await onList(database)]
  const page = await request.get(`/unsubscribe/${ada.token}`)
  expect(await page.text()).toContain(ada.address)
  const form = await openForm(request, `/unsubscribe/${ada.token}`, 'Unsubscribe')
  expect((await form.send({}, { origin: 'https://evil.example' })).status()).toBe(403)
  expect(await ada.isThere()).toBe(true)
  for (const token of ['', 'x', 'A'.repeat(43)]) {
    expect(await alertsOf(await form.send({ token }))).toEqual([
      'This link is none of ours. Nothing was changed: use the one in our newest message.',
    ])
  }
  expect(await ada.isThere()).toBe(true)
  expect((await form.send({})).headers().location).toBe('/?notice=unsubscribed')
  expect([await ada.isThere(), await grace.isThere()]).toEqual([false, true])
})

test('2.2.3 a token for one thing is worth nothing for another', async ({ request, database }) => {
  const ada = await onList(database)
  const pending = await subscriber(database, { isConfirmed: false })
  const confirm = await mailed(database, 'confirmSubscription', {
    recipient: pending.address,
    subscriberId: pending.id,
  })
  for (const url of [`/confirm/${ada.token}`, `/reset/${ada.token}`, `/reset/${confirm}`, '/confirm/x', '/reset/x']) {
    expect(await (await request.get(url)).text(), url).toContain('This link does not work any more.')
  }
  const form = await openForm(request, `/confirm/${confirm}`, 'Confirm')
  expect(await alertsOf(await form.send({ token: ada.token }))).toEqual([
    'This link does not work any more. Nothing was changed.',
  ])
  expect((await form.send({})).headers().location).toBe('/?notice=confirmed')
})

test('6.4.3 asking for a new password is answered alike for an address that has an account and one that has none', async ({
  mailSite: { url, database },
  playwright,
}) => {
  const address = `ada-${randomUUID()}@example.org`
  const now = new Date().toISOString()
  await database.rows(
    'INSERT INTO "User" (id, username, "passwordHash", "createdAt", "recoveryEmail") VALUES (?, ?, ?, ?, ?)',
    ...[randomUUID(), `ada-${randomUUID().slice(0, 20)}`, 'x', now, address],
  )
  const answers = []
  for (const email of [address, `nobody-${randomUUID()}@example.org`]) {
    const asker = await playwright.request.newContext({ baseURL: url })
    const answer = await (await openForm(asker, '/forgot', 'Send me a link')).send({ email })
    answers.push({ status: answer.status(), location: answer.headers().location, length: (await answer.body()).length })
  }
  expect(answers[0]).toEqual({ status: 303, location: '/forgot?notice=reset-mailed', length: expect.any(Number) })
  expect(answers[1]).toEqual(answers[0])
})

test('1.3.6 4.1.3 a link is built from the address of the site, whatever Host says', async ({
  mailSite: { url, mails },
  playwright,
}) => {
  const address = `ada-${randomUUID()}@example.org`
  const asker: APIRequestContext = await playwright.request.newContext({ baseURL: url })
  const form = await openForm(asker, '/', 'Subscribe')
  const headers = { origin: url, 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
  expect((await form.send({ email: address }, { ...headers, host: 'evil.example' })).status()).toBe(500)
  await form.send({ email: address }, headers)
  const mail = await mails.take(({ to }) => to[0] === address)
  expect(mail.raw).not.toContain('evil.example')
  expect(mail.text).toContain(`${url}/confirm/`)
})

test('Unregister says what became of the address, or that there is none; GET does nothing', async ({
  request,
  baseURL,
}) => {
  const unregister = async () => {
    const answer = await request.post('/unregister', { headers: { origin: baseURL ?? '' } })
    return [...(await answer.text()).matchAll(/role="status"><p class="notice">([^<]+)/g)].map(([, text]) => text)
  }
  expect(await unregister()).toEqual(['You haven&#x27;t submitted an email!'])
  const email = `ada-${randomUUID()}@example.org`
  await (await openForm(request, '/', 'Subscribe')).send({ email })
  expect((await request.get('/unregister')).status()).toBe(405)
  expect(await (await request.get('/')).text()).toContain('Thanks for signing up!')
  expect(await unregister()).toEqual([`We have removed ${email} from the list!`])
  expect(await unregister()).toEqual(['You haven&#x27;t submitted an email!'])
})
