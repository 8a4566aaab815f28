import type { Page } from 'playwright/test'
import { sessionCookie } from './database'
import { expect, test } from './fixtures'
import { beMember, enterAs, expectMember, fillIn, formWith, logIn, newCredentials, newMember } from './people'

const MINUTE = 60_000
const NEW_PASSWORD = 'five other words in a row'

test('7.5.2 a member sees where they are logged in, and ends one of them', async ({ page, openBrowser }) => {
  const ada = await beMember(page)
  const other = await openBrowser()
  await enterAs(other, ada)
  await page.goto('/account')
  await expect(sessions(page)).toHaveCount(2)
  await expect(sessions(page).first()).toContainText('This device')
  await expect(sessions(page).first()).toContainText('Chrome on Linux')
  await expect(sessions(page).first().getByRole('button')).toHaveCount(0)

  await sessions(page).last().getByRole('button', { name: 'End', exact: true }).click()
  await expect(page.getByText('That session has ended.')).toBeVisible()
  await expect(sessions(page)).toHaveCount(1)
  await other.goto('/account')
  await expect(other).toHaveURL('/login?next=%2Faccount')
  await page.goto('/')
  await expectMember(page, ada)
})

test('7.5.2 all other sessions end at one press, and this one goes on', async ({ page, openBrowser }) => {
  const ada = await beMember(page)
  const others = [await openBrowser(), await openBrowser()]
  for (const other of others) await enterAs(other, ada)
  await page.goto('/account')
  await page.getByRole('button', { name: 'End all other sessions' }).click()
  await expect(page.getByText('All other sessions have ended.')).toBeVisible()
  await expect(sessions(page)).toHaveCount(1)
  for (const other of others) {
    await other.goto('/account')
    await expect(other).toHaveURL('/login?next=%2Faccount')
  }
})

test('7.5.2 ending asks for the password when it was given over ten minutes ago', async ({
  page,
  openBrowser,
  database,
}) => {
  const ada = await beMember(page)
  const other = await openBrowser()
  await enterAs(other, ada)
  await database.age(page.context(), 'sudoAt', 11 * MINUTE)
  await page.goto('/account')
  const form = formWith(page, 'End all other sessions')
  const password = form.getByLabel('Current password')

  await form.getByRole('button', { name: 'End', exact: true }).click()
  await expect(password).toHaveAccessibleDescription(/Type your current password first/)
  await password.fill(newCredentials().password)
  await form.getByRole('button', { name: 'End all other sessions' }).click()
  await expect(password).toHaveAccessibleDescription(/That is not your password/)
  await expect(password).toHaveValue('')
  await expect(sessions(page)).toHaveCount(2)

  const before = await sessionCookie(page.context())
  await password.fill(ada.password)
  await password.press('Enter')
  await expect(page.getByText('Thank you, that is your password.')).toBeVisible()
  await expect(sessions(page)).toHaveCount(2)
  await expect(password).toHaveCount(0)
  expect((await sessionCookie(page.context()))?.value).not.toBe(before?.value)
  await form.getByRole('button', { name: 'End', exact: true }).click()
  await expect(sessions(page)).toHaveCount(1)
})

test('6.2.2 6.5.6 a changed password logs every other device out and keeps this one', async ({ page, openBrowser }) => {
  const ada = await beMember(page, { keep: true })
  const other = await openBrowser()
  await enterAs(other, ada)
  const before = await sessionCookie(page.context())
  await page.goto('/account')
  await changePassword(page, ada.password, NEW_PASSWORD)
  await expect(page.getByText('Your password is changed')).toBeVisible()

  const after = await sessionCookie(page.context())
  expect(after?.value).not.toBe(before?.value)
  expect(Math.abs((after?.expires ?? 0) - (before?.expires ?? 0))).toBeLessThan(5)
  await other.goto('/account')
  await expect(other).toHaveURL('/login?next=%2Faccount')
  await fillIn(other, ada)
  await other.getByRole('button', { name: 'Log in' }).click()
  await expect(other.getByText('The username or the password is wrong.')).toBeVisible()
  await enterAs(other, { ...ada, password: NEW_PASSWORD })
})

test('6.2.3 7.5.1 a password is not changed without the current one, or for one that is common', async ({ page }) => {
  const ada = await beMember(page)
  await page.goto('/account')
  await changePassword(page, newCredentials().password, NEW_PASSWORD)
  const form = formWith(page, 'Change password')
  await expect(form.getByLabel('Current password')).toHaveAccessibleDescription(/That is not your password/)
  await changePassword(page, ada.password, 'passwordpassword')
  await expect(form.getByLabel('New password')).toHaveAccessibleDescription(/guessers try/)
  await changePassword(page, ada.password, 'short')
  await expect(form.getByLabel('New password')).toHaveAccessibleDescription(/at least 12 characters/)
  await expect(form.getByLabel('New password')).toHaveValue('')
  await page.goto('/account')
  await expectMember(page, ada)
})

test('a member reads what happened at the door of the account', async ({ page, openBrowser }) => {
  const ada = await newMember()
  const other = await openBrowser()
  await other.goto('/login')
  await fillIn(other, { ...ada, password: newCredentials().password })
  await other.getByRole('button', { name: 'Log in' }).click()
  await expect(other.getByText('The username or the password is wrong.')).toBeVisible()
  await logIn(page, ada)
  await page.goto('/account')
  const activity = page.getByRole('region', { name: 'Security activity' }).getByRole('listitem')
  await expect(activity).toHaveCount(3)
  await expect(activity.nth(0)).toContainText(/^Logged in/)
  await expect(activity.nth(1)).toContainText(/^Wrong password at log-in.*Chrome on Linux.*10\./)
  await expect(activity.nth(2)).toContainText(/^Signed up/)
})

test('6.2.7 the password manager’s address leads to the form', async ({ page }) => {
  await beMember(page)
  await page.goto('/.well-known/change-password')
  await expect(page).toHaveURL('/account#password')
  const form = formWith(page, 'Change password')
  await expect(form.getByLabel('Current password')).toHaveAttribute('autocomplete', 'current-password')
  await expect(form.getByLabel('New password')).toHaveAttribute('autocomplete', 'new-password')
  await expect(form.locator('input[autocomplete=username]')).toBeHidden()
  for (const password of await page.locator('input[type=password]').all()) {
    expect(await password.getAttribute('maxlength')).toBeNull()
  }
})

function sessions(page: Page) {
  return page.getByRole('region', { name: 'Your sessions' }).getByRole('listitem')
}

async function changePassword(page: Page, current: string, next: string) {
  const form = formWith(page, 'Change password')
  await form.getByLabel('Current password').fill(current)
  await form.getByLabel('New password').fill(next)
  await form.getByRole('button', { name: 'Change password' }).click()
}
