import { expect, test } from './fixtures'

// By what is to be read alone: no role, no label that is not seen, no address but the first.
test('a newcomer adds five things, undoes one, finds one and leaves', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByText('What do you like?')).toBeVisible()
  for (const thing of ['Tea', 'Rain', 'Long walks', 'Rye bread', 'Swimming']) {
    await page.getByText('I like', { exact: true }).click()
    await page.keyboard.type(thing)
    await page.keyboard.press('Enter')
    await expect(listed(thing)).toBeVisible()
  }
  await expect(page.getByText('Sign up to have them everywhere.')).toBeVisible()

  await row('Rain').getByText('Remove').click()
  await expect(page.getByText('Removed “Rain”.')).toBeVisible()
  await expect(listed('Rain')).toBeHidden()
  await page.getByText('Undo', { exact: true }).click()
  await expect(listed('Rain')).toBeVisible()

  await page.getByText('Find', { exact: true }).first().click()
  await page.keyboard.type('walk')
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 found')).toBeVisible()
  await expect(listed('Long walks')).toBeVisible()
  await expect(listed('Tea')).toBeHidden()
  await page.getByText('Show all').click()
  await expect(listed('Tea')).toBeVisible()

  await page.getByText('Forget me', { exact: true }).click()
  await expect(page.getByText('You are forgotten.')).toBeVisible()
  await page.getByText('Likes', { exact: true }).first().click()
  await expect(page.getByText('Nothing yet.')).toBeVisible()

  function listed(thing: string) {
    return page.locator('li').getByText(thing, { exact: true }).first()
  }
  function row(thing: string) {
    return page.locator('li').filter({ hasText: thing })
  }
})
