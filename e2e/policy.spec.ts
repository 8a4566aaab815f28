import { expect, test } from './fixtures'
import { beMember, expectLikes, fillIn, formWith, like } from './people'

test('3.4.3 3.6.1 a journey breaks no rule of the content security policy, and throws nothing', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await like(page, 'Tea')
  await page.goto('/signup')
  await fillIn(page, { username: '!', password: '' })
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByLabel('Username')).toHaveAttribute('aria-invalid', 'true')
  await beMember(page)
  await expectLikes(page, 'Tea')
  for (const path of ['/privacy', '/logout', '/account?notice=others-ended']) await page.goto(path)
  const form = formWith(page, 'Change password')
  await form.getByLabel('New password').fill('short')
  await form.getByRole('button', { name: 'Change password' }).click()
  await expect(form.getByLabel('New password')).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expect(page.getByRole('heading', { name: 'You are forgotten.' })).toBeVisible()
  expect(complaints).toEqual([])
})
