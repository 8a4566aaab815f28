import type { Page, Route } from 'playwright/test'
import { expect, test } from './fixtures'
import { paste } from './paste'
import { beMember, enterAs, expectLikes, expectMember, like, logIn, logOut, newMember, removeButton } from './people'

test('a like shows at once and the field keeps the focus for the next one', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea')
  const release = await holdPosts(page)
  await page.getByLabel('I like').pressSequentially('Rain\n')
  await expectLikes(page, 'Rain', 'Tea')
  await expect(removeButton(page, 'Rain')).toBeDisabled()
  await expect(page.getByLabel('I like')).toBeFocused()
  await expect(page.getByLabel('I like')).toHaveValue('')
  release()
  await expect(removeButton(page, 'Rain')).toBeEnabled()
  await expect(page.getByLabel('I like')).toBeFocused()
})

test('three things typed without waiting are all kept, even by a stranger', async ({ page, database }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await page.getByLabel('I like').pressSequentially('Tea\nRain\nLong walks\n')
  await expect(removeButton(page, 'Long walks')).toBeEnabled()
  expect(await database.thingsOf(page.context())).toEqual(['Tea', 'Rain', 'Long walks'])
  await expectLikes(page, 'Long walks', 'Rain', 'Tea')
})

test('a removed like goes at once', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea', 'Rain')
  const release = await holdPosts(page)
  await removeButton(page, 'Rain').click()
  await expectLikes(page, 'Tea')
  release()
  await expect(page.getByText('Removed “Rain”.')).toBeVisible()
})

test('a refused thing comes back into the field, and what showed at once goes', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea')
  await page.getByLabel('I like').fill('x'.repeat(201))
  await page.getByLabel('I like').press('Enter')
  await expect(page.getByLabel('I like')).toHaveAccessibleDescription(/longer than 200/)
  await expect(page.getByLabel('I like')).toHaveValue('x'.repeat(201))
  // Not by colour alone.
  await expect(page.getByLabel('I like')).toHaveCSS('border-top-width', '2px')
  await expectLikes(page, 'Tea')
})

test('a thing that is refused while the next is typed comes back before it, and neither is lost', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  const release = await holdPosts(page)
  await page.getByLabel('I like').fill('x'.repeat(201))
  await page.getByLabel('I like').press('Enter')
  await page.getByLabel('I like').fill('Rain')
  release()
  await expect(page.getByLabel('I like')).toHaveAccessibleDescription(/longer than 200/)
  await expect(page.getByLabel('I like')).toHaveValue(`${'x'.repeat(201)}\nRain`)
  await expect(page.getByLabel('I like')).toBeFocused()
  await page.keyboard.type('bow')
  await expect(page.getByLabel('I like')).toHaveValue(`${'x'.repeat(201)}\nRainbow`)
})

test('a thing that is refused while the next is on its way is told, and comes back', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea')
  const release = await holdPosts(page)
  for (const thing of ['x'.repeat(201), 'Rain', 'y'.repeat(201), 'Snow']) {
    await page.getByLabel('I like').fill(thing)
    await page.getByRole('button', { name: 'Like', exact: true }).click()
  }
  release()
  await expect(page.getByLabel('I like')).toHaveAccessibleDescription(/longer than 200/)
  await expect(page.getByLabel('I like')).toHaveValue(`${'x'.repeat(201)}\n${'y'.repeat(201)}`)
  await expectLikes(page, 'Snow', 'Rain', 'Tea')
  // Told once: the next answer is by itself.
  await page.getByLabel('I like').fill('Hail')
  await page.getByRole('button', { name: 'Like', exact: true }).click()
  await expectLikes(page, 'Hail', 'Snow', 'Rain', 'Tea')
  await expect(page.getByLabel('I like')).toHaveValue('')
  await expect(page.getByText('longer than 200')).toHaveCount(0)
})

for (const [what, fail] of [
  ['a network that goes away', (route: Route) => route.abort()],
  ['a server that fails', (route: Route) => route.fulfill({ status: 500, body: 'no' })],
  ['a proxy that takes it for too long', (route: Route) => route.fulfill({ status: 413, body: 'no' })],
] as const) {
  test(`a thing that gets no answer from ${what} comes back into the field`, async ({ page }) => {
    await page.goto('/', { waitUntil: 'networkidle' })
    await like(page, 'Tea')
    await page.route('**/*', (route) => (route.request().method() === 'POST' ? fail(route) : route.continue()))
    await page.getByLabel('I like').fill('Rain')
    await page.getByRole('button', { name: 'Like', exact: true }).click()
    await expect(page.getByText('We got no answer, so this may not be on your list.')).toBeVisible()
    await expect(page.getByLabel('I like')).toHaveValue('Rain')
    await expectLikes(page, 'Tea')
    await page.unroute('**/*')
    await page.getByRole('button', { name: 'Like', exact: true }).click()
    await expectLikes(page, 'Rain', 'Tea')
    await expect(page.getByText('We got no answer')).toHaveCount(0)
  })
}

test('several lines that are pasted are several things, in their order, one click later', async ({
  page,
  database,
}) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await paste(page, 'Tea\r\n\r\n  Rain  \nLong walks\n')
  await expect(page.getByLabel('I like')).toBeFocused()
  await page.getByRole('button', { name: 'Like', exact: true }).click()
  await expect(removeButton(page, 'Rain')).toBeEnabled()
  await expectLikes(page, 'Tea', 'Rain', 'Long walks')
  expect((await database.thingsOf(page.context())).toSorted()).toEqual(['Long walks', 'Rain', 'Tea'])
  await expect(page.getByLabel('I like')).toBeFocused()
  await page.keyboard.type('Snow\n')
  await expectLikes(page, 'Snow', 'Tea', 'Rain', 'Long walks')
})

test('of several lines of which one is refused none is lost and none is kept', async ({ page, database }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea')
  const lines = `Rain\n${'x'.repeat(201)}\nSnow`
  await paste(page, lines)
  await page.getByLabel('I like').press('Control+Enter')
  await expect(page.getByLabel('I like')).toHaveAccessibleDescription(/Line 2: That is longer than 200/)
  await expect(page.getByLabel('I like')).toHaveValue(lines)
  expect(await database.thingsOf(page.context())).toEqual(['Tea'])
})

test('what is looked for is found while it is typed, and the field keeps the focus', async ({ page }) => {
  await like(page, 'Tea', 'Rain', 'Tea towels')
  await page.goto('/', { waitUntil: 'networkidle' })
  await page.getByLabel('Find').pressSequentially('tea')
  await expectLikes(page, 'Tea towels', 'Tea')
  await expect(page).toHaveURL('/?q=tea')
  await expect(page.getByLabel('Find')).toBeFocused()
  await page.getByLabel('Find').fill('')
  await expectLikes(page, 'Tea towels', 'Rain', 'Tea')
  await page.getByLabel('Find').fill('rain')
  await expectLikes(page, 'Rain')
  await page.getByRole('link', { name: 'Show all' }).click()
  await expectLikes(page, 'Tea towels', 'Rain', 'Tea')
  await expect(page.getByLabel('Find')).toHaveValue('')
})

test('on a later page, too, what is looked for can be typed to its end', async ({ page }) => {
  await enterAs(page, await newMember(...Array.from({ length: 52 }, (_, i) => `thing ${i}`)))
  await page.goto('/', { waitUntil: 'networkidle' })
  await page.getByRole('link', { name: 'Older' }).click()
  await expectLikes(page, 'thing 1', 'thing 0')
  await page.getByLabel('Find').pressSequentially('thing 1', { delay: 100 })
  await expect(page).toHaveURL('/?q=thing+1')
  await page.getByLabel('Find').pressSequentially('7', { delay: 100 })
  await expectLikes(page, 'thing 17')
  await expect(page.getByLabel('Find')).toHaveValue('thing 17')
})

test('three things typed without waiting, while another is looked for, are all kept', async ({ page, database }) => {
  await like(page, 'Tea', 'Bread')
  await page.goto('/?q=tea', { waitUntil: 'networkidle' })
  await page.getByLabel('I like').pressSequentially('Rain\nSnow\nFog\n')
  await expectLikes(page, 'Fog', 'Snow', 'Rain', 'Bread', 'Tea')
  await expect(page).toHaveURL('/')
  expect(await database.thingsOf(page.context())).toEqual(['Tea', 'Bread', 'Rain', 'Snow', 'Fog'])
})

test('without a network nothing is sent and nothing that was typed is lost', async ({ page, context, database }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea')
  await context.setOffline(true)
  await page.getByLabel('I like').fill('Rain')
  await page.getByLabel('I like').press('Enter')
  await expect(page.getByText('You are offline, so nothing can be sent.')).toBeVisible()
  await expectLikes(page, 'Tea')
  await expect(page.getByLabel('I like')).toHaveValue('Rain')
  await context.setOffline(false)
  await expect(page.getByText('You are offline, so nothing can be sent.')).toHaveCount(0)
  await page.getByLabel('I like').press('Enter')
  await expect(removeButton(page, 'Rain')).toBeEnabled()
  expect(await database.thingsOf(page.context())).toEqual(['Tea', 'Rain'])
})

test('by keyboard alone: after a removal the focus is on the next thing, after Undo at the list', async ({ page }) => {
  await page.goto('/', { waitUntil: 'networkidle' })
  await like(page, 'Tea', 'Rain', 'Snow')
  await removeButton(page, 'Rain').press('Enter')
  await expect(removeButton(page, 'Tea')).toBeFocused()
  await removeButton(page, 'Tea').press('Enter')
  await expect(removeButton(page, 'Snow')).toBeFocused()
  await expect(page.getByText('Removed “Tea”.')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expectLikes(page, 'Snow', 'Tea')
  await expect(page.getByRole('heading', { name: 'Your likes' })).toBeFocused()
})

test('6.2.6 a password can be shown and hidden again', async ({ page }) => {
  await page.goto('/login', { waitUntil: 'networkidle' })
  const field = page.getByLabel('Password', { exact: true })
  await field.fill('four words in a row')
  await expect(field).toHaveAttribute('type', 'password')
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(field).toHaveAttribute('type', 'text')
  await page.getByRole('button', { name: 'Hide' }).click()
  await expect(field).toHaveAttribute('type', 'password')
  await expect(field).toHaveValue('four words in a row')
})

test('6.2.7 a password can be pasted', async ({ page }) => {
  await page.goto('/login', { waitUntil: 'networkidle' })
  await page.getByLabel('Username').fill('four words in a row')
  await page.getByLabel('Username').press('Control+a')
  await page.getByLabel('Username').press('Control+c')
  const field = page.getByLabel('Password', { exact: true })
  await field.press('Control+v')
  await expect(field).toHaveValue('four words in a row')
})

test('14.3.1 a log-out in one tab shows in the others, which say so', async ({ page, context }) => {
  await beMember(page)
  await like(page, 'Tea')
  const tab = await context.newPage()
  await tab.goto('/', { waitUntil: 'networkidle' })
  await expectLikes(tab, 'Tea')
  await tab.getByLabel('I like').fill('half typed')
  await logOut(page)
  await expect(tab.getByText('You are not logged in any more.')).toBeVisible()
  await expect(tab.getByText('Nothing yet.')).toBeVisible()
  await expect(tab.getByLabel('I like')).toHaveValue('half typed')
})

test('a log-in in one tab shows in the others, which say whose list it is', async ({ page, context }) => {
  const ada = await newMember('Rain')
  const tab = await context.newPage()
  await tab.goto('/', { waitUntil: 'networkidle' })
  await logIn(page, ada)
  await expect(tab.getByText(`You are logged in as ${ada.username} now.`)).toBeVisible()
  await expectLikes(tab, 'Rain')
  await expect(page.getByText('You are logged in as')).toHaveCount(0)
})

test('14.3.1 a session ended from another device shows when the tab is looked at again', async ({
  page,
  openBrowser,
}) => {
  test.slow()
  const ada = await beMember(page)
  const other = await openBrowser()
  for (const [path, sign] of [
    ['/', () => window.dispatchEvent(new Event('focus'))],
    ['/', () => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))],
    ['/account', () => document.dispatchEvent(new Event('visibilitychange'))],
  ] as const) {
    await enterAs(other, ada)
    await other.goto(path, { waitUntil: 'networkidle' })
    await expectMember(other, ada)
    await page.goto('/account')
    await page.getByRole('button', { name: 'End all other sessions' }).click()
    await expect(page.getByText('All other sessions have ended.')).toBeVisible()
    await other.evaluate(sign)
    await expect(other.getByText('You are not logged in any more.')).toBeVisible()
    if (path === '/account') await expect(other).toHaveURL('/login?next=%2Faccount')
  }
})

test('where a log-in form is being filled in, nothing moves when another tab logs in', async ({ page, context }) => {
  const [ada, grace] = [await newMember(), await newMember()]
  const tab = await context.newPage()
  await tab.goto('/login', { waitUntil: 'networkidle' })
  await tab.getByLabel('Username').fill(grace.username)
  await logIn(page, ada)
  await tab.evaluate(() => window.dispatchEvent(new Event('focus')))
  await tab.getByLabel('Password', { exact: true }).fill(grace.password)
  await tab.getByRole('button', { name: 'Log in' }).click()
  await expectMember(tab, grace)
})

/** Keeps what the page sends on the way, until it is released. */
async function holdPosts(page: Page) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**', async (route) => {
    if (route.request().method() === 'POST') await released
    await route.continue()
  })
  return release
}
