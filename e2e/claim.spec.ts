import type { Page } from 'playwright/test'
import { expect, test } from './fixtures'
import {
  expectLikes,
  expectMember,
  expectStranger,
  fillIn,
  like,
  logIn,
  newCredentials,
  newMember,
  removeButton,
  signUp,
} from './people'

const DAY = 24 * 60 * 60_000

test('sign-up: the likes become the account’s, with a receipt', async ({ page }) => {
  await like(page, 'Tea')
  await signUp(page)
  await expect(receipt(page)).toContainText('1 like from this browser is now in your account.')
  await expectLikes(page, 'Tea')
})

test('sign-up: with nothing liked there is no receipt', async ({ page }) => {
  await signUp(page)
  await expect(page.getByText('Nothing yet.')).toBeVisible()
  await expect(receipt(page)).toHaveCount(0)
})

test('log-in: the lists are united, and of doubles the account’s own stays', async ({ page, database }) => {
  const ada = await newMember('TEA', 'Rain')
  await like(page, 'tea', 'Long walks')
  await logIn(page, ada)
  await expect(receipt(page)).toContainText('1 like from this browser is now in your account.')
  await expectLikes(page, 'Long walks', 'Rain', 'TEA')
  expect(await database.thingsOf(page.context())).toEqual(['TEA', 'Rain', 'Long walks'])
})

test('log-in: the receipt goes when it is dismissed, and the likes stay', async ({ page }) => {
  await like(page, 'Tea', 'Rain')
  await signUp(page)
  await page.reload()
  await receipt(page).getByRole('button', { name: 'Keep them' }).click()
  await expect(receipt(page)).toHaveCount(0)
  await page.reload()
  await expectLikes(page, 'Rain', 'Tea')
  await expect(receipt(page)).toHaveCount(0)
})

test('Undo: what the log-in brought is erased, and everything else stays', async ({ page, database }) => {
  const ada = await newMember('Tea')
  await like(page, 'Rain', 'Long walks')
  await logIn(page, ada)
  await like(page, 'Fog')
  await removeButton(page, 'Rain').click()
  await expectLikes(page, 'Fog', 'Long walks', 'Tea')

  await expect(receipt(page).getByRole('button', { name: 'Undo' })).toHaveAccessibleDescription('Undo erases them.')
  await receipt(page).getByRole('button', { name: 'Undo' }).click()
  await expect(receipt(page)).toHaveCount(0)
  await expectLikes(page, 'Fog', 'Tea')
  expect(await database.thingsOf(page.context())).toEqual(['Tea', 'Fog'])
})

test('any statement fails: nothing happened, still a visitor, with the likes', async ({ page, database, context }) => {
  const ada = newCredentials()
  await like(page, 'Tea', 'Rain')
  const session = await database.sessionOf(context)
  await database.refuseToDelete(session ?? {})
  await page.goto('/signup')
  await fillIn(page, ada)
  const answer = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: 'Sign up' }).click()
  expect((await answer).status()).toBe(500)

  expect(await database.sessionOf(context)).toEqual(session)
  expect(await database.rows('SELECT id FROM "User" WHERE username = ?', ada.username)).toEqual([])
  await page.goto('/')
  await expectLikes(page, 'Rain', 'Tea')
})

test('the visitor’s session expired meanwhile: log-in succeeds, nothing moves', async ({ page, database }) => {
  const ada = await newMember()
  await like(page, 'Tea')
  await page.goto('/login')
  await fillIn(page, ada)
  await database.age(page.context(), 'lastSeenAt', 91 * DAY)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expectMember(page, ada)
  await expect(page.getByText('Nothing yet.')).toBeVisible()
  await expect(receipt(page)).toHaveCount(0)
})

test('two sign-ups race for one username: one wins, the loser keeps likes and sees a field error', async ({
  page,
  openBrowser,
}) => {
  const wanted = newCredentials()
  const people = [page, await openBrowser()]
  for (const person of people) {
    await like(person, 'Tea')
    await person.goto('/signup')
    await fillIn(person, wanted)
  }
  await Promise.all(people.map((person) => person.getByRole('button', { name: 'Sign up' }).click()))
  const outcomes = await Promise.all(people.map(outcomeOf))
  expect(outcomes.toSorted()).toEqual(['lost', 'won'])
  const loser = people[outcomes.indexOf('lost')] ?? page
  await expect(loser.getByLabel('Username')).toHaveAccessibleDescription(/Somebody has this username already/)
  await loser.goto('/')
  await expectLikes(loser, 'Tea')

  async function outcomeOf(person: Page) {
    const won = person.getByRole('banner').getByRole('link', { name: wanted.username })
    const lost = person.getByText('Somebody has this username already')
    await expect(won.or(lost)).toBeVisible()
    return (await won.isVisible()) ? 'won' : 'lost'
  }
})

test('a planted anonymous cookie: the token is dead after log-in, Undo removes what came', async ({
  page,
  openBrowser,
}) => {
  const ada = await newMember('Tea')
  const attacker = await openBrowser()
  await like(attacker, 'Bait')
  const planted = await attacker.context().cookies()
  await page.context().addCookies(planted)

  await logIn(page, ada)
  await expectLikes(page, 'Bait', 'Tea')
  expect(await page.context().cookies()).not.toEqual(planted)
  await attacker.reload()
  await expectStranger(attacker)
  await receipt(page).getByRole('button', { name: 'Undo' }).click()
  await expectLikes(page, 'Tea')
})

test('7.2.4 logged in as A, logs in as B: nothing of A moves, and A’s session has ended', async ({
  page,
  context,
  openBrowser,
}) => {
  const b = await newMember()
  const tab = await context.newPage()
  await tab.goto('/login')
  await fillIn(tab, b)
  const a = await signUp(page)
  await like(page, 'Tea')
  const sessionOfA = await context.cookies()

  await tab.getByRole('button', { name: 'Log in' }).click()
  await expectMember(tab, b)
  await expect(tab.getByText('Nothing yet.')).toBeVisible()
  await expect(receipt(tab)).toHaveCount(0)
  const replay = await openBrowser(sessionOfA)
  await replay.goto('/')
  await expectStranger(replay)
  await logIn(replay, a)
  await expectLikes(replay, 'Tea')
})

function receipt(page: Page) {
  return page.getByRole('status').filter({ hasText: 'now in your account' })
}
