import { expect, test } from './fixtures'
import { expectLikes, like, signUp } from './people'

const ADDRESSES = ['/', '/?before=1.x', '/?notice=first-like', '/signup', '/login', '/logout', '/account', '/privacy']
const ODD_ADDRESSES = ['/forget', '/forgotten?likes=3', '/health', '/nowhere']

test('a visit alone sets no cookie and makes no row', async ({ page, quietSite }) => {
  const before = await quietSite.database.everything()
  await page.goto(quietSite.url)
  await page.getByRole('link', { name: 'Log in' }).click()
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible()
  await page.getByRole('link', { name: 'What we keep' }).click()
  await expect(page.getByRole('heading', { name: 'What we keep' })).toBeVisible()
  expect(await page.context().cookies()).toEqual([])
  expect(await quietSite.database.everything()).toEqual(before)
})

test('the first like makes exactly one session, and the next ones none', async ({ page, quietSite }) => {
  const sessions = async () => (await quietSite.database.rows('SELECT id FROM "Session"')).length
  const before = await sessions()
  await page.goto(quietSite.url)
  await like(page, 'Tea')
  expect(await sessions()).toBe(before + 1)
  await like(page, 'Rain', 'Long walks')
  expect(await sessions()).toBe(before + 1)
})

test('no GET changes anything, whoever asks', async ({ page, openBrowser, quietSite }) => {
  const visitor = await openBrowser()
  await visitor.goto(quietSite.url)
  await like(visitor, 'Rain')
  const member = page
  await member.goto(`${quietSite.url}/`)
  await like(member, 'Tea')
  await member.getByRole('link', { name: 'Sign up' }).first().click()
  await signUp(member)

  const before = await quietSite.database.everything()
  for (const path of [...ADDRESSES, ...ODD_ADDRESSES]) {
    for (const person of [member, visitor]) {
      const answer = await person.request.get(quietSite.url + path)
      expect(answer.status(), path).toBeLessThan(500)
    }
  }
  expect(await quietSite.database.everything()).toEqual(before)
  await visitor.goto(quietSite.url)
  await expectLikes(visitor, 'Rain')
})
