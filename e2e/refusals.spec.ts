import { expect, test } from './fixtures'
import { expectLikes, expectStranger, fillIn, like, newCredentials, newMember } from './people'

test('an empty thing is refused next to its field', async ({ page }) => {
  await like(page, 'Tea')
  await page.getByLabel('I like').fill('   ')
  await page.getByRole('button', { name: 'Like', exact: true }).click()
  await expect(page.getByLabel('I like')).toHaveAccessibleDescription('Type something you like.')
  await expect(page.getByLabel('I like')).toHaveAttribute('aria-invalid', 'true')
  await expectLikes(page, 'Tea')
})

test('a thing of 201 characters is refused and stays in its field, one of 200 is kept', async ({ page, database }) => {
  await page.goto('/')
  await page.getByLabel('I like').fill('🍵'.repeat(201))
  await page.getByRole('button', { name: 'Like', exact: true }).click()
  await expect(page.getByLabel('I like')).toHaveAccessibleDescription(/longer than 200 characters. Please shorten it/)
  await expect(page.getByLabel('I like')).toHaveValue('🍵'.repeat(201))
  expect(await page.context().cookies()).toEqual([])
  await like(page, '🍵'.repeat(200))
  expect(await database.thingsOf(page.context())).toEqual(['🍵'.repeat(200)])
  await expect(page.getByLabel('I like')).toHaveAccessibleDescription('')
})

test('a taken username is refused next to its field; all but the password stays', async ({ page }) => {
  const taken = (await newMember()).username.toUpperCase()
  await page.goto('/signup?next=/privacy')
  await fillIn(page, { ...newCredentials(), username: taken }, { keep: true })
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/Somebody has this username already/)
  await expect(page.getByLabel('Username')).toHaveValue(taken)
  await expect(page.getByLabel('Keep me logged in')).toBeChecked()
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')

  await fillIn(page, newCredentials(), { keep: true })
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page).toHaveURL('/privacy')
})

test('every field that is wrong says so at once, in words that say what to do', async ({ page }) => {
  await page.goto('/signup')
  await fillIn(page, { username: 'ada lovelace', password: 'too short' })
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/Use 3 to 30 of these/)
  await expect(page.getByLabel('Username')).toHaveValue('ada lovelace')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/Use at least 12 characters/)
  await fillIn(page, { username: '', password: '' })
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByLabel('Username')).toHaveAccessibleDescription(/Choose a username/)
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/Choose a password/)
})

test('a password that is little more than the username is refused', async ({ page }) => {
  const { username } = newCredentials()
  await page.goto('/signup')
  await fillIn(page, { username, password: `I am ${username}!` })
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    /little more than your username/,
  )
})

test('a wrong password and an unknown user are refused in the same words', async ({ page }) => {
  const ada = await newMember()
  const attempts = [newCredentials(), { ...newCredentials(), username: ada.username }]
  for (const attempt of attempts) {
    await page.goto('/login')
    await fillIn(page, attempt, { keep: true })
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'The username or the password is wrong.' })).toBeVisible()
    await expect(page.getByLabel('Username')).toHaveValue(attempt.username)
    await expect(page.getByLabel('Username')).toHaveAccessibleDescription('')
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
    await expect(page.getByLabel('Keep me logged in')).toBeChecked()
  }
  expect(await page.context().cookies()).toEqual([])
})

test('2.3.3 13.4.2 16.5.1 a failure of ours is told in words, and what you had is still there', async ({
  page,
  context,
  database,
}) => {
  await like(page, 'Tea')
  await database.refuseToDelete((await database.sessionOf(context)) ?? {})
  await page.getByRole('button', { name: 'Forget me' }).click()
  await expect(page.getByRole('heading', { name: 'That did not work.' })).toBeVisible()
  await page.goto('/signup')
  await fillIn(page, newCredentials())
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByRole('heading', { name: 'That did not work.' })).toBeVisible()
  await page.goto('/')
  await expectLikes(page, 'Tea')
})

test('7.2.1 an unknown token is never adopted', async ({ page, context, baseURL, database }) => {
  const value = 'A'.repeat(43)
  await context.addCookies([{ name: 'session', value, url: baseURL ?? '' }])
  await page.goto('/')
  await expectStranger(page)
  expect(await database.sessionOf(context)).toBeUndefined()
  await like(page, 'Tea')
  expect((await context.cookies())[0]?.value).not.toBe(value)
  await expectLikes(page, 'Tea')
})
