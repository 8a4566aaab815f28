/**
 * Who may do what: every page, handler and action there is, for nobody, a visitor, the owner, another member and the
 * owner of the site. A row that is missing fails, and so does one of something that is gone.
 */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { APIRequestContext, APIResponse } from 'playwright/test'
import { sessionCookie, TABLES } from '../database'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'

const WHO = ['nobody', 'visitor', 'owner', 'other', 'admin'] as const
type Who = (typeof WHO)[number]
type Outcome = string | number

/** Of each but the admin, who is a visitor where nothing else is said. */
type Row = Record<Exclude<Who, 'admin'>, Outcome> & { admin?: Outcome }

const LOG_IN = '303 /login?notice=log-in-again'
const TO_LOG_IN = '307 /login'
const TO_ADMIN = '307 /admin/login'
const TO_GONE = '307 /admin/announcements?notice=announcement-gone'
const SOMEBODY_ELSE = '200 Somebody has logged in here since'

/** What each is answered: a status, and where it leads or what it says. */
const GETS: Record<string, Row> = {
  '/': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/login': { nobody: 200, visitor: 200, owner: '307 /', other: '307 /' },
  '/signup': { nobody: 200, visitor: 200, owner: '307 /', other: '307 /' },
  '/logout': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/account': { nobody: TO_LOG_IN, visitor: TO_LOG_IN, owner: 200, other: 200 },
  '/forgotten': { nobody: 200, visitor: '307 /', owner: '307 /', other: '307 /' },
  '/admin': { nobody: TO_ADMIN, visitor: TO_ADMIN, owner: TO_ADMIN, other: TO_ADMIN, admin: 200 },
  '/admin/login': { nobody: 200, visitor: 200, owner: 200, other: 200, admin: '307 /admin' },
  '/admin/members': { nobody: TO_ADMIN, visitor: TO_ADMIN, owner: TO_ADMIN, other: TO_ADMIN, admin: 200 },
  '/admin/announcements': { nobody: TO_ADMIN, visitor: TO_ADMIN, owner: TO_ADMIN, other: TO_ADMIN, admin: 200 },
  '/admin/announcements/[id]': {
    nobody: TO_ADMIN,
    visitor: TO_ADMIN,
    owner: TO_ADMIN,
    other: TO_ADMIN,
    admin: TO_GONE,
  },
  '/forgot': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  // Without a link's token, whoever asks; with it, see links.spec.ts.
  '/reset/[token]': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/confirm/[token]': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/unsubscribe/[token]': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/unsubscribe/[token]/one-click': {
    nobody: '303 /unsubscribe/%5Btoken%5D',
    visitor: '303 /unsubscribe/%5Btoken%5D',
    owner: '303 /unsubscribe/%5Btoken%5D',
    other: '303 /unsubscribe/%5Btoken%5D',
  },
  // Of the owner, who has published nothing; a published one, see published.spec.ts.
  '/u/[username]': { nobody: 404, visitor: 404, owner: 404, other: 404 },
  '/outbox': { nobody: 404, visitor: 404, owner: 404, other: 404 },
  '/privacy': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/health': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/health/live': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  // With its token alone, see metrics.spec.ts.
  '/metrics': { nobody: 401, visitor: 401, owner: 401, other: 401, admin: 401 },
  '/.well-known/change-password': {
    nobody: '303 /account#password',
    visitor: '303 /account#password',
    owner: '303 /account#password',
    other: '303 /account#password',
  },
}

/** The owner's form, sent by each; last by the owner. Only the owner's own changes anything of the owner's. */
const ACTIONS: Record<string, { page: string; button: string | RegExp; fields?: object } & Row> = {
  'app/actions.ts addLike': {
    ...{ page: '/', button: 'Like', fields: { thing: 'Rain' } },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /', other: SOMEBODY_ELSE },
  },
  'app/actions.ts removeLike': {
    ...{ page: '/', button: />Remove </ },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /', other: SOMEBODY_ELSE },
  },
  'app/actions.ts undoRemove': {
    ...{ page: '/', button: /class="undo"/ },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /', other: SOMEBODY_ELSE },
  },
  'app/actions.ts dismissClaim': {
    ...{ page: '/', button: />Keep </ },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /', other: SOMEBODY_ELSE },
  },
  'app/actions.ts undoClaim': {
    ...{ page: '/', button: /describedby="undo-claim"/ },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /', other: SOMEBODY_ELSE },
  },
  'app/actions.ts subscribe': {
    ...{ page: '/', button: 'Subscribe', fields: { email: 'ada@example.org' } },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /', other: SOMEBODY_ELSE },
  },
  'app/unregister/route.ts POST': {
    ...{ page: '/unregister', button: '' },
    ...{
      nobody: '303 /?notice=no-address',
      visitor: '303 /?notice=somebody-else',
      owner: '303 /',
      other: '303 /?notice=somebody-else',
    },
  },
  'app/account/actions.ts changeRecoveryEmail': {
    ...{ page: '/account', button: 'Add recovery e-mail', fields: { email: 'grace@example.org' } },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /account?notice=recovery-mailed', other: SOMEBODY_ELSE },
  },
  'app/account/actions.ts removeRecoveryEmail': {
    ...{ page: '/account', button: 'Remove recovery e-mail' },
    ...{
      nobody: LOG_IN,
      visitor: LOG_IN,
      owner: '303 /account?notice=recovery-removed',
      other: SOMEBODY_ELSE,
    },
  },
  'app/account/actions.ts changePublication': {
    ...{ page: '/account', button: 'Publish my list', fields: { act: 'publish', title: 'Mine' } },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /account?notice=list-changed', other: SOMEBODY_ELSE },
  },
  'app/account/actions.ts takeListBack': {
    ...{ page: '/account', button: 'Take my list back' },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /account?notice=list-changed', other: SOMEBODY_ELSE },
  },
  'app/account/actions.ts endSessions': {
    ...{ page: '/account', button: 'End all other sessions', fields: { end: 'others' } },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /account?notice=others-ended', other: SOMEBODY_ELSE },
  },
  'app/account/actions.ts changePassword': {
    ...{ page: '/account', button: 'Change password', fields: { newPassword: 'five other words in a row' } },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /account?notice=password-changed', other: SOMEBODY_ELSE },
  },
  'app/account/export/route.ts POST': {
    ...{ page: '/account/export', button: '' },
    ...{
      nobody: '303 /login',
      visitor: '303 /?notice=somebody-else',
      owner: 200,
      other: '303 /account?notice=somebody-else',
    },
  },
  'app/forget/route.ts POST': {
    ...{ page: '/forget', button: '' },
    ...{
      nobody: '303 /forgotten',
      visitor: '303 /?notice=somebody-else',
      owner: '303 /account#delete',
      other: '303 /account#delete',
    },
  },
  'app/account/actions.ts deleteAccount': {
    ...{ page: '/account', button: 'Delete account' },
    ...{ nobody: LOG_IN, visitor: LOG_IN, owner: '303 /forgotten?account=1', other: SOMEBODY_ELSE },
  },
}

const NOT_ADMIN = { nobody: TO_ADMIN, visitor: TO_ADMIN, owner: TO_ADMIN, other: TO_ADMIN }

/** The admin's form, sent by each; last by the admin. */
const FOR_ADMIN: Record<string, { page: string; button: string | RegExp; fields?: object } & Record<Who, Outcome>> = {
  'app/admin/actions.ts deleteAddress': {
    ...{ page: '/admin', button: />Delete </ },
    ...{ ...NOT_ADMIN, admin: '303 /admin?notice=address-deleted' },
  },
  'app/admin/members/actions.ts changeMember': {
    ...{ page: '/admin/members', button: /value="disable"/, fields: { act: 'disable' } },
    ...{ ...NOT_ADMIN, admin: '303 /admin/members?notice=member-disabled' },
  },
  'app/admin/announcements/actions.ts saveAnnouncement': {
    ...{ page: '/admin/announcements', button: 'Preview', fields: { subject: 'News', text: 'Hello' } },
    ...{ ...NOT_ADMIN, admin: '303 /admin/announcements/' },
  },
  'app/admin/announcements/actions.ts testAnnouncement': {
    ...{ page: '/admin/announcements/[id]', button: /Send a test/, fields: { email: 'owner@example.org' } },
    ...{ ...NOT_ADMIN, admin: '303 /admin/announcements/' },
  },
  'app/admin/announcements/actions.ts deleteAnnouncement': {
    ...{ page: '/admin/announcements/[id]', button: 'Delete draft' },
    ...{ ...NOT_ADMIN, admin: '303 /admin/announcements?notice=draft-deleted' },
  },
  'app/admin/export/route.ts POST': {
    ...{ page: '/admin/export', button: '' },
    ...{ nobody: '303 /admin', visitor: '303 /admin', owner: '303 /admin', other: '303 /admin', admin: 200 },
  },
  // Last, since it goes on by itself.
  'app/admin/announcements/actions.ts sendAnnouncement': {
    ...{ page: '/admin/announcements/[id]', button: />Send to / },
    ...{ ...NOT_ADMIN, admin: '303 /admin/announcements/' },
  },
}

/** What the token of a link allows, whoever has it: links.spec.ts. */
const BY_LINK = [
  'app/(auth)/actions.ts resetPassword',
  'app/confirm/[token]/actions.ts confirm',
  'app/unsubscribe/[token]/actions.ts unsubscribe',
  'app/unsubscribe/[token]/one-click/route.ts POST',
]

/** What is for whoever sends it, and so has no owner. */
const FOR_ANYBODY: Record<string, { page: string; button: string; fields?: object } & Row> = {
  'app/(auth)/actions.ts forgotPassword': {
    ...{ page: '/forgot', button: 'Send me a link' },
    ...{
      nobody: '303 /forgot?notice=reset-mailed',
      visitor: '303 /forgot?notice=reset-mailed',
      owner: '303 /forgot?notice=reset-mailed',
      other: '303 /forgot?notice=reset-mailed',
    },
  },
  'app/(auth)/actions.ts logOut': {
    ...{ page: '/logout', button: 'Log out' },
    ...{
      nobody: '303 /?notice=logged-out',
      visitor: '303 /',
      owner: '303 /?notice=logged-out',
      other: '303 /?notice=logged-out',
    },
  },
  'app/(auth)/actions.ts logIn': {
    ...{ page: '/login', button: 'Log in' },
    ...{ nobody: '303 /', visitor: '303 /', owner: '303 /', other: '303 /' },
  },
  'app/(auth)/actions.ts signUp': {
    ...{ page: '/signup', button: 'Sign up' },
    ...{ nobody: '303 /', visitor: '303 /', owner: '303 /', other: '303 /' },
  },
  // Last, since they make a visitor of nobody.
  'app/admin/actions.ts logOutOfAdmin': {
    ...{ page: '/admin', button: 'Log out of admin' },
    ...{
      nobody: '303 /admin/login',
      visitor: '303 /admin/login',
      owner: '303 /admin/login',
      other: '303 /admin/login',
    },
  },
  'app/admin/actions.ts logInToAdmin': {
    ...{ page: '/admin/login', button: 'Log in' },
    ...{ nobody: '303 /admin', visitor: '303 /admin', owner: '303 /admin', other: '303 /admin' },
  },
}

test('6.3.4 8.1.1 13.4.5 15.2.3 every page, handler and action has its row', () => {
  const pages: string[] = []
  const doors: string[] = []
  for (const name of readdirSync('app', { recursive: true, encoding: 'utf8' })) {
    const url = `/${name}`.replace(/\/\([\w-]+\)/g, '').replace(/\/(page\.tsx|route\.ts)$/, '') || '/'
    const source = /\.tsx?$/.test(name) ? readFileSync(`app/${name}`, 'utf8') : ''
    if (name.endsWith('page.tsx') || source.includes('export function GET') || /export async function GET/.test(source))
      pages.push(url)
    if (!/^'use server'/.test(source) && !name.endsWith('route.ts')) continue
    for (const [, door] of source.matchAll(/export (?:async function|const) (\w+)/g))
      if (door !== 'GET') doors.push(`app/${name} ${door}`)
  }
  expect(pages.toSorted()).toEqual(Object.keys(GETS).toSorted())
  const rows = [...Object.keys({ ...ACTIONS, ...FOR_ADMIN, ...FOR_ANYBODY }), ...BY_LINK]
  expect(doors.toSorted()).toEqual(rows.toSorted())
})

type People = Record<Who, APIRequestContext>

async function everybody(
  playwright: typeof import('playwright-core'),
  { url: baseURL, password }: { url: string; password: string },
  number: number,
) {
  const open = (i: number) =>
    playwright.request.newContext({
      baseURL: baseURL,
      extraHTTPHeaders: { 'x-forwarded-for': `10.77.${number}.${i}` },
    })
  const [nobody, visitor, owner, other, admin] = (await Promise.all([1, 2, 3, 4, 6].map(open))) as [
    APIRequestContext,
    APIRequestContext,
    APIRequestContext,
    APIRequestContext,
    APIRequestContext,
  ]
  const people: People = { nobody, visitor, owner, other, admin }
  expect((await (await openForm(admin, '/admin/login', 'Log in')).send({ password })).status()).toBe(303)
  const who = newCredentials()
  await (await openForm(visitor, '/', 'Like')).send({ thing: 'Cats' })
  await (await openForm(owner, '/', 'Like')).send({ thing: 'Tea' })
  await (await openForm(owner, '/signup', 'Sign up')).send(who)
  for (const thing of ['Chess', 'Go']) await (await openForm(owner, '/', 'Like')).send({ thing })
  await (await openForm(owner, '/', /Remove [\s\S]*Go/)).send({})
  await (await openForm(other, '/signup', 'Sign up')).send(newCredentials())
  // A second log-in, to be ended.
  const second = await open(5)
  await (await openForm(second, '/login', 'Log in')).send(who)
  await second.dispose()
  return { people, who }
}

async function said(answer: APIResponse, expected: Outcome): Promise<Outcome> {
  const status = answer.status()
  if (typeof expected === 'number') return status
  const location = answer.headers().location
  if (location !== undefined) {
    const where = `${status} ${location}`
    return expected.includes('?') || !where.startsWith(`${expected}?`)
      ? where.replace(/&(next|likes)=.*/, '')
      : expected
  }
  const words = expected.slice(4)
  return `${status} ${(await answer.text()).includes(words) ? words : 'something else'}`
}

test('8.2.1 13.4.2 14.2.2 14.3.2 15.2.3 nobody sees or changes what is not theirs, or keeps a copy: pages', async ({
  playwright,
  mailSite,
}) => {
  const { people, who: ada } = await everybody(playwright, mailSite, 1)
  for (const [page, row] of Object.entries(GETS)) {
    for (const who of WHO) {
      const answer = await people[who].get(page.replace('[username]', ada.username), { maxRedirects: 0 })
      const expected = outcomeFor(row, who)
      expect.soft(await said(answer, expected), `${who} asks for ${page}`).toBe(expected)
      // What is the same for everybody may be kept: numbers, and the state of the site.
      if (answer.headers()['content-type']?.startsWith('text/html'))
        expect.soft(answer.headers()['cache-control'], page).toContain('no-store')
      const text = await answer.text()
      if (who !== 'owner')
        expect.soft(text.includes('Chess'), `${who} sees a like of the owner's on ${page}`).toBe(false)
    }
  }
})

test('8.2.1 8.2.2 nobody sees or changes what is not theirs: actions and handlers', async ({
  playwright,
  mailSite,
}) => {
  test.slow()
  const { url: baseURL, database } = mailSite
  const { people, who: ada } = await everybody(playwright, mailSite, 2)
  for (const [name, row] of Object.entries(ACTIONS)) {
    const session = await database.sessionOf(people.owner)
    const shownTo = `member ${session?.userId}`
    if (name.endsWith('Claim')) {
      // A receipt for each of the two, since either is the end of it.
      const claim = { id: '00000000-0000-4000-8000-000000000000', count: 1, at: Date.now() }
      await database.rows('UPDATE "Session" SET data = ? WHERE id = ?', JSON.stringify({ claim }), session?.id ?? '')
    }
    if (name.endsWith('removeRecoveryEmail')) {
      await database.rows(
        'UPDATE "User" SET "recoveryEmail" = ? WHERE id = ?',
        'ada@example.org',
        session?.userId ?? '',
      )
    }
    const form = row.button === '' ? null : await openForm(people.owner, row.page, row.button)
    const fields = { password: ada.password, ...row.fields }
    const send = (request: APIRequestContext) =>
      form
        ? form.by(request).send(fields)
        : request.post(row.page, { form: { shownTo }, headers: { origin: baseURL }, maxRedirects: 0 })
    for (const who of ['nobody', 'visitor', 'other', 'admin'] as const) {
      const [before, cookie] = [await database.everything(), await sessionCookie(people[who])]
      const expected = outcomeFor(row, who)
      expect.soft(await said(await send(people[who]), expected), `${who}: ${name}`).toBe(expected)
      expect(ownRows(before), `${who} changes nothing by ${name}`).toEqual(ownRows(await database.everything()))
      expect((await sessionCookie(people[who]))?.value, `${who} keeps the cookie`).toBe(cookie?.value)
    }
    const before = await database.everything()
    const answer = await send(people.owner)
    expect.soft(await said(answer, row.owner), `owner: ${name}`).toBe(row.owner)
    if (!name.includes('forget'))
      expect(await database.everything(), `the owner's ${name} does something`).not.toEqual(before)
  }
})

test('7.5.3 8.2.1 only in admin mode is done what is the owner of the site’s', async ({ playwright, mailSite }) => {
  test.slow()
  const { url: baseURL, database } = mailSite
  const { people } = await everybody(playwright, mailSite, 4)
  const [now, id] = [new Date().toISOString(), randomUUID()]
  await database.rows('INSERT INTO "Subscriber" (id, address, "createdAt") VALUES (?, ?, ?)', id, 'a@example.org', now)
  for (const [name, row] of Object.entries(FOR_ADMIN)) {
    const draft = randomUUID()
    await database.rows(
      'INSERT INTO "Announcement" (id, subject, text, "createdAt") VALUES (?, ?, ?, ?)',
      ...[draft, 'News', 'Hello', now],
    )
    const page = row.page.replace('[id]', draft)
    const form = row.button === '' ? null : await openForm(people.admin, page, row.button)
    const send = (request: APIRequestContext) =>
      form
        ? form.by(request).send({ ...row.fields })
        : request.post(page, { headers: { origin: baseURL }, maxRedirects: 0 })
    for (const who of ['nobody', 'visitor', 'owner', 'other'] as const) {
      const before = await database.everything()
      const answer = await send(people[who])
      // A page that is posted to answers 303 where one that is asked for answers 307.
      expect
        .soft(
          (await said(answer, row[who])).toString().replace('303 /admin/login', '307 /admin/login'),
          `${who}: ${name}`,
        )
        .toBe(row[who])
      expect(ownRows(before), `${who} changes nothing by ${name}`).toEqual(ownRows(await database.everything()))
    }
    const before = await database.everything()
    const answer = await send(people.admin)
    const location = answer.headers().location ?? ''
    if (row.admin === '303 /admin/announcements/')
      expect(location).toMatch(/^\/admin\/announcements\/[\w-]{36}\?notice=/)
    else expect.soft(await said(answer, row.admin), `admin: ${name}`).toBe(row.admin)
    expect(await database.everything(), `the admin's ${name} does something`).not.toEqual(before)
  }
})

test('what is for anybody serves everybody', async ({ playwright, mailSite }) => {
  test.slow()
  const { url: baseURL, password } = mailSite
  const { people, who: ada } = await everybody(playwright, mailSite, 3)
  for (const [name, row] of Object.entries(FOR_ANYBODY)) {
    const stranger = await playwright.request.newContext({ baseURL: baseURL })
    if (name.endsWith('OfAdmin')) await (await openForm(stranger, '/admin/login', 'Log in')).send({ password })
    const form = await openForm(name.endsWith('logOut') ? people.owner : stranger, row.page, row.button)
    for (const who of WHO) {
      const fields = {
        ...(name.endsWith('signUp') ? newCredentials() : ada),
        ...(name.includes('/admin/') && { password }),
        email: `${who}@example.org`,
      }
      const answer = await form.by(people[who]).send({ ...fields, next: '/' })
      const expected = outcomeFor(row, who)
      expect.soft(await said(answer, expected), `${who}: ${name}`).toBe(expected)
    }
    await stranger.dispose()
  }
})

function outcomeFor(row: Row, who: Who) {
  return who === 'admin' ? (row.admin ?? row.visitor) : row[who]
}

/** All rows but the counts of tries, which are of requests and not of anybody's, and the mails, which go their way. */
function ownRows(tables: unknown[][]) {
  return tables.filter((_, i) => !['Throttle', 'Mail'].includes(TABLES[i] ?? ''))
}
