/** A form does for nobody what was meant for somebody else: who it was shown to is compared with who sends it. */
import type { APIRequestContext, APIResponse } from 'playwright/test'
import { expect, test } from '../fixtures'
import { enterAs, newCredentials } from '../people'
import { openForm } from '../raw-form'

const REFUSALS = {
  stranger: 'The list of this page is no longer in this browser, so nothing was changed.',
  visitor: 'Another list has begun in this browser, so nothing was changed.',
  member: 'Somebody has logged in here since, so nothing was changed.',
}

async function signUp(request: APIRequestContext) {
  const who = newCredentials()
  expect((await (await openForm(request, '/signup', 'Sign up')).send(who)).status()).toBe(303)
  return who
}

async function likeForm(request: APIRequestContext) {
  return openForm(request, '/', 'Like')
}

async function beVisitor(request: APIRequestContext, thing = 'Tea') {
  expect((await (await likeForm(request)).send({ thing })).status()).toBe(303)
}

/** Nothing happened, no cookie was set, and what was typed is in the field again. */
async function expectBack(answer: APIResponse, words: string, typed: string) {
  expect(answer.status()).toBe(200)
  expect(answer.headers()['set-cookie']).toBeUndefined()
  const html = await answer.text()
  expect(html).toContain(words)
  expect(html).toMatch(new RegExp(`<input[^>]*name="thing"[^>]*value="${typed}"`))
}

test('a visitor’s form, sent by a member, changes nothing and comes back as it was typed', async ({
  request,
  database,
}) => {
  await beVisitor(request)
  const stale = await likeForm(request)
  await signUp(request)
  const before = await database.thingsOf(request)
  await expectBack(await stale.send({ thing: 'Rain' }), REFUSALS.member, 'Rain')
  expect(await database.thingsOf(request)).toEqual(before)
})

test('nobody’s form, sent by a member, changes nothing and comes back as it was typed', async ({
  request,
  database,
}) => {
  const stale = await likeForm(request)
  await signUp(request)
  await expectBack(await stale.send({ thing: 'Rain' }), REFUSALS.member, 'Rain')
  expect(await database.thingsOf(request)).toEqual([])
})

test('2.2.3 a member’s form, sent by another member, changes nothing and comes back as it was typed', async ({
  request,
  database,
}) => {
  await signUp(request)
  const stale = await likeForm(request)
  await (await openForm(request, '/logout', 'Log out')).send({})
  await signUp(request)
  await expectBack(await stale.send({ thing: 'Rain' }), REFUSALS.member, 'Rain')
  expect(await database.thingsOf(request)).toEqual([])
})

test('a visitor’s form, sent by nobody or by another visitor, changes nothing', async ({ request, database }) => {
  await beVisitor(request)
  const stale = await likeForm(request)
  await request.post('/forget', { headers: { origin: new URL((await request.get('/')).url()).origin } })
  await expectBack(await stale.send({ thing: 'Rain' }), REFUSALS.stranger, 'Rain')
  await beVisitor(request, 'Snow')
  await expectBack(await stale.send({ thing: 'Rain' }), REFUSALS.visitor, 'Rain')
  expect(await database.thingsOf(request)).toEqual(['Snow'])
})

test('nobody’s form serves the visitor whom this browser has become since', async ({ request, database }) => {
  const stale = await likeForm(request)
  await beVisitor(request)
  expect((await stale.send({ thing: 'Rain' })).status()).toBe(303)
  expect(await database.thingsOf(request)).toEqual(['Tea', 'Rain'])
})

test('what a member typed after the session ended comes back by way of log-in', async ({ page, database }) => {
  const ada = await signUp(page.request)
  const stale = await likeForm(page.request)
  await (await openForm(page.request, '/logout', 'Log out')).send({})
  for (const isVisitor of [false, true]) {
    if (isVisitor) await beVisitor(page.request)
    const answer = await stale.send({ thing: 'Rain & snow' })
    expect(answer.status()).toBe(303)
    expect(answer.headers()['set-cookie']).toBeUndefined()
    await page.goto(answer.headers().location ?? '')
    await expect(page.getByText('You are not logged in any more.')).toBeVisible()
  }
  await page.getByLabel('Username').fill(ada.username)
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByLabel('I like')).toHaveValue('Rain & snow')
  expect(await database.thingsOf(page.context())).toEqual(['Tea'])
})

test('every form that writes for somebody carries whom it was shown to', async ({ page, openBrowser }) => {
  await beVisitor(page.request, 'Tea')
  await page.goto('/')
  const unmarked = () => page.locator('form:not(:has(input[name=shownTo]))').getByRole('button').allTextContents()
  await expect(page.locator('form')).toHaveCount(5)
  expect(await unmarked()).toEqual([])
  // In two browsers, or there would be no session to end.
  await enterAs(await openBrowser(), await signUp(page.request))
  await page.goto('/')
  await page.getByRole('button', { name: 'Remove Tea' }).click()
  await expect(page.getByText('Removed “Tea”.')).toBeVisible()
  // A log-out does what it says for whoever asks.
  expect(await unmarked()).toEqual(['Log out'])
  await page.goto('/account')
  expect(await unmarked()).toEqual(['Log out'])
  await expect(page.locator('form')).toHaveCount(6)
})

test('8.3.1 a form with a forged mark, or with none, changes nothing', async ({ request, database }) => {
  await signUp(request)
  const form = await likeForm(request)
  const theirs = await database.sessionOf(request)
  for (const shownTo of ['', 'member', 'member ', `visitor ${theirs?.id}`, 'nobody', 'undefined', '__proto__']) {
    const answer = await form.send({ thing: 'Rain', shownTo })
    expect(answer.status(), shownTo).toBe(200)
  }
  expect(await database.thingsOf(request)).toEqual([])
})

test('a plain request without a mark forgets whoever sends it, and one with another’s mark nobody', async ({
  request,
  database,
  baseURL,
}) => {
  await beVisitor(request)
  const session = await database.sessionOf(request)
  const post = (form: Record<string, string>) =>
    request.post('/forget', { form, headers: { origin: baseURL ?? '' }, maxRedirects: 0 })
  for (const shownTo of ['visitor 0', 'visitor', 'member 0']) {
    expect((await post({ shownTo })).headers().location).toBe('/?notice=somebody-else')
  }
  expect(await database.sessionOf(request)).toEqual(session)
  expect((await post({ shownTo: `visitor ${session?.id}` })).headers().location).toBe('/forgotten?likes=1')
})
