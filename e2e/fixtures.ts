/** What a test is given: a browser of its own, more of them when it asks, and the site's database. */
import { randomInt } from 'node:crypto'
import { type BrowserContext, test as base, type Page } from 'playwright/test'
import { MailServer } from '../lib/testing/mail-server'
import { Database } from './database'
import { recordMail } from './leak/recordings'
import { type Site, startSite, startSiteWithoutCookies } from './site'

type Fixtures = {
  /** Opens another browser, at another address; with the cookies of one that was closed, or those it is given. */
  openBrowser: (cookies?: Cookies) => Promise<Page>
}
type WorkerFixtures = {
  database: Database
  /** A site that nobody else uses, so that all its rows are this test's. */
  quietSite: Site
  /** A site that sends e-mail, has an owner, and is watched. */
  mailSite: Site & { mails: MailServer; password: string; metricsToken: string }
  /** A site of which no browser keeps a cookie. */
  siteWithoutCookies: Site
}
type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

export const test = base.extend<Fixtures, WorkerFixtures>({
  extraHTTPHeaders: async ({ baseURL: _ }, use) => use(fromNewAddress()),

  openBrowser: async ({ browser }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (cookies = []) => {
      const context = await browser.newContext({ extraHTTPHeaders: fromNewAddress() })
      contexts.push(context)
      await context.addCookies(cookies)
      return context.newPage()
    })
    for (const context of contexts) await context.close()
  },

  database: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
    async ({}, use) => {
      const database = new Database(process.env.E2E_DATABASE_URL ?? '')
      await use(database)
      await database.close()
    },
    { scope: 'worker' },
  ],

  quietSite: [
    // biome-ignore lint/correctness/noEmptyPattern: as above.
    async ({}, use) => {
      const site = await startSite()
      await use(site)
      await site.stop()
    },
    { scope: 'worker' },
  ],

  mailSite: [
    // biome-ignore lint/correctness/noEmptyPattern: as above.
    async ({}, use) => {
      const mails = await new MailServer(recordMail).start()
      const password = 'the pass phrase of the owner'
      const metricsToken = 'the-token-of-who-watches'
      const settings = { SMTP_URL: mails.url, ADMIN_PASSWORD: password, METRICS_TOKEN: metricsToken }
      const site = await startSite(settings)
      await use({ ...site, mails, password, metricsToken })
      await site.stop()
      await mails.stop()
    },
    { scope: 'worker' },
  ],

  siteWithoutCookies: [
    // biome-ignore lint/correctness/noEmptyPattern: as above.
    async ({}, use) => {
      const site = await startSiteWithoutCookies()
      await use(site)
      await site.stop()
    },
    { scope: 'worker' },
  ],
})

export { expect } from 'playwright/test'
export { linkIn } from '../lib/testing/mail-server'

// An address of its own, as a person has one.
export function fromNewAddress() {
  return { 'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}` }
}
