import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, test } from 'vitest'
import { newAddress } from '../faults/browser'
import { violationsOn } from './axe'
import { type Cast, raiseCast, type Who } from './cast'
import { Findings } from './findings'
import { HAPPENINGS } from './happenings'
import { LOOKS, type Look, Sheets, takePicture } from './sheets'
import { nameOf, type State, statesOf } from './states'

/** What a page must fit into without scrolling to the side (WCAG 2.2, 1.4.10). */
const NARROWEST = { width: 320, height: 640 }

let cast: Cast
let browser: Browser
let contexts: Map<string, BrowserContext>
const sheets = new Sheets()
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '', chromiumSandbox: false })
  contexts = new Map()
  cast = await raiseCast()
})
afterAll(async () => {
  await sheets.lay(browser)
  await browser?.close()
  await cast?.stop()
})

test('axe has nothing against any page in any state, at any width and in any colours', async () => {
  const findings = new Findings('axe, with script')
  const states = statesOf(cast)
  for (const state of states) {
    const page = await pageOf(state, true)
    await lookAtAll(page, nameOf(state), findings)
    await page.setViewportSize(NARROWEST)
    const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    if (isWider) findings.add(`${nameOf(state)}: scrolls to the side at ${NARROWEST.width}`)
    await page.close()
  }
  findings.report(`${states.length} pages, ${LOOKS.length * states.length} looks`)
})

test('nor without script', async () => {
  await cast.renewUndo()
  const findings = new Findings('axe, no script')
  const states = statesOf(cast)
  for (const state of states) {
    const page = await pageOf(state, false)
    for (const violation of await violationsOn(page, { isScripted: false }))
      findings.add(`${nameOf(state)}: ${violation}`)
    await page.close()
  }
  findings.report(`${states.length} pages`)
})

test('nor against what is there for a moment', async () => {
  await cast.renewUndo()
  const findings = new Findings('axe, moments')
  for (const { name, who, make } of HAPPENINGS) {
    const page = await openPage(who, true)
    const goOn = await make(page, cast.urlOf(who))
    await lookAtAll(page, name, findings)
    await goOn?.()
    await page.close()
  }
  findings.report(`${HAPPENINGS.length} moments`)
})

async function openPage(who: Who, javaScriptEnabled: boolean): Promise<Page> {
  const key = `${who} ${javaScriptEnabled}`
  const context = contexts.get(key) ?? (await newContext(who, javaScriptEnabled))
  contexts.set(key, context)
  return context.newPage()
}

async function newContext(who: Who, javaScriptEnabled: boolean) {
  const storageState = await cast.people[who].storageState()
  const extraHTTPHeaders = { 'x-forwarded-for': newAddress() }
  return browser.newContext({ storageState, javaScriptEnabled, extraHTTPHeaders, reducedMotion: 'reduce' })
}

async function pageOf(state: State, javaScriptEnabled: boolean): Promise<Page> {
  const { who, path, form } = state
  const page = await openPage(who, javaScriptEnabled)
  await page.goto(new URL(path, cast.urlOf(who)).href)
  if (!form) return page
  const button = page.getByRole('button', { name: new RegExp(`^${form.button}\\b`) }).first()
  const fields = page.locator('form').filter({ has: button }).first()
  for (const [name, text] of Object.entries(form.fields)) {
    await fields.locator(`[name="${name}"]`).evaluate((input: HTMLInputElement, value) => {
      input.value = value
    }, text)
  }
  await button.click()
  await page.getByText(form.says).first().waitFor()
  return page
}

async function lookAtAll(page: Page, name: string, findings: Findings) {
  for (const [i, look] of LOOKS.entries()) {
    await turnTo(page, look)
    const options = i === 0 ? {} : ({ rules: 'looks' } as const)
    for (const violation of await violationsOn(page, options))
      findings.add(`${name} (${look.width}, ${look.colors}): ${violation}`)
    sheets.add(name, look, await takePicture(page))
  }
}

async function turnTo(page: Page, { width, height, colors }: Look) {
  await page.setViewportSize({ width, height })
  const isForced = colors === 'forced'
  await page.emulateMedia({
    colorScheme: colors === 'dark' ? 'dark' : 'light',
    forcedColors: isForced ? 'active' : 'none',
  })
}
