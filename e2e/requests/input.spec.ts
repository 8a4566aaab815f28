/** What is typed: refused by the server alone where it is odd, and text for ever after where it is taken. */
import { randomUUID } from 'node:crypto'
import type { APIRequestContext } from 'playwright/test'
import { sessionCookie, TABLES } from '../database'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'

const HOSTILE = {
  'a list': ['x', 'y'],
  'a file': new File(['x'], 'x.txt'),
  NUL: 'a\0b',
  'far too long': 'x'.repeat(20_000),
}

type Who = 'nobody' | 'member' | 'admin'
type Case = [who: Who, page: string, button: string | RegExp, filledIn: Record<string, string>, ...fields: string[]]

const DRAFT = '/admin/announcements/[id]'
const WHO = newCredentials()
const EMAIL = { email: 'ada@example.org' }
const PASSWORDS = { password: WHO.password, newPassword: 'five other words in a row' }

/** Each form with fields that are not merely where to come back to, filled in so that it would do something. */
const FORMS: Case[] = [
  ['member', '/', 'Like', { thing: 'Snow' }, 'thing'],
  ['member', '/', />Remove </, {}, 'id'],
  ['member', '/', /class="undo"/, {}, 'at'],
  ['member', '/', 'Subscribe', EMAIL, 'email'],
  ['nobody', '/signup', 'Sign up', newCredentials(), 'username', 'password', 'keep'],
  ['nobody', '/login', 'Log in', WHO, 'username', 'password', 'keep'],
  ['nobody', '/forgot', 'Send me a link', EMAIL, 'email'],
  ['member', '/account', 'End all other sessions', { end: 'others' }, 'end'],
  ['member', '/account', 'Change password', PASSWORDS, 'password', 'newPassword'],
  ['member', '/account', 'Add recovery e-mail', EMAIL, 'email'],
  ['nobody', '/admin/login', 'Log in', {}, 'password'],
  ['admin', '/admin', />Delete </, {}, 'id'],
  ['admin', '/admin/members', /value="disable"/, { act: 'disable' }, 'id', 'act'],
  ['admin', '/admin/announcements', 'Preview', { subject: 'News', text: 'Hello' }, 'id', 'subject', 'text'],
  ['admin', DRAFT, /Send a test/, EMAIL, 'id', 'email'],
  ['admin', DRAFT, 'Delete draft', {}, 'id'],
  ['admin', DRAFT, />Send to /, {}, 'id'],
]

test('1.4.2 2.2.1 2.2.2 5.2.1 no form takes a file, a list, a NUL or too much, whatever its page would say', async ({
  mailSite: { url, database, password },
  playwright,
}) => {
  test.slow()
  const open = (i: number) =>
    playwright.request.newContext({ baseURL: url, extraHTTPHeaders: { 'x-forwarded-for': `10.99.0.${i}` } })
  const people = { nobody: await open(1), member: await open(2), admin: await open(3) }
  const { member, admin } = people
  await (await openForm(member, '/signup', 'Sign up')).send(WHO)
  await (await openForm(await open(4), '/login', 'Log in')).send(WHO)
  for (const thing of ['Tea', 'Rain']) await (await openForm(member, '/', 'Like')).send({ thing })
  await (await openForm(member, '/', />Remove </)).send({})
  expect((await (await openForm(admin, '/admin/login', 'Log in')).send({ password })).status()).toBe(303)
  const [now, draft] = [new Date().toISOString(), randomUUID()]
  await database.rows(
    'INSERT INTO "Announcement" (id, subject, text, "createdAt") VALUES (?, ?, ?, ?)',
    draft,
    'a',
    'b',
    now,
  )
  await database.rows(
    'INSERT INTO "Subscriber" (id, address, "createdAt") VALUES (?, ?, ?)',
    randomUUID(),
    `${draft}@example.org`,
    now,
  )

  const before = ownRows(await database.everything())
  for (const [who, page, button, filledIn, ...fields] of FORMS) {
    const form = await openForm(people[who], page.replace('[id]', draft), button)
    const cookie = await sessionCookie(people[who])
    for (const field of fields) {
      const odd = Object.entries({ ...HOSTILE, ...(field === 'at' && NUMBERS) })
      const answers = odd.map(
        async ([what, value]) => [what, await form.send({ ...filledIn, [field]: value })] as const,
      )
      for (const [what, answer] of await Promise.all(answers)) {
        expect.soft(answer.status(), `${what} as ${field} at ${page}`).toBe(200)
        expect.soft(answer.headers()['set-cookie'], `${what} as ${field} at ${page}`).toBeUndefined()
      }
    }
    expect((await sessionCookie(people[who]))?.value).toBe(cookie?.value)
    expect(ownRows(await database.everything()), page).toEqual(before)
  }
})

/** Of which a clock, a count or an array index would be made elsewhere. */
const NUMBERS = { negative: '-1', beyond: '1e400', odd: '0x10', precise: '9007199254740993', none: 'NaN' }

/** All rows but the counts of tries and the record of wrong passwords. */
function ownRows(tables: unknown[][]) {
  return tables.filter((_, i) => !['Throttle', 'SecurityEvent'].includes(TABLES[i] ?? ''))
}

const TYPED = [
  '</script><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)> \' onfocus=alert(1) autofocus',
  '<!--<script>alert(1)//-->]]>',
  '&lt;img src=x&gt; %3Cimg src=x%3E %253Cimg%2520src=x%253E',
  '\\u003cimg src=x\\u003e \u2028alert(1)\u2029;',
  "'; DROP TABLE \"Like\"; -- ' OR '1'='1",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what somebody may type
  '%s %d %o %n {{7*7}} ${7*7} <%= 7*7 %> $& $1',
]

test('1.1.1 1.1.2 1.2.1 1.2.2 1.2.3 1.2.4 1.3.10 3.2.2 what is typed stays as it was typed, and is text wherever it is shown', async ({
  mailSite: { url, database, password },
  playwright,
}) => {
  const who = await playwright.request.newContext({
    baseURL: url,
    extraHTTPHeaders: { 'x-forwarded-for': '10.99.1.1' },
  })
  for (const thing of TYPED) expect((await (await openForm(who, '/', 'Like')).send({ thing })).status()).toBe(303)
  expect(await database.thingsOf(who)).toEqual(TYPED)
  await (await openForm(who, '/', />Remove </)).send({})
  await (await openForm(who, '/admin/login', 'Log in')).send({ password })
  const pages = ['/']
  for (const text of TYPED) {
    const draft = await (await openForm(who, '/admin/announcements', 'Preview')).send({ subject: text, text })
    pages.push((draft.headers().location ?? '').split('?')[0] ?? '')
    const query = encodeURIComponent(text)
    for (const address of ['/?thing=', '/?before=', '/?q=', '/?sort=a-z&before=']) pages.push(address + query)
    for (const address of ['/login?next=/', '/reset/']) pages.push(address + query)
    for (const address of ['/admin?q=', '/admin/members?q=', '/nowhere/']) pages.push(address + query)
  }
  for (const page of [...pages, '/admin/announcements']) await expectText(who, page)
})

async function expectText(request: APIRequestContext, page: string) {
  const answer = await request.get(page)
  expect(answer.status(), page).toBeLessThan(500)
  const html = await answer.text()
  expect(html, page).not.toMatch(/<img|<svg onload|<!--<script/)
  const scripts = html.split(/<script/).length - 1
  expect(html.split(/<\/script>/).length - 1, page).toBe(scripts)
  expect(html.match(/<script[^>]*\snonce="/g)?.length, page).toBe(scripts)
}
