import type { Page } from 'playwright/test'
import { sessionCookie } from './database'
import { expect, test } from './fixtures'
import { beMember, enterAs, expectLikes, like, newMember, removeButton } from './people'

/** The things of a published list, as whoever reads it sees them. */
async function expectPublished(page: Page, path: string, ...things: string[]) {
  await page.goto(path)
  await expect(page.getByRole('main').getByRole('listitem').locator('bdi')).toHaveText(things)
}

async function expectNothing(page: Page, path: string) {
  await page.goto(path)
  await expect(page.getByRole('heading', { name: 'There is nothing here.' })).toBeVisible()
}

async function publish(page: Page, title = '') {
  await page.goto('/account')
  await page.getByLabel('Title').fill(title)
  await page.getByRole('button', { name: 'Publish my list' }).click()
  await expect(page.getByText('Saved. Below it says who can read your list.')).toBeVisible()
}

test('a member publishes the list under a title, likes more, and takes it back', async ({ page, openBrowser }) => {
  const reader = await openBrowser()
  const { username } = await beMember(page)
  const path = `/u/${username}`
  await like(page, 'Tea', 'Rain')
  await expectNothing(reader, path)
  await page.reload()
  await expect(page.getByText('Only you can see this list.')).toBeVisible()
  await page.getByRole('link', { name: 'Share it' }).click()
  await expect(page.getByRole('heading', { name: 'Share your list' })).toBeVisible()
  await publish(page, 'What I <like>')
  await page.getByRole('link', { name: path }).click()
  await expect(page.getByRole('heading', { name: 'What I <like>' })).toBeVisible()

  await expectPublished(reader, path, 'Rain', 'Tea')
  await expect(reader).toHaveTitle('What I <like> · Likes')
  await expect(reader.getByText(`2 likes. Kept by ${username}.`)).toBeVisible()
  await expect(reader.getByRole('main').getByRole('button')).toHaveCount(0)
  expect(await sessionCookie(reader.context())).toBeUndefined()

  await page.goto('/')
  await expect(page.getByText('Everybody can read your list at')).toBeVisible()
  await like(page, 'Snow')
  await removeButton(page, 'Tea').click()
  await expect(page.getByText('Removed “Tea”.')).toBeVisible()
  await expectPublished(reader, path, 'Snow', 'Rain')

  await page.goto('/account')
  await page.getByRole('button', { name: 'Take my list back' }).click()
  await expect(page.getByText('Only you can see your list.')).toBeVisible()
  await expectNothing(reader, path)
  await expect(page.getByLabel('Title')).toHaveValue('')
})

test('what a log-in brings along is on nobody’s page before the member says so', async ({ page, openBrowser }) => {
  const [desk, reader] = [await openBrowser(), await openBrowser()]
  const who = await newMember('Tea')
  const path = `/u/${who.username}`
  await enterAs(desk, who)
  await publish(desk)
  await like(page, 'A surprise')
  await enterAs(page, who)
  await expect(page.getByText('It is not on your page until you publish it.')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'A surprise' })).toContainText('Not on your page')
  await expect(page.getByRole('listitem').filter({ hasText: 'Tea' })).not.toContainText('Not on your page')
  await expectPublished(reader, path, 'Tea')

  await page.goto('/account')
  await page.getByLabel('Title').fill('Ours')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved. Below it says')).toBeVisible()
  await expectPublished(reader, path, 'Tea')
  await expect(reader.getByRole('heading', { name: 'Ours' })).toBeVisible()

  await page.goto('/account')
  await page.getByRole('button', { name: 'Publish the like held back' }).click()
  await expectPublished(reader, path, 'A surprise', 'Tea')
  await page.goto('/')
  await expectLikes(page, 'A surprise', 'Tea')
  await expect(page.getByText('Not on your page')).toHaveCount(0)
})

test('a title keeps its dollar signs, and one that is wrong does not keep the list from being taken back', async ({
  page,
}) => {
  await beMember(page)
  await publish(page, "US$$ $& $' and more")
  await page.getByRole('main').getByRole('link', { name: '/u/' }).click()
  await expect(page).toHaveTitle("US$$ $& $' and more · Likes")
  await page.goto('/account')
  await page.getByLabel('Title').fill('x'.repeat(81))
  await page.getByRole('button', { name: 'Take my list back' }).click()
  await expect(page.getByText('Only you can see your list.')).toBeVisible()
})

test('a title that is too long comes back, and nothing is published', async ({ page, openBrowser }) => {
  const { username } = await beMember(page)
  await page.goto('/account')
  await page.getByLabel('Title').fill('x'.repeat(81))
  await page.getByLabel('Search engines may list the page').check()
  await page.getByRole('button', { name: 'Publish my list' }).click()
  await expect(page.getByText('That is longer than 80 characters. Please shorten it.')).toBeVisible()
  await expect(page.getByLabel('Title')).toHaveValue('x'.repeat(81))
  await expect(page.getByLabel('Search engines may list the page')).toBeChecked()
  await expectNothing(await openBrowser(), `/u/${username}`)
})

test('the owner of the site takes a page down, and allows it again', async ({ page, openBrowser, mailSite }) => {
  const { url, password } = mailSite
  const owner = await openBrowser()
  const username = `ada-${crypto.randomUUID().slice(0, 8)}`
  await page.goto(`${url}/signup`)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill('four words in a row')
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expect(page.getByRole('link', { name: username })).toBeVisible()
  await page.goto(`${url}/account`)
  await page.getByRole('button', { name: 'Publish my list' }).click()
  await expect(page.getByText('Saved. Below it says who can read your list.')).toBeVisible()

  await owner.goto(`${url}/admin/members?q=${username}`)
  await owner.getByLabel('Password', { exact: true }).fill(password)
  await owner.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(owner.getByRole('heading', { name: 'Members' })).toBeVisible()
  await owner.goto(`${url}/admin/members?q=${username}`)
  await owner.getByRole('button', { name: `Take down the page of ${username}` }).click()
  await expect(owner.getByText('The page of that member is gone')).toBeVisible()
  await expectNothing(owner, `${url}/u/${username}`)

  await page.goto(`${url}/account`)
  await expect(page.getByText('The owner of this site has taken your page down.')).toBeVisible()
  await expect(page.getByText('The owner of this site took the published list down')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Publish my list' })).toHaveCount(0)

  await owner.goto(`${url}/admin/members?q=${username}`)
  await owner.getByRole('button', { name: `Allow publishing to ${username}` }).click()
  await expect(owner.getByText('That member may publish the list again.')).toBeVisible()
  await expectNothing(owner, `${url}/u/${username}`)
  await page.goto(`${url}/account`)
  await page.getByRole('button', { name: 'Publish my list' }).click()
  await expectPublished(owner, `${url}/u/${username}`)
})
