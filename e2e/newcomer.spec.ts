import { expect, test } from './fixtures'
import { expectLikes, expectStranger, like, logIn, logOut, signUp } from './people'

test('3.7.5 three things liked by a stranger are found again from a second browser', async ({ page, openBrowser }) => {
  await like(page, 'Tea', 'Rain', 'Long walks')
  const ada = await signUp(page)
  await expectLikes(page, 'Long walks', 'Rain', 'Tea')
  await expect(page.getByText('3 likes from this browser are now in your account.')).toBeVisible()
  await logOut(page)
  await expectStranger(page)

  const second = await openBrowser()
  await logIn(second, ada)
  await expectLikes(second, 'Long walks', 'Rain', 'Tea')
})
