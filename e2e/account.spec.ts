import { sessionCookie } from './database'
import { expect, test } from './fixtures'
import {
  expectLikes,
  expectMember,
  expectStranger,
  fillIn,
  like,
  logIn,
  logOut,
  newCredentials,
  newMember,
  signUp,
} from './people'

const HOUR = 60 * 60_000

test('a member finds the list again after logging out and in', async ({ page }) => {
  const ada = await signUp(page)
  await like(page, 'Tea')
  await logOut(page)
  await expectStranger(page)
  await logIn(page, { ...ada, username: ada.username.toUpperCase() })
  await expectLikes(page, 'Tea')
})

test('7.4.4 every page has Log out for a member', async ({ page }) => {
  const ada = await signUp(page)
  for (const path of ['/', '/account', '/privacy', '/forgotten']) {
    await page.goto(path)
    await expect(page.getByRole('banner').getByRole('button', { name: 'Log out' })).toBeVisible()
  }
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByText('You are logged out.')).toBeVisible()
  await page.goto('/account')
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible()
  await expect(page.getByText(ada.username)).toHaveCount(0)
})

test('logging out twice is fine', async ({ page, context }) => {
  await signUp(page)
  const tab = await context.newPage()
  await tab.goto('/logout')
  await logOut(page)
  await tab.getByRole('main').getByRole('button', { name: 'Log out' }).click()
  await expect(tab.getByText('You are logged out.')).toBeVisible()
})

test('7.4.1 after logging out the old cookie, replayed, is a stranger', async ({ page, openBrowser }) => {
  await signUp(page, newCredentials(), { keep: true })
  await like(page, 'Tea')
  const stolen = await page.context().cookies()
  await logOut(page)
  expect(await sessionCookie(page.context())).toBeUndefined()

  const thief = await openBrowser(stolen)
  await thief.goto('/')
  await expectStranger(thief)
  await thief.goto('/account')
  await expect(thief).toHaveURL('/login?next=%2Faccount')
})

test('14.3.1 Back after logging out shows nothing private', async ({ page }) => {
  const ada = await signUp(page)
  await like(page, 'Tea')
  await page.getByRole('link', { name: ada.username }).click()
  await expect(page.getByText(`You are logged in as ${ada.username}.`)).toBeVisible()
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByText('You are logged out.')).toBeVisible()

  await page.goBack()
  await expect(page.getByRole('link', { name: 'Log in' }).first()).toBeVisible()
  await expect(page.getByText(ada.username)).toHaveCount(0)
  await page.goBack()
  await expect(page.getByRole('link', { name: 'Log in' }).first()).toBeVisible()
  await expect(page.getByText(ada.username)).toHaveCount(0)
  await expect(page.getByText('Tea')).toHaveCount(0)
})

test('“Keep me logged in” outlives the browser, and nothing else does', async ({ page, openBrowser }) => {
  const ada = await signUp(page, newCredentials(), { keep: true })
  const brief = await openBrowser()
  await logIn(brief, ada)

  const kept = await openBrowser((await page.context().cookies()).filter((cookie) => cookie.expires !== -1))
  await kept.goto('/')
  await expectMember(kept, ada)
  const forgotten = await openBrowser((await brief.context().cookies()).filter((cookie) => cookie.expires !== -1))
  await forgotten.goto('/')
  await expectStranger(forgotten)
})

test('7.3.1 a log-in that was not to be kept ends after two hours without use', async ({ page, database }) => {
  const ada = await signUp(page)
  await database.age(page.context(), 'lastSeenAt', 1.7 * HOUR)
  await page.goto('/')
  await expectMember(page, ada)
  await database.age(page.context(), 'lastSeenAt', 2 * HOUR)
  await page.goto('/')
  await expectStranger(page)
})

test('a log-in returns to the page that asked for it', async ({ page }) => {
  const ada = await newMember()
  await page.goto('/account')
  await expect(page).toHaveURL('/login?next=%2Faccount')
  await fillIn(page, ada)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page).toHaveURL('/account')
  await expect(page.getByText(`You are logged in as ${ada.username}.`)).toBeVisible()
})

test('3.7.2 neither sign-up nor log-in leads to another site', async ({ page, baseURL }) => {
  const ada = newCredentials()
  await page.goto('/signup?next=//evil.example')
  await fillIn(page, ada)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expectMember(page, ada)
  expect(page.url()).toBe(`${baseURL}/`)
  await logOut(page)
  await page.goto('/login?next=/%5Cevil.example')
  await fillIn(page, ada)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expectMember(page, ada)
  expect(page.url()).toBe(`${baseURL}/`)
})

test('a member who asks to log in or sign up is sent to the list', async ({ page }) => {
  const ada = await signUp(page)
  for (const path of ['/login', '/signup']) {
    await page.goto(path)
    await expect(page).toHaveURL('/')
    await expectMember(page, ada)
  }
})
