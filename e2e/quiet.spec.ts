import { expect, test } from './fixtures'
import { expectLikes, expectMember, fillIn, like, newCredentials, signUp } from './people'

const ADDRESSES = ['/', '/?before=1.x', '/?notice=first-like', '/signup', '/login', '/logout', '/account', '/privacy']
const ODD_ADDRESSES = ['/forget', '/forgotten?likes=3', '/health', '/nowhere']

test('7.6.2 a visit alone sets no cookie and makes no row', async ({ page, quietSite }) => {
  const before = await quietSite.database.everything()
  await page.goto(quietSite.url)
  await page.getByRole('link', { name: 'Log in' }).click()
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible()
  await page.getByRole('link', { name: 'What we keep' }).click()
  await expect(page.getByRole('heading', { name: 'What we keep' })).toBeVisible()
  expect(await page.context().cookies()).toEqual([])
  expect(await quietSite.database.everything()).toEqual(before)
})

test('7.6.2 the first like makes exactly one session, and the next ones none', async ({ page, quietSite }) => {
  const sessions = async () => (await quietSite.database.rows('SELECT id FROM "Session"')).length
  const before = await sessions()
  await page.goto(quietSite.url)
  await like(page, 'Tea')
  expect(await sessions()).toBe(before + 1)
  await like(page, 'Rain', 'Long walks')
  expect(await sessions()).toBe(before + 1)
})

test('3.5.3 no GET changes anything, whoever asks', async ({ page, openBrowser, quietSite }) => {
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

test('16.5.3 a Forget me and a log-out that could not happen say so, and change nothing', async ({
  page,
  quietSite,
}) => {
  test.slow()
  await page.goto(quietSite.url)
  await like(page, 'Tea')
  const unlock = await quietSite.database.lock()
  await page.getByRole('button', { name: 'Forget me' }).click()
  await expect(page.getByText('We could not erase everything just now.')).toBeVisible({ timeout: 30_000 })
  await expectLikes(page, 'Tea')
  await unlock()

  await page.goto(`${quietSite.url}/signup`)
  const ada = newCredentials()
  await fillIn(page, ada)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expectMember(page, ada)
  await page.goto(`${quietSite.url}/logout`)
  const unlockAgain = await quietSite.database.lock()
  await page.getByRole('main').getByRole('button', { name: 'Log out' }).click()
  const refusal = page.getByRole('alert').filter({ hasText: 'We could not log you out.' }).first()
  await expect(refusal).toBeVisible({ timeout: 30_000 })
  await unlockAgain()
  await page.goto(quietSite.url)
  await expectMember(page, ada)
  await expectLikes(page, 'Tea')
})
