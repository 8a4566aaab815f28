import { expect, test } from './fixtures'
import { expectLikes, fillIn, like, signUp } from './people'

test('a journey breaks no rule of the content security policy, and throws nothing', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await like(page, 'Tea')
  await page.goto('/signup')
  await fillIn(page, { username: '!', password: '' })
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByLabel('Username')).toHaveAttribute('aria-invalid', 'true')
  await signUp(page)
  await expectLikes(page, 'Tea')
  await page.goto('/account')
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expect(page.getByRole('heading', { name: 'You are forgotten.' })).toBeVisible()
  expect(complaints).toEqual([])
})
