import type { Page } from 'playwright/test'
import { expect, test } from './fixtures'
import { expectLikes, like, removeButton } from './people'

test('a like shows at once and the field keeps the focus for the next one', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea')
  const release = await holdPosts(page)
  await page.getByLabel('I like').pressSequentially('Rain\n')
  await expectLikes(page, 'Rain', 'Tea')
  await expect(removeButton(page, 'Rain')).toBeDisabled()
  await expect(page.getByLabel('I like')).toBeFocused()
  await expect(page.getByLabel('I like')).toHaveValue('')
  release()
  await expect(removeButton(page, 'Rain')).toBeEnabled()
  await expect(page.getByLabel('I like')).toBeFocused()
})

test('three things typed without waiting are all kept, even by a stranger', async ({ page, database }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await page.getByLabel('I like').pressSequentially('Tea\nRain\nLong walks\n')
  await expect(removeButton(page, 'Long walks')).toBeEnabled()
  expect(await database.thingsOf(page.context())).toEqual(['Tea', 'Rain', 'Long walks'])
  await expectLikes(page, 'Long walks', 'Rain', 'Tea')
})

test('a removed like goes at once', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea', 'Rain')
  const release = await holdPosts(page)
  await removeButton(page, 'Rain').click()
  await expectLikes(page, 'Tea')
  release()
  await expect(page.getByText('Removed “Rain”.')).toBeVisible()
})

test('a refused thing comes back into the field, and what showed at once goes', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea')
  await page.getByLabel('I like').fill('x'.repeat(201))
  await page.getByLabel('I like').press('Enter')
  await expect(page.getByLabel('I like')).toHaveAccessibleDescription(/longer than 200/)
  await expect(page.getByLabel('I like')).toHaveValue('x'.repeat(201))
  await expectLikes(page, 'Tea')
})

test('what is typed while a thing is refused is not overwritten', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  const release = await holdPosts(page)
  await page.getByLabel('I like').fill('x'.repeat(201))
  await page.getByLabel('I like').press('Enter')
  await page.getByLabel('I like').fill('Rain')
  release()
  await expect(page.getByLabel('I like')).toHaveAccessibleDescription(/longer than 200/)
  await expect(page.getByLabel('I like')).toHaveValue('Rain')
})

test('a password can be shown and hidden again', async ({ page }) => {
  await page.goto('/login', { waitUntil: 'networkidle' })
  const field = page.getByLabel('Password', { exact: true })
  await field.fill('four words in a row')
  await expect(field).toHaveAttribute('type', 'password')
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(field).toHaveAttribute('type', 'text')
  await page.getByRole('button', { name: 'Hide' }).click()
  await expect(field).toHaveAttribute('type', 'password')
  await expect(field).toHaveValue('four words in a row')
})

/** Keeps what the page sends on the way, until it is released. */
async function holdPosts(page: Page) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**', async (route) => {
    if (route.request().method() === 'POST') await released
    await route.continue()
  })
  return release
}
