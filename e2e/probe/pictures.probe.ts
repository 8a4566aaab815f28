/** The pictures of the README and of a link to the site, of the site as it is. */
import { readFileSync } from 'node:fs'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, test } from 'vitest'
import { newAddress } from '../faults/browser'
import { type Cast, personAt, raiseCast, send } from './cast'

const THINGS = [
  'https://www.gutenberg.org/ebooks/1342',
  'Swimming in the lake before anyone is up',
  'Letters written by hand',
  'The smell of rain on dry ground',
  'Long train rides',
  'Bread that is still warm',
]
const PICTURES = [
  { name: 'home-desk-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'home-desk-dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: 'home-phone-light', width: 360, height: 900, colorScheme: 'light' },
  { name: 'home-phone-dark', width: 360, height: 900, colorScheme: 'dark' },
] as const

let cast: Cast
let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '', chromiumSandbox: false })
  cast = await raiseCast()
})
afterAll(async () => {
  await browser?.close()
  await cast?.stop()
})

test('a list of six things is drawn for the README', async () => {
  const somebody = await personAt(cast.site.url)
  for (const thing of THINGS) await send(somebody, '/', 'Like', { thing })
  const storageState = await somebody.storageState()
  const extraHTTPHeaders = { 'x-forwarded-for': newAddress() }
  for (const { name, width, height, colorScheme } of PICTURES) {
    const viewport = { width, height }
    const context = await browser.newContext({ storageState, viewport, colorScheme, extraHTTPHeaders })
    const page = await context.newPage()
    await page.goto(cast.site.url)
    await page.screenshot({ path: `docs/images/${name}.png` })
    await context.close()
  }
  await somebody.dispose()
})

test('and a card for whoever is sent a link', async () => {
  const page = await browser.newPage({ viewport: { width: 1200, height: 630 } })
  const styles = readFileSync('app/globals.css', 'utf8')
  const icon = readFileSync('app/icon.svg', 'utf8')
  await page.setContent(`<!doctype html><style>${styles}
    body { max-width: none; height: 630px; padding: 96px; justify-content: space-between }
    svg { width: 120px }
    h1 { margin: 0; font-size: 104px }
    p { margin: 0; color: var(--quiet); font-size: 36px }
  </style>${icon}<div><h1>What do you like?</h1><p>Keep the things you like. No account needed.</p></div>`)
  await page.screenshot({ path: 'app/opengraph-image.png' })
  await page.close()
})
