import { expect, test } from './fixtures'
import { beMember, expectLikes, like, removeButton } from './people'

test('part of a thing, in any case, finds it, and the address keeps what was looked for', async ({ page }) => {
  await like(page, 'Green Tea', 'Rain', 'Tea towels')
  await page.getByLabel('Find').fill('tEA')
  await page.getByLabel('Find').press('Enter')
  await expectLikes(page, 'Tea towels', 'Green Tea')
  await expect(page.getByText('2 found')).toBeVisible()
  await expect(page).toHaveURL('/?q=tEA')
  await page.reload()
  await expectLikes(page, 'Tea towels', 'Green Tea')
  await expect(page.getByLabel('Find')).toHaveValue('tEA')
  await page.getByRole('link', { name: 'Show all' }).click()
  await expectLikes(page, 'Tea towels', 'Rain', 'Green Tea')
})

test('what is nowhere on the list is said, and the way back is there', async ({ page }) => {
  await like(page, 'Tea', 'Rain')
  await page.goto('/?q=%25')
  await expect(page.getByText('Nothing on your list has “%” in it.')).toBeVisible()
  await page.getByRole('link', { name: 'Show all' }).click()
  await expectLikes(page, 'Rain', 'Tea')
})

test('the list can be read from A to Z, in pages, and found things too', async ({ page }) => {
  await beMember(page)
  await like(page, 'cherry', 'Apple', 'banana')
  await page.getByRole('link', { name: 'A–Z' }).click()
  await expectLikes(page, 'Apple', 'banana', 'cherry')
  await page.goto('/?sort=a-z&q=an')
  await expectLikes(page, 'banana')
  await page.goto('/?sort=a-z&before=apple')
  await expectLikes(page, 'banana', 'cherry')
  await page.getByRole('link', { name: 'First page' }).click()
  await expectLikes(page, 'Apple', 'banana', 'cherry')
  await page.getByRole('link', { name: 'Newest' }).click()
  await expectLikes(page, 'banana', 'Apple', 'cherry')
})

test('whoever removes from what was found stays there, and Undo as well', async ({ page }) => {
  await like(page, 'Tea', 'Rain', 'Tea towels')
  await page.goto('/?q=tea')
  await removeButton(page, 'Tea').click()
  await expect(page.getByText('Removed “Tea”.')).toBeVisible()
  await expectLikes(page, 'Tea towels')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expectLikes(page, 'Tea towels', 'Tea')
  await expect(page).toHaveURL('/?q=tea')
})

test('what is liked while something is looked for shows on the whole list', async ({ page }) => {
  await like(page, 'Tea', 'Rain')
  await page.goto('/?q=tea')
  await page.getByLabel('I like').fill('Snow')
  await page.getByRole('button', { name: 'Like', exact: true }).click()
  await expectLikes(page, 'Snow', 'Rain', 'Tea')
  await expect(page).toHaveURL('/')
})

test('a thing that is an address is a link, which says where it leads and passes nothing on', async ({ page }) => {
  const disguised = 'https://bank.example@elsewhere:8443/a?b#c'
  await like(page, disguised, 'https://', 'javascript:alert(1)', 'see https://example.org/')
  const link = page.getByRole('listitem').getByRole('link')
  await expect(link).toHaveCount(1)
  await expect(link).toHaveText(disguised)
  await expect(link).toHaveAttribute('href', disguised)
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer ugc nofollow')
  await expect(page.getByText('elsewhere:8443', { exact: true })).toBeVisible()
})

test('an address that asks for nonsense shows the list', async ({ page }) => {
  await like(page, 'Tea', 'Rain')
  for (const query of ['q=%00', 'q=a&q=b', `q=${'t'.repeat(3000)}`, 'sort=z-a', 'sort=a-z&before=%ff', 'q=%ED%A0%80']) {
    const answer = await page.goto(`/?${query}`)
    expect(answer?.status(), query).toBe(200)
  }
  await page.goto('/?sort=z-a&before=zzz')
  await expectLikes(page, 'Rain', 'Tea')
})
