import type { APIRequestContext } from 'playwright/test'
import { expect, test } from './fixtures'
import { expectLikes, like, removeButton, yourLikes } from './people'
import { openForm } from './raw-form'

const NEWEST_FIRST = Array.from({ length: 52 }, (_, index) => `thing ${52 - index}`)

test('a long list has pages of 50, newest first', async ({ page }) => {
  await likeAll(page.request)
  await page.goto('/')
  await expect(yourLikes(page)).toHaveText(NEWEST_FIRST.slice(0, 50))
  await expect(page.getByRole('link', { name: 'First page' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Older' }).click()
  await expectLikes(page, 'thing 2', 'thing 1')
  await expect(page.getByRole('link', { name: 'Older' })).toHaveCount(0)
  await page.getByRole('link', { name: 'First page' }).click()
  await expect(yourLikes(page)).toHaveText(NEWEST_FIRST.slice(0, 50))
})

test('who removes a like on a later page stays there', async ({ page }) => {
  await likeAll(page.request)
  await page.goto('/')
  await page.getByRole('link', { name: 'Older' }).click()
  await removeButton(page, 'thing 2').click()
  await expect(page.getByText('Removed “thing 2”.')).toBeVisible()
  await expectLikes(page, 'thing 1')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expectLikes(page, 'thing 2', 'thing 1')
})

test('a list of one page has no other pages', async ({ page }) => {
  await like(page, 'Tea')
  await expect(page.getByRole('navigation', { name: 'Pages of your likes' })).toHaveCount(0)
})

test('an address of a page that means nothing shows the newest', async ({ page }) => {
  await like(page, 'Tea')
  for (const before of ['', 'x', '1.x', '-1.00000000-0000-7000-8000-000000000000', '%00', '9'.repeat(400)]) {
    await page.goto(`/?before=${before}`)
    await expectLikes(page, 'Tea')
  }
})

async function likeAll(request: APIRequestContext) {
  const form = await openForm(request, '/', 'Like')
  for (const thing of NEWEST_FIRST.toReversed()) {
    const answer = await form.send({ thing })
    expect(answer.status()).toBe(303)
  }
}
