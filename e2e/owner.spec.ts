import type { Page } from 'playwright/test'
import { expect, linkIn, test } from './fixtures'

/** The owner of the site, on the admin page. */
async function openAdmin(page: Page, url: string, password: string) {
  await page.goto(`${url}/admin`)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Admin', exact: true })).toBeVisible()
}

test('an owner collects an address, writes to it, and sees it leave by one click', async ({
  page,
  openBrowser,
  mailSite: { url, database, password, mails },
  playwright,
}) => {
  await database.rows('DELETE FROM "Subscriber"')
  const address = `ada-${crypto.randomUUID()}@example.org`
  const subject = `News ${crypto.randomUUID()}`
  const isTo = (mail: { to: string[] }) => mail.to[0] === address

  // The owner collects an address.
  const visitor = await openBrowser()
  await visitor.goto(url)
  await visitor.getByLabel('Email').fill(address)
  await visitor.getByRole('button', { name: 'Subscribe' }).click()
  await expect(visitor.getByText('Thanks for signing up!')).toBeVisible()
  const confirmation = await mails.take(isTo)
  await openAdmin(page, url, password)
  await expect(page.getByRole('listitem').filter({ hasText: address })).toContainText('Not confirmed')

  // Its mailbox confirms it.
  await visitor.goto(url + linkIn(confirmation, '/confirm/'))
  await visitor.getByRole('button', { name: 'Confirm' }).click()
  await expect(visitor.getByText('your address is on our list now')).toBeVisible()
  await page.goto(`${url}/admin?q=${address.slice(0, 12)}`)
  await expect(page.getByRole('listitem').filter({ hasText: address })).not.toContainText('Not confirmed')
  await expect(page.getByRole('button', { name: `Delete ${address}` })).toBeVisible()

  // The owner writes an announcement, looks at it, tries it, and sends it.
  await page.getByRole('link', { name: 'Announcements' }).first().click()
  await page.getByLabel('Subject').fill(subject)
  await page.getByLabel('Text').fill('Dear reader,\n\nit is spring.')
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(page.getByText('it is spring.').first()).toBeVisible()
  const own = `owner-${crypto.randomUUID()}@example.org`
  await page.getByLabel('Email').fill(own)
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(page.getByText('A test is on its way.')).toBeVisible()
  expect(await mails.take((mail) => mail.to[0] === own)).toMatchObject({ subject })
  await page.getByRole('button', { name: 'Send to 1 subscriber' }).click()

  // It arrives, and the owner sees that.
  const news = await mails.take(isTo)
  expect(news).toMatchObject({ subject, to: [address] })
  expect(news.text).toContain('it is spring.')
  await expect(async () => {
    await page.reload()
    await expect(page.getByText('Sent to 1 of 1.')).toBeVisible({ timeout: 100 })
  }).toPass()

  // Its mail program unsubscribes by the header alone: no cookie, no origin.
  expect(news.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
  const [, oneClick = ''] = /^<(.+)>$/.exec(news.headers['list-unsubscribe'] ?? '') ?? []
  const program = await playwright.request.newContext()
  const answer = await program.post(oneClick, { form: { 'List-Unsubscribe': 'One-Click' }, maxRedirects: 0 })
  expect(answer.status()).toBe(200)
  expect(answer.headers()['set-cookie']).toBeUndefined()

  // The owner sees that, too.
  await page.goto(`${url}/admin`)
  await expect(page.getByText('0 addresses')).toBeVisible()
  await expect(page.getByText(address)).toHaveCount(0)
  for (const event of ['Sent an announcement', 'Sent a test of an announcement', 'Logged in to admin']) {
    await expect(page.getByText(event).first()).toBeVisible()
  }
  await page.getByRole('button', { name: 'Log out of admin' }).click()
  await page.goto(`${url}/admin`)
  await expect(page).toHaveURL(/\/admin\/login/)
})

test('an owner deletes an address, and takes the list along', async ({
  page,
  mailSite: { url, database, password },
}) => {
  const address = `grace-${crypto.randomUUID()}@example.org`
  const now = new Date().toISOString()
  await database.rows(
    'INSERT INTO "Subscriber" (id, address, "createdAt", "confirmedAt") VALUES (?, ?, ?, ?)',
    ...[crypto.randomUUID(), address, now, now],
  )
  await openAdmin(page, url, password)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download CSV' }).click()
  expect((await download).suggestedFilename()).toBe('mailing-list.csv')
  await page.getByLabel('Search').fill(address.slice(0, 20).toUpperCase())
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page.getByText('1 address with')).toBeVisible()
  await page.getByRole('button', { name: `Delete ${address}` }).click()
  await expect(page.getByText('The address is deleted from the list.')).toBeVisible()
  await expect(page.getByText('0 addresses with')).toBeVisible()
  await page.goto(`${url}/admin`)
  await expect(page.getByText(address)).toHaveCount(0)
})
