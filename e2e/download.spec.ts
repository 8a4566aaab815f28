import { readFileSync } from 'node:fs'
import type { Page } from 'playwright/test'
import { sessionCookie } from './database'
import { expect, test } from './fixtures'
import { beMember, formWith, like, newCredentials } from './people'

const MINUTE = 60_000

test('3.3.4 5.4.1 a member downloads everything that is kept about them', async ({ page }) => {
  await like(page, 'Tea')
  const ada = await beMember(page)
  await like(page, 'Rain')
  await page.goto('/account')
  const { name, text, data } = await download(page)
  expect(name).toBe('likes.json')
  expect(data.account.username).toBe(ada.username)
  expect(data.likes.map((like: { thing: string }) => like.thing)).toEqual(['Rain', 'Tea'])
  expect(data.sessions).toHaveLength(1)
  expect(data.securityActivity.map((event: { what: string }) => event.what)).toEqual([
    'Downloaded the data',
    'Signed up',
  ])
  expect(text).not.toContain((await sessionCookie(page.context()))?.value)
  expect(text).not.toContain(ada.password)
  expect(text).not.toMatch(/\$2b\$|hash|token/i)
})

test('a visitor downloads the list of this browser', async ({ page }) => {
  await like(page, 'Tea')
  await page.goto('/')
  const { data } = await download(page)
  expect(data.account).toBeUndefined()
  expect(data.likes).toMatchObject([{ thing: 'Tea' }])
})

test('7.5.3 a download asks for the password when it was given over ten minutes ago', async ({ page, database }) => {
  const ada = await beMember(page)
  await database.age(page.context(), 'sudoAt', 11 * MINUTE)
  await page.goto('/account')
  const form = formWith(page, 'Download my data')
  await form.getByLabel('Current password').fill(newCredentials().password)
  await form.getByRole('button', { name: 'Download my data' }).click()
  await expect(page.getByText('That is not your password, so nothing was downloaded.')).toBeVisible()

  await form.getByLabel('Current password').fill(ada.password)
  const { data } = await download(page)
  expect(data.account.username).toBe(ada.username)
  await page.reload()
  await expect(form.getByLabel('Current password')).toHaveCount(0)
})

test('a download that could not be made says so, to a visitor too', async ({ page, quietSite }) => {
  await page.goto(`${quietSite.url}/`)
  await page.getByLabel('I like').fill('Tea')
  await page.getByRole('button', { name: 'Like', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Remove Tea' })).toBeEnabled()
  const unlock = await quietSite.database.lock()
  await page.getByRole('button', { name: 'Download my data' }).click()
  await expect(page.getByText('We could not collect your data just now.')).toBeVisible()
  await unlock()
  expect((await download(page)).data.likes).toMatchObject([{ thing: 'Tea' }])
})

async function download(page: Page) {
  const arriving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download my data' }).click()
  const file = await arriving
  const text = readFileSync(await file.path(), 'utf8')
  return { name: file.suggestedFilename(), text, data: JSON.parse(text) }
}
