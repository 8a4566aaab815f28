import { expect, linkIn, test } from './fixtures'
import { expectLikes, expectMember, fillIn, like, newCredentials } from './people'

test('a member who forgot the password gets a new one by e-mail, and every device is logged out', async ({
  page,
  openBrowser,
  mailSite: { url, mails },
}) => {
  const address = `ada-${crypto.randomUUID()}@example.org`
  const isTo = (mail: { to: string[] }) => mail.to[0] === address
  const ada = newCredentials()
  await page.goto(`${url}/signup`)
  await fillIn(page, ada)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expectMember(page, ada)
  await like(page, 'Tea')

  // While logged in: the address, and its confirmation.
  await page.goto(`${url}/account`)
  await page.getByLabel('Email').fill(address)
  await page.getByRole('button', { name: 'Add recovery e-mail' }).click()
  await expect(page.getByText('We have mailed you a link.')).toBeVisible()
  const confirmation = await mails.take(isTo)
  const elsewhere = await openBrowser()
  await elsewhere.goto(url + linkIn(confirmation, '/confirm/'))
  await expect(elsewhere).toHaveURL(/\/login/)
  await page.goto(url + linkIn(confirmation, '/confirm/'))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByText('Your recovery e-mail is confirmed.')).toBeVisible()

  // On another device, with the password forgotten.
  await elsewhere.goto(`${url}/login`)
  await elsewhere.getByRole('link', { name: 'Forgot your password?' }).click()
  await elsewhere.getByLabel('Email').fill(address.toUpperCase())
  await elsewhere.getByRole('button', { name: 'Send me a link' }).click()
  await expect(elsewhere.getByText('a link is on its way there')).toBeVisible()
  const link = url + linkIn(await mails.take((mail) => isTo(mail) && mail.text.includes('/reset/')), '/reset/')
  await elsewhere.goto(link)
  await elsewhere.getByLabel('New password').fill('short')
  await elsewhere.getByRole('button', { name: 'Change password' }).click()
  await expect(elsewhere.getByText('Use at least 12 characters.')).toBeVisible()
  const password = `four new words ${crypto.randomUUID()}`
  await elsewhere.getByLabel('New password').fill(password)
  await elsewhere.getByRole('button', { name: 'Change password' }).click()
  await expect(elsewhere.getByText('Your password is changed, and all devices are logged out.')).toBeVisible()
  await fillIn(elsewhere, { ...ada, password })
  await elsewhere.getByRole('button', { name: 'Log in', exact: true }).click()
  await expectMember(elsewhere, ada)
  await expectLikes(elsewhere, 'Tea')

  await page.goto(`${url}/account`)
  await expect(page).toHaveURL(/\/login/)
  await elsewhere.goto(link)
  await expect(elsewhere.getByText('This link does not work any more.')).toBeVisible()
  expect(await mails.take(isTo)).toMatchObject({ subject: expect.stringContaining('password') })
})
