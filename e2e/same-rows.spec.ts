/** One journey, with script, without, and by what is no more than HTTP, on both databases: all leave the same rows. */
import { randomInt } from 'node:crypto'
import { type APIRequestContext, devices, type Page } from 'playwright/test'
import { Database } from './database'
import { expect, test } from './fixtures'
import { type Credentials, newCredentials } from './people'
import { hiddenFields } from './raw-form'
import { rowsOf } from './rows-of'

type Fields = Record<string, string>
/** Opens a page, fills in the form with this button by the names of its fields, and presses it. */
type Press = (path: string, button: string, fields?: Fields) => Promise<void>

/** In two browsers of one person: a list without an account, an account, what a log-in brings, and how all of it ends. */
async function journey(desk: Press, phone: Press, who: Credentials, emails: [string, string]) {
  const next = { ...who, password: 'five other words in a row' }
  for (const thing of ['Tea', 'Rain', 'Long walks']) await desk('/', 'Like', { thing })
  await desk('/', 'Remove Rain')
  await desk('/', 'Undo')
  await desk('/', 'Remove Long walks')
  await desk('/', 'Subscribe', { email: emails[0] })
  await desk('/signup', 'Sign up', { ...who, keep: 'on' })
  await desk('/', 'Keep them')
  await desk('/', 'Like', { thing: 'Fog' })

  for (const thing of ['tea', 'Cats']) await phone('/', 'Like', { thing })
  await phone('/login', 'Log in', who)
  await phone('/', 'Undo')
  await desk('/account', 'Change password', { password: who.password, newPassword: next.password })
  for (const thing of ['TEA', 'Snow']) await phone('/', 'Like', { thing })
  await phone('/login', 'Log in', next)
  await desk('/account', 'End all other sessions')
  await phone('/', 'Like', { thing: 'Moss' })
  await phone('/', 'Forget me')

  await desk('/', 'Unregister')
  await desk('/', 'Remove Fog')
  await desk('/logout', 'Log out')
  await desk('/', 'Like', { thing: 'Dew' })
  await desk('/', 'Subscribe', { email: emails[1] })
}

/** With script or without: by the same controls. */
function inBrowser(page: Page): Press {
  return async (path, button, fields = {}) => {
    await page.goto(path)
    const control = page.getByRole('button', { name: button, exact: true })
    const form = page.getByRole('main').locator('form').filter({ has: control }).first()
    for (const [name, value] of Object.entries(fields)) {
      const field = form.locator(`[name=${name}]`)
      await (name === 'keep' ? field.check() : field.fill(value))
    }
    // By its first byte everything has happened; the rest is the next page.
    const answered = page.waitForResponse((response) => response.request().method() === 'POST')
    await form.getByRole('button', { name: button, exact: true }).click()
    await answered
  }
}

/** What curl, w3m and lynx send. */
function byHttp(request: APIRequestContext, origin: string): Press {
  return async (path, name, fields = {}) => {
    const page = await (await request.get(path)).text()
    const button = new RegExp(`<button[^>]*>${name.replaceAll(' ', ' (?:<[^>]*>)?')}(?:<[^>]*>)?</button>`)
    const main = page.slice(page.indexOf('<main'))
    const form = main.match(/<form[\s\S]*?<\/form>/g)?.find((html) => button.test(html)) ?? ''
    const sent = hiddenFields(form, button)
    if (!sent) throw new Error(`${path} has no button ${name}`)
    const [, action] = /^<form[^>]* action="([^"]*)"/.exec(form) ?? []
    const pressed = button.exec(form)?.[0] ?? ''
    const [own, value] = ['name', 'value'].map((name) => new RegExp(` ${name}="(\\w+)"`).exec(pressed)?.[1])
    if (own && value) sent.set(own, value)
    for (const [field, typed] of Object.entries(fields)) sent.set(field, typed)
    const answer = await request.post(action || path, { multipart: sent, headers: { origin } })
    expect(answer.status(), `${name} on ${path}`).toBe(200)
  }
}

const isWithPostgres = process.env.E2E_ON !== 'postgresql'
const MAIN = { port: Number(process.env.E2E_PORT), url: process.env.E2E_DATABASE_URL ?? '' }
const OTHER = {
  port: MAIN.port + 1,
  url: `postgresql://postgres:postgres@localhost:${process.env.E2E_POSTGRES_PORT}/likes`,
}

test('with script, without, and by plain HTTP, on both databases, one journey leaves the same rows', async ({
  browser,
  playwright,
}) => {
  test.slow()
  const { userAgent } = devices['Desktop Chrome']
  const clients = (isWithPostgres ? [MAIN, OTHER] : [MAIN]).flatMap(({ port, url }) => {
    const baseURL = `http://localhost:${port}`
    const from = (address: string) => ({ baseURL, userAgent, extraHTTPHeaders: { 'x-forwarded-for': address } })
    const inPage = (javaScriptEnabled: boolean) => async (address: string) =>
      inBrowser(await (await browser.newContext({ ...from(address), javaScriptEnabled })).newPage())
    const plain = async (address: string) => byHttp(await playwright.request.newContext(from(address)), baseURL)
    return [
      { name: `with script at ${url}`, rows: rowsAfter(inPage(true), url) },
      { name: `without script at ${url}`, rows: rowsAfter(inPage(false), url) },
      { name: `by plain HTTP at ${url}`, rows: rowsAfter(plain, url) },
    ]
  })
  const [first, ...others] = await Promise.all(clients.map(({ rows }) => rows))
  for (const table of ['User', 'Session', 'Like', 'SecurityEvent', 'Throttle', 'Subscriber']) {
    expect(first?.[table], table).not.toEqual([])
  }
  for (const [i, rows] of others.entries()) expect.soft(rows, clients[i + 1]?.name).toEqual(first)
})

/** Makes the journey. @param open Makes a browser at an address. */
async function rowsAfter(open: (address: string) => Promise<Press>, url: string) {
  const [desk, phone] = [newAddress(), newAddress()]
  const who = newCredentials()
  const emails: [string, string] = [`${who.username}@example.org`, `${who.username}.again@example.org`]
  await journey(await open(desk), await open(phone), who, emails)
  const database = new Database(url)
  const names = { [who.username]: 'ada', [desk]: 'desk', [phone]: 'phone', [emails[0]]: 'first', [emails[1]]: 'second' }
  const rows = await rowsOf(database, names)
  await database.close()
  return rows
}

function newAddress() {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`
}
