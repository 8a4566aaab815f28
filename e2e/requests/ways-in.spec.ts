/** The ways to prove who one is, and to change what proves it: as strict at one door as at the other. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { APIRequestContext, APIResponse } from 'playwright/test'
import { hashPassword } from '../../lib/password'
import { sessionCookie } from '../database'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { alertsOf, openForm } from '../raw-form'

const MINUTE = 60_000
// Of the list of leaked ones, and on no list of common words.
const LEAKED = '1qaz2wsx3edc'

type MailSite = Parameters<Parameters<typeof test>[2]>[0]['mailSite']

const who = newCredentials()
let passwordHash: Promise<string> | undefined

/** A member of the site that sends e-mail, logged in, with a recovery e-mail. */
async function memberOf({ url, database }: MailSite, playwright: typeof import('playwright-core'), address: string) {
  passwordHash ??= hashPassword(who.password)
  const [userId, token, username] = [randomUUID(), randomBytes(32), newCredentials().username]
  const [mailbox, now] = [`${username}@example.org`, new Date()]
  const [at, tomorrow] = [now.toISOString(), new Date(now.getTime() + 20 * 60 * MINUTE).toISOString()]
  await database.rows(
    'INSERT INTO "User" (id, username, "passwordHash", "createdAt", "recoveryEmail") VALUES (?, ?, ?, ?, ?)',
    ...[userId, username, await passwordHash, at, mailbox],
  )
  await database.rows(
    `INSERT INTO "Session" (id, "tokenHash", "userId", keep, "createdAt", "lastSeenAt", "sudoAt", "expiresAt")
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[randomUUID(), hashOf(token), userId, 0, at, at, at, tomorrow],
  )
  const value = token.toString('base64url')
  const cookie = { name: 'session', value, domain: 'localhost', path: '/', expires: -1, httpOnly: true, secure: false }
  const ada = await playwright.request.newContext({
    baseURL: url,
    extraHTTPHeaders: { 'x-forwarded-for': address },
    storageState: { cookies: [{ ...cookie, sameSite: 'Lax' }], origins: [] },
  })
  const recoveryEmail = async () => (await database.rows('SELECT * FROM "User" WHERE id = ?', userId))[0]?.recoveryEmail
  return { ada, userId, mailbox, recoveryEmail, credentials: { ...who, username } }
}

function hashOf(token: Buffer) {
  return createHash('sha256').update(token).digest('hex')
}

/** A link to a new password as it was mailed, or as the operator made it. */
async function linkTo({ database }: MailSite, about: { recipient: string } | { userId: string }) {
  const token = randomBytes(32)
  const now = new Date().toISOString()
  const [kind, recipient, userId] =
    'userId' in about ? ['resetByOwner', '', about.userId] : ['resetPassword', about.recipient, null]
  await database.rows(
    `INSERT INTO "Mail" (id, kind, recipient, state, "createdAt", "dueAt", "triedAt", "tokenHash", "userId")
     VALUES (?, ?, ?, 'sent', ?, ?, ?, ?, ?)`,
    ...[randomUUID(), kind, recipient, now, now, now, hashOf(token), userId],
  )
  return `/reset/${token.toString('base64url')}`
}

test('6.2.6 6.2.7 every field for a password hides it, names itself to programs, and has no end', async ({
  playwright,
  mailSite,
}) => {
  const { ada, mailbox } = await memberOf(mailSite, playwright, '10.91.0.1')
  await mailSite.database.age(ada, 'sudoAt', 11 * MINUTE)
  const eve = await playwright.request.newContext({ baseURL: mailSite.url })
  const pages: [APIRequestContext, string, string[]][] = [
    [eve, '/login', ['current-password']],
    [eve, '/signup', ['new-password']],
    [eve, '/admin/login', ['current-password']],
    [eve, await linkTo(mailSite, { recipient: mailbox }), ['new-password']],
    // Changing the password, both forms of the recovery e-mail, the download, deleting the account.
    [ada, '/account', [...Array(5).fill('current-password'), 'new-password']],
  ]
  for (const [who, page, expected] of pages) {
    const html = await (await who.get(page)).text()
    const fields = [...html.matchAll(/<input[^>]*>/g)].map(([field]) => field)
    const passwords = fields.filter((field) => /(name|id|autoComplete)="[^"]*password/i.test(field))
    expect(passwords.map((field) => /autoComplete="([^"]+)"/i.exec(field)?.[1]).toSorted(), page).toEqual(expected)
    for (const field of passwords) {
      expect(field, page).toContain('type="password"')
      expect(field, page).not.toMatch(/maxlength|readonly|onpaste|pattern=/i)
    }
  }
})

test('6.2.4 6.2.12 6.3.4 a leaked password is refused wherever one is set', async ({ playwright, mailSite }) => {
  const { ada, userId, mailbox, credentials } = await memberOf(mailSite, playwright, '10.91.0.2')
  const eve = await playwright.request.newContext({
    baseURL: mailSite.url,
    extraHTTPHeaders: { 'x-forwarded-for': '10.91.0.3' },
  })
  const setNew = async (link: string) =>
    (await openForm(eve, link, 'Change password')).send({ username: credentials.username, newPassword: LEAKED })
  const account = await openForm(ada, '/account', 'Change password')
  const answers: Record<string, APIResponse> = {
    'sign-up': await (await openForm(eve, '/signup', 'Sign up')).send({ ...newCredentials(), password: LEAKED }),
    account: await account.send({ password: who.password, newPassword: LEAKED }),
    'a mailed link': await setNew(await linkTo(mailSite, { recipient: mailbox })),
    'a link of the operator': await setNew(await linkTo(mailSite, { userId })),
  }
  for (const [door, answer] of Object.entries(answers)) {
    expect(await alertsOf(answer), door).toEqual([expect.stringContaining('Many people use this password')])
  }
  expect((await (await openForm(eve, '/login', 'Log in')).send(credentials)).headers().location).toBe('/')
})

test('6.3.6 6.4.3 7.6.2 a link sets a new password and logs nobody in: that takes the new password', async ({
  playwright,
  mailSite,
}) => {
  const { ada, mailbox, credentials } = await memberOf(mailSite, playwright, '10.91.0.4')
  const reader = await playwright.request.newContext({
    baseURL: mailSite.url,
    extraHTTPHeaders: { 'x-forwarded-for': '10.91.0.5' },
  })
  const form = await openForm(reader, await linkTo(mailSite, { recipient: mailbox }), 'Change password')
  const password = newCredentials().password
  const answer = await form.send({ username: credentials.username, newPassword: password })
  expect(answer.headers().location).toBe('/login?notice=password-reset')
  expect(await sessionCookie(reader)).toBeUndefined()
  for (const browser of [reader, ada]) {
    expect((await browser.get('/account', { maxRedirects: 0 })).headers().location).toMatch(/^\/login/)
  }
  await (await openForm(reader, '/login', 'Log in')).send({ username: credentials.username, password })
  expect((await reader.get('/account', { maxRedirects: 0 })).status()).toBe(200)
})

test('7.5.1 a recovery e-mail is neither changed nor removed without the password, given within ten minutes', async ({
  playwright,
  mailSite,
}) => {
  const { ada, mailbox, recoveryEmail } = await memberOf(mailSite, playwright, '10.91.0.6')
  await mailSite.database.age(ada, 'sudoAt', 11 * MINUTE)
  const other = `other-${mailbox}`
  const change = await openForm(ada, '/account', 'Change recovery e-mail')
  const remove = await openForm(ada, '/account', 'Remove recovery e-mail')
  for (const form of [change, remove]) {
    expect(await alertsOf(await form.send({ email: other, password: '' }))).toEqual([
      'Type your current password first. Nothing was changed.',
    ])
    expect(await alertsOf(await form.send({ email: other, password: newCredentials().password }))).toEqual([
      'That is not your password. Nothing was changed.',
    ])
  }
  expect(await mailSite.database.rows('SELECT id FROM "Mail" WHERE recipient = ?', other)).toEqual([])
  expect(await recoveryEmail()).toBe(mailbox)
  const answer = await remove.send({ password: who.password })
  expect(answer.headers().location).toBe('/account?notice=recovery-removed')
  expect(await recoveryEmail()).toBeNull()
})

test('7.4.4 every page of admin mode has Log out of admin', async ({ playwright, mailSite: { url, password } }) => {
  const owner = await playwright.request.newContext({
    baseURL: url,
    extraHTTPHeaders: { 'x-forwarded-for': '10.91.0.7' },
  })
  await (await openForm(owner, '/admin/login', 'Log in')).send({ password })
  const draft = await openForm(owner, '/admin/announcements', 'Preview')
  const { location = '' } = (await draft.send({ subject: 'News', text: 'Hello' })).headers()
  for (const page of ['/admin', '/admin/members', '/admin/announcements', location]) {
    expect(await (await owner.get(page)).text(), page).toContain('>Log out of admin</button>')
  }
  await (await openForm(owner, location, 'Log out of admin')).send({})
  expect((await owner.get(location, { maxRedirects: 0 })).status()).toBe(307)
})
