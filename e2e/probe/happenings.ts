/** What is there for a moment only, and only with script. */
import { expect, type Page } from 'playwright/test'
import { paste } from '../paste'
import type { Who } from './cast'

type Happening = {
  name: string
  who: Who
  /** Makes it so. @returns what lets it go on. */
  make: (page: Page, url: string) => Promise<(() => Promise<void>) | undefined>
}

export const HAPPENINGS: Happening[] = [
  {
    name: 'a like that is being kept',
    who: 'visitor',
    async make(page, url) {
      await page.goto(url)
      const release = await holdPosts(page)
      await page.getByLabel('I like').fill('Snow')
      await page.getByRole('button', { name: 'Like', exact: true }).click()
      await expect(page.getByRole('button', { name: 'Remove Snow' })).toBeDisabled()
      return release
    },
  },
  {
    name: 'several things, pasted, of which one is refused',
    who: 'visitor',
    async make(page, url) {
      await page.goto(url)
      await paste(page, `Frost\n${'x'.repeat(201)}\nSleet`)
      await page.getByRole('button', { name: 'Like', exact: true }).click()
      await expect(page.getByText('Line 2: That is longer than 200 characters.')).toBeVisible()
      return undefined
    },
  },
  {
    name: 'a page without a network',
    who: 'visitor',
    async make(page, url) {
      await page.goto(url)
      await page.context().setOffline(true)
      await page.getByLabel('I like').fill('Thaw')
      await page.getByRole('button', { name: 'Like', exact: true }).click()
      await expect(page.getByText('You are offline, so nothing can be sent.')).toBeVisible()
      return () => page.context().setOffline(false)
    },
  },
  {
    name: 'a log-in that is being checked',
    who: 'stranger',
    async make(page, url) {
      await page.goto(`${url}/login`)
      const release = await holdPosts(page)
      await page.getByRole('main').getByRole('button', { name: 'Log in' }).click()
      await expect(page.locator('[aria-busy=true]')).toBeVisible()
      return release
    },
  },
  {
    name: 'a removed like that can be undone',
    who: 'member',
    async make(page, url) {
      await page.goto(url)
      await page.getByRole('button', { name: 'Remove Thing 54' }).click()
      await expect(page.getByText('Removed “Thing 54”.')).toBeVisible()
      return undefined
    },
  },
  {
    name: 'a password that is shown',
    who: 'stranger',
    async make(page, url) {
      await page.goto(`${url}/signup`)
      await page.getByLabel('Password', { exact: true }).fill('four words in a row')
      await page.getByRole('button', { name: 'Show what I type' }).click()
      await expect(page.getByRole('button', { name: 'Hide what I type' })).toBeVisible()
      return undefined
    },
  },
  {
    name: 'figures as tables',
    who: 'admin',
    async make(page, url) {
      await page.goto(`${url}/admin`)
      for (const summary of await page.locator('summary').all()) await summary.click()
      await expect(page.getByRole('table')).toHaveCount(4)
      return undefined
    },
  },
  {
    name: 'a list that is somebody else’s since',
    who: 'newcomer',
    async make(page, url) {
      await page.goto(url)
      const other = await page.context().newPage()
      await other.goto(`${url}/logout`)
      await other.getByRole('main').getByRole('button', { name: 'Log out' }).click()
      await expect(page.getByText('You are not logged in any more.')).toBeVisible()
      return undefined
    },
  },
  {
    name: 'a like that got no answer',
    who: 'visitor',
    async make(page, url) {
      await page.goto(url)
      await failPosts(page)
      await page.getByLabel('I like').fill('Hail')
      await page.getByRole('button', { name: 'Like', exact: true }).click()
      await expect(page.getByText('We got no answer, so this may not be on your list.')).toBeVisible()
      return undefined
    },
  },
  {
    name: 'a failure that nobody expected',
    who: 'visitor',
    async make(page, url) {
      await page.goto(url)
      await failPosts(page)
      await page.getByRole('button', { name: 'Remove Tea' }).click()
      await expect(page.getByRole('heading', { name: 'That did not work.' })).toBeVisible()
      return undefined
    },
  },
]

async function failPosts(page: Page) {
  await page.route('**', (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status: 500 }) : route.continue(),
  )
}

/** Keeps what is posted from arriving. @returns what lets it. */
async function holdPosts(page: Page) {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**', async (route) => {
    if (route.request().method() === 'POST') await held
    await route.continue().catch(() => {})
  })
  return async () => release()
}
