import { sessionCookie } from './database'
import { expect, test } from './fixtures'
import { beMember, expectLikes, expectStranger, fillIn, formWith, like, newCredentials, removeButton } from './people'

const MINUTE = 60_000

test('Forget me erases a visitor from every table, clears the cookie and says what was erased', async ({
  page,
  context,
  database,
}) => {
  await like(page, 'Tea', 'Rain', 'Long walks')
  await removeButton(page, 'Rain').click()
  await expect(page.getByText('Removed “Rain”.')).toBeVisible()
  const session = await database.sessionOf(context)
  await page.getByRole('button', { name: 'Forget me' }).click()

  await expect(page.getByRole('heading', { name: 'You are forgotten.' })).toBeVisible()
  await expect(page.getByRole('main').getByRole('listitem').first()).toHaveText('2 likes')
  expect(await sessionCookie(context)).toBeUndefined()
  expect(await database.rows('SELECT id FROM "Session" WHERE id = ?', session?.id ?? '')).toEqual([])
  expect(await database.rows('SELECT id FROM "Like" WHERE "sessionId" = ?', session?.id ?? '')).toEqual([])
  await page.getByRole('link', { name: 'Begin a new list' }).click()
  await expectStranger(page)
})

test('after Forget me the old cookie, replayed, is a stranger', async ({ page, context, openBrowser }) => {
  await like(page, 'Tea')
  const old = await context.cookies()
  await page.getByRole('button', { name: 'Forget me' }).click()
  await expect(page.getByRole('heading', { name: 'You are forgotten.' })).toBeVisible()
  const replay = await openBrowser(old)
  await replay.goto('/')
  await expectStranger(replay)
})

test('14.3.1 Back after Forget me shows nothing of the list', async ({ page }) => {
  await like(page, 'Tea')
  await page.getByRole('button', { name: 'Forget me' }).click()
  await expect(page.getByRole('heading', { name: 'You are forgotten.' })).toBeVisible()
  await page.goBack()
  await expectStranger(page)
  await expect(page.getByText('Tea')).toHaveCount(0)
})

test('Forget me takes nothing of anybody else’s', async ({ page, openBrowser }) => {
  const neighbour = await openBrowser()
  await like(neighbour, 'Rain')
  await like(page, 'Tea')
  await page.getByRole('button', { name: 'Forget me' }).click()
  await expect(page.getByRole('heading', { name: 'You are forgotten.' })).toBeVisible()
  await neighbour.reload()
  await expectLikes(neighbour, 'Rain')
})

test('a stranger who posts /forget gets the receipt of nothing', async ({ page, baseURL }) => {
  const answer = await page.request.post('/forget', { headers: { origin: baseURL ?? '' }, maxRedirects: 0 })
  expect(answer.status()).toBe(303)
  expect(answer.headers().location).toBe('/forgotten')
})

test('Forget me leads a member to deleting the account, which erases everything', async ({
  page,
  context,
  openBrowser,
  database,
}) => {
  await like(page, 'Tea')
  const ada = await beMember(page)
  const { userId = '' } = (await database.sessionOf(context)) ?? {}
  await page.getByRole('button', { name: 'Forget me' }).click()
  await expect(page.getByRole('heading', { name: 'Delete account' })).toBeVisible()
  await expect(page).toHaveURL(/\/account(#delete)?$/)
  expect(await database.thingsOf(context)).toEqual(['Tea'])
  const cookies = await context.cookies()

  await page.getByRole('button', { name: 'Delete account' }).click()
  await expect(page.getByRole('heading', { name: 'You are forgotten.' })).toBeVisible()
  await expect(page.getByRole('main').getByRole('listitem')).toContainText(['1 like', 'your account', 'the cookie'])
  expect(await sessionCookie(context)).toBeUndefined()
  for (const table of ['Session', 'Like']) {
    expect(await database.rows(`SELECT id FROM "${table}" WHERE "userId" = ?`, userId)).toEqual([])
  }
  expect(await database.rows('SELECT id FROM "User" WHERE id = ?', userId)).toEqual([])

  const replay = await openBrowser(cookies)
  await replay.goto('/login')
  await fillIn(replay, ada)
  await replay.getByRole('button', { name: 'Log in' }).click()
  await expect(replay.getByText('The username or the password is wrong.')).toBeVisible()
})

test('2.3.1 7.5.3 deleting asks for the password when it was given over ten minutes ago', async ({
  page,
  context,
  database,
}) => {
  const ada = await beMember(page)
  await page.goto('/account')
  const form = formWith(page, 'Delete account')
  await expect(form.getByLabel('Current password')).toHaveCount(0)
  await database.age(context, 'sudoAt', 11 * MINUTE)
  await page.goto('/account')
  const password = form.getByLabel('Current password')
  await password.fill(newCredentials().password)
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expect(password).toHaveAccessibleDescription('That is not your password. Nothing was changed.')
  await expect(password).toHaveValue('')
  expect(await database.rows('SELECT id FROM "User" WHERE username = ?', ada.username)).toHaveLength(1)

  await password.fill(ada.password)
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expect(page.getByRole('heading', { name: 'You are forgotten.' })).toBeVisible()
  expect(await database.rows('SELECT id FROM "User" WHERE username = ?', ada.username)).toEqual([])
})

test('deleting asks for the password when the ten minutes pass on the open page', async ({
  page,
  context,
  database,
}) => {
  const ada = await beMember(page)
  await page.goto('/account')
  await database.age(context, 'sudoAt', 11 * MINUTE)
  const form = formWith(page, 'Delete account')
  await form.getByRole('button', { name: 'Delete account' }).click()
  await expect(form.getByLabel('Current password')).toBeVisible()
  expect(await database.rows('SELECT id FROM "User" WHERE username = ?', ada.username)).toHaveLength(1)
})
