/**
 * Who may do what: every page, handler and action there is, for nobody, a visitor, the owner and another member. A row
 * that is missing fails, and so does one of something that is gone.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { APIRequestContext, APIResponse } from 'playwright/test'
import { sessionCookie } from '../database'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'

const WHO = ['nobody', 'visitor', 'owner', 'other'] as const
type Who = (typeof WHO)[number]
type Outcome = string | number

const LOG_IN = '303 /login?notice=log-in-again'
const TO_LOG_IN = '307 /login'
const SOMEBODY_ELSE = '200 Somebody has logged in here since'

/** What each is answered: a status, and where it leads or what it says. */
const GETS: Record<string, Record<Who, Outcome>> = {
  '/': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/login': { nobody: 200, visitor: 200, owner: '307 /', other: '307 /' },
  '/signup': { nobody: 200, visitor: 200, owner: '307 /', other: '307 /' },
  '/logout': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/account': { nobody: TO_LOG_IN, visitor: TO_LOG_IN, owner: 200, other: 200 },
  '/forgotten': { nobody: 200, visitor: '307 /', owner: '307 /', other: '307 /' },
  '/privacy': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/health': { nobody: 200, visitor: 200, owner: 200, other: 200 },
  '/.well-known/change-password': {
    nobody: '303 /account#password',
    visitor: '303 /account#password',
    owner: '303 /account#password',
    other: '303 /account#password',
  },
}

/** The owner's form, sent by each; last by the owner. Only the owner's own changes anything of the owner's. */
const ACTIONS: Record<string, { page: string; button: string | RegExp; fields?: object } & Record<Who, Outcome>> = {
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

/** What is for whoever sends it, and so has no owner. */
const FOR_ANYBODY: Record<string, { page: string; button: string } & Record<Who, Outcome>> = {
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
}

test('every page, handler and action has its row', () => {
  const pages: string[] = []
  const doors: string[] = []
  for (const name of readdirSync('app', { recursive: true, encoding: 'utf8' })) {
    const url = `/${name}`.replace(/\/\([\w-]+\)/g, '').replace(/\/(page\.tsx|route\.ts)$/, '') || '/'
    const source = /\.tsx?$/.test(name) ? readFileSync(`app/${name}`, 'utf8') : ''
    if (name.endsWith('page.tsx') || source.includes('export function GET') || /export async function GET/.test(source))
      pages.push(url)
    if (!/^'use server'/.test(source) && !name.endsWith('route.ts')) continue
    for (const [, door] of source.matchAll(/export async function (\w+)/g))
      if (door !== 'GET') doors.push(`app/${name} ${door}`)
  }
  expect(pages.toSorted()).toEqual(Object.keys(GETS).toSorted())
  expect(doors.toSorted()).toEqual([...Object.keys(ACTIONS), ...Object.keys(FOR_ANYBODY)].toSorted())
})

type People = Record<Who, APIRequestContext>

async function everybody(playwright: typeof import('playwright-core'), baseURL: string, number: number) {
  const open = (i: number) =>
    playwright.request.newContext({
      baseURL: baseURL,
      extraHTTPHeaders: { 'x-forwarded-for': `10.77.${number}.${i}` },
    })
  const [nobody, visitor, owner, other] = (await Promise.all([1, 2, 3, 4].map(open))) as [
    APIRequestContext,
    APIRequestContext,
    APIRequestContext,
    APIRequestContext,
  ]
  const people: People = { nobody, visitor, owner, other }
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

test('nobody sees or changes what is not theirs: pages', async ({ playwright, quietSite }) => {
  const { people } = await everybody(playwright, quietSite.url, 1)
  for (const [page, row] of Object.entries(GETS)) {
    for (const who of WHO) {
      const answer = await people[who].get(page, { maxRedirects: 0 })
      expect.soft(await said(answer, row[who]), `${who} asks for ${page}`).toBe(row[who])
      const text = await answer.text()
      if (who !== 'owner')
        expect.soft(text.includes('Chess'), `${who} sees a like of the owner's on ${page}`).toBe(false)
    }
  }
})

test('nobody sees or changes what is not theirs: actions and handlers', async ({ playwright, quietSite }) => {
  test.slow()
  const { url: baseURL, database } = quietSite
  const { people, who: ada } = await everybody(playwright, baseURL, 2)
  for (const [name, row] of Object.entries(ACTIONS)) {
    const session = await database.sessionOf(people.owner)
    const shownTo = `member ${session?.userId}`
    if (name.endsWith('Claim')) {
      // A receipt for each of the two, since either is the end of it.
      const claim = { id: '00000000-0000-4000-8000-000000000000', count: 1, at: Date.now() }
      await database.rows('UPDATE "Session" SET data = ? WHERE id = ?', JSON.stringify({ claim }), session?.id ?? '')
    }
    const form = row.button === '' ? null : await openForm(people.owner, row.page, row.button)
    const fields = { password: ada.password, ...row.fields }
    const send = (request: APIRequestContext) =>
      form
        ? form.by(request).send(fields)
        : request.post(row.page, { form: { shownTo }, headers: { origin: baseURL }, maxRedirects: 0 })
    for (const who of ['nobody', 'visitor', 'other'] as const) {
      const [before, cookie] = [await database.everything(), await sessionCookie(people[who])]
      expect.soft(await said(await send(people[who]), row[who]), `${who}: ${name}`).toBe(row[who])
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

test('what is for anybody serves everybody', async ({ playwright, quietSite }) => {
  test.slow()
  const { url: baseURL } = quietSite
  const { people, who: ada } = await everybody(playwright, baseURL, 3)
  for (const [name, row] of Object.entries(FOR_ANYBODY)) {
    const stranger = await playwright.request.newContext({ baseURL: baseURL })
    const form = name.endsWith('logOut')
      ? await openForm(people.owner, row.page, row.button)
      : await openForm(stranger, row.page, row.button)
    for (const who of WHO) {
      const fields = name.endsWith('signUp') ? newCredentials() : ada
      const answer = await form.by(people[who]).send({ ...fields, next: '/' })
      expect.soft(await said(answer, row[who]), `${who}: ${name}`).toBe(row[who])
    }
    await stranger.dispose()
  }
})

/** All rows but the counts of tries, which are of requests and not of anybody's. */
function ownRows(tables: unknown[][]) {
  return tables.slice(0, 4)
}
