import { expect, test } from './fixtures'
import { beMember, enterAs, like, logOut, newMember } from './people'

const THANKS = 'Thanks for signing up!'

async function subscribe(page: import('playwright/test').Page, address: string) {
  await page.goto('/')
  await page.getByLabel('Email').fill(address)
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await expect(page.getByText(THANKS)).toBeVisible()
}

function newAddress() {
  return `ada-${crypto.randomUUID()}@example.org`
}

test('an address is remembered on every visit, until it is taken back', async ({ page, database }) => {
  const address = newAddress()
  await subscribe(page, address.toUpperCase())
  for (const path of ['/', '/?notice=logged-out']) {
    await page.goto(path)
    await expect(page.getByText(address)).toBeVisible()
    await expect(page.getByLabel('Email')).toHaveCount(0)
  }
  expect(await database.rows('SELECT address FROM "Subscriber" WHERE address = ?', address)).toHaveLength(1)
  await page.getByRole('button', { name: 'Unregister' }).click()
  await expect(page.getByText(`We have removed ${address} from the list!`)).toBeVisible()
  await expect(page.getByLabel('Email')).toBeVisible()
  expect(await database.rows('SELECT address FROM "Subscriber" WHERE address = ?', address)).toHaveLength(0)
})

test('1.3.11 what is not an address is refused with a reason, and what was typed stays', async ({ page, database }) => {
  const before = await database.rows('SELECT address FROM "Subscriber" WHERE address LIKE ?', 'x@%')
  await page.goto('/')
  for (const [typed, reason] of [
    ['', 'Type an e-mail address.'],
    ['x@example', 'After the @ there must be a domain, such as example.org.'],
    ['x@example.org,y@example.org', 'Type one address and nothing else.'],
  ] as const) {
    await page.getByLabel('Email').fill(typed)
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await expect(page.getByText(reason)).toBeVisible()
    await expect(page.getByLabel('Email')).toHaveValue(typed)
  }
  expect(await database.rows('SELECT address FROM "Subscriber" WHERE address LIKE ?', 'x@%')).toEqual(before)
})

test('an address that is gone already is not said to be removed', async ({ page, database }) => {
  const address = newAddress()
  await subscribe(page, address)
  await database.rows('DELETE FROM "Subscriber" WHERE address = ?', address)
  await page.getByRole('button', { name: 'Unregister' }).click()
  await expect(page.getByText("That address isn't on our list")).toBeVisible()
})

test('the address comes along at log-in, and is gone after log-out', async ({ page }) => {
  const ada = await newMember()
  const address = newAddress()
  await subscribe(page, address)
  await enterAs(page, ada)
  await expect(page.getByText(THANKS)).toBeVisible()
  await expect(page.getByText(address)).toBeVisible()
  await logOut(page)
  await expect(page.getByLabel('Email')).toBeVisible()
  await expect(page.getByText(address)).toHaveCount(0)
})

test('a member subscribes too, and Delete account takes the address off the list', async ({ page, database }) => {
  await beMember(page)
  const address = newAddress()
  await subscribe(page, address)
  await page.goto('/account')
  await page.getByRole('button', { name: 'Delete account' }).click()
  await expect(page.getByText('your address on our mailing list')).toBeVisible()
  expect(await database.rows('SELECT address FROM "Subscriber" WHERE address = ?', address)).toHaveLength(0)
})

test('Forget me takes the address off the list, and says so', async ({ page, database }) => {
  const address = newAddress()
  await like(page, 'Tea')
  await subscribe(page, address)
  await page.getByRole('button', { name: 'Forget me' }).click()
  await expect(page.getByText('your address on our mailing list')).toBeVisible()
  expect(await database.rows('SELECT address FROM "Subscriber" WHERE address = ?', address)).toHaveLength(0)
})

test('where the site sends no e-mail, recovery says that it is off', async ({ page }) => {
  await page.goto('/login')
  await expect(page.getByRole('link', { name: 'Forgot your password?' })).toHaveCount(0)
  await page.goto('/forgot')
  await expect(page.getByText('This site sends no e-mail')).toBeVisible()
  await beMember(page)
  await page.goto('/account')
  await expect(page.getByText('recovery is off')).toBeVisible()
})
