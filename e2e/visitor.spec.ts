import { sessionCookie } from './database'
import { expect, test } from './fixtures'
import { expectLikes, expectStranger, like, removeButton, yourLikes } from './people'

const DAY = 24 * 60 * 60_000

test('what you like shows at the top of your list', async ({ page }) => {
  await like(page, 'Tea')
  await expectLikes(page, 'Tea')
  await like(page, 'Rain')
  await expectLikes(page, 'Rain', 'Tea')
  await page.reload()
  await expectLikes(page, 'Rain', 'Tea')
})

test('a visitor’s list is there tomorrow, after the browser was closed', async ({ page, openBrowser, database }) => {
  await like(page, 'Tea')
  await expect(page.getByText('kept in this browser until 90 days after your last visit')).toBeVisible()
  await database.age(page.context(), 'lastSeenAt', DAY)
  const lasting = (await page.context().cookies()).filter((cookie) => cookie.expires !== -1)
  await page.context().close()

  const reopened = await openBrowser(lasting)
  await reopened.goto('/')
  await expectLikes(reopened, 'Tea')
})

test('a visitor’s list is gone 90 days after the last visit', async ({ page, database }) => {
  await like(page, 'Tea')
  await database.age(page.context(), 'lastSeenAt', 89 * DAY)
  const cookie = await sessionCookie(page.context())
  await page.reload()
  await expectLikes(page, 'Tea')
  await expect.poll(async () => String((await database.sessionOf(page.context()))?.lastSeenAt)).toMatch(today())
  await database.age(page.context(), 'lastSeenAt', 91 * DAY)
  await page.reload()
  await expectStranger(page)
  expect(await sessionCookie(page.context())).toEqual(cookie)
})

test('nobody sees somebody else’s list', async ({ page, openBrowser }) => {
  await like(page, 'Tea')
  const neighbour = await openBrowser()
  await neighbour.goto('/')
  await expectStranger(neighbour)
  await like(neighbour, 'Rain')
  await page.reload()
  await expectLikes(page, 'Tea')
  await expectLikes(neighbour, 'Rain')
})

test('liking the same thing twice keeps one row', async ({ page, database }) => {
  await like(page, 'Tea')
  await page.getByLabel('I like').fill('  tEA ')
  await page.getByRole('button', { name: 'Like', exact: true }).click()
  await expect(page.getByText('“tEA” is on your list already.')).toBeVisible()
  await expectLikes(page, 'Tea')
  expect(await database.thingsOf(page.context())).toEqual(['Tea'])
})

test('a removed like goes, and Undo puts it back in its place', async ({ page, database }) => {
  await like(page, 'Tea', 'Rain', 'Long walks')
  await removeButton(page, 'Rain').click()
  await expect(page.getByText('Removed “Rain”.')).toBeVisible()
  await expectLikes(page, 'Long walks', 'Tea')
  expect(await database.thingsOf(page.context())).toEqual(['Tea', 'Long walks'])

  await page.getByRole('button', { name: 'Undo' }).click()
  await expectLikes(page, 'Long walks', 'Rain', 'Tea')
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0)
  expect(await database.thingsOf(page.context())).toEqual(['Tea', 'Rain', 'Long walks'])
})

test('Undo is offered until the next change', async ({ page }) => {
  await like(page, 'Tea', 'Rain')
  await removeButton(page, 'Tea').click()
  await expect(page.getByText('Removed “Tea”.')).toBeVisible()
  await removeButton(page, 'Rain').click()
  await expect(page.getByText('Removed “Rain”.')).toBeVisible()
  await expect(page.getByText('Removed “Tea”.')).toHaveCount(0)
  await like(page, 'Long walks')
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0)
})

test('removing what another tab has removed already says so and keeps the rest', async ({ page, context }) => {
  await like(page, 'Tea', 'Rain')
  const tab = await context.newPage()
  await tab.goto('/')
  await removeButton(page, 'Tea').click()
  await expectLikes(page, 'Rain')
  await removeButton(tab, 'Tea').click()
  await expect(tab.getByText('Your list changed in another tab.')).toBeVisible()
  await expectLikes(tab, 'Rain')
})

test('3.7.5 a browser that keeps no cookie is told that likes cannot be kept', async ({ page, siteWithoutCookies }) => {
  await page.goto(siteWithoutCookies.url)
  await page.getByLabel('I like').fill('Tea')
  await page.getByRole('button', { name: 'Like', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Your browser keeps no cookie' })).toBeVisible()
})

test('a browser that keeps cookies is not told that it keeps none', async ({ page }) => {
  await like(page, 'Tea')
  await page.reload()
  await expectLikes(page, 'Tea')
  await expect(page.getByText('Your browser keeps no cookie')).toHaveCount(0)
})

test('3.2.2 a thing is text, whatever it looks like', async ({ page }) => {
  const thing = '<b onclick="x()">שלום & “Tea” {{7*7}}</b> 👩‍👩‍👧'
  await like(page, thing)
  await expectLikes(page, thing)
  await page.reload()
  await expect(yourLikes(page)).toHaveText(thing)
})

function today() {
  return new RegExp(`^${new Date().toISOString().slice(0, 10)}`)
}
