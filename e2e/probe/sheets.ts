/** Contact sheets: every page in every state, at three widths and in three schemes of colours, to be looked at. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'

export type Look = { width: number; height: number; colors: 'light' | 'dark' | 'forced' }

const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
]
const COLORS = ['light', 'dark', 'forced'] as const

/** Forced colours last: a page that had them keeps a white ground. */
export const LOOKS: Look[] = COLORS.flatMap((colors) => SIZES.map((size) => ({ ...size, colors })))

const FOLDER = 'generated/screenshots'
const STATES_A_SHEET = 5
/** How wide a picture is on the sheet, of how wide it was. */
const SCALE = 0.36
const TALL_AT_MOST = 1500

/** The whole page, or what fits on a sheet of it. */
export async function takePicture(page: Page): Promise<Buffer> {
  const { width, height } = await page.evaluate(() => ({
    width: innerWidth,
    height: document.documentElement.scrollHeight,
  }))
  const clip = { x: 0, y: 0, width, height: Math.min(height, TALL_AT_MOST) }
  return page.screenshot({ type: 'jpeg', quality: 80, fullPage: true, clip })
}

export class Sheets {
  readonly #rows = new Map<string, { look: Look; file: string }[]>()

  constructor() {
    rmSync(FOLDER, { recursive: true, force: true })
    mkdirSync(join(FOLDER, 'single'), { recursive: true })
  }

  add(name: string, look: Look, picture: Buffer) {
    const row = this.#rows.get(name) ?? []
    const state = String(this.#rows.has(name) ? this.#rows.size : this.#rows.size + 1).padStart(3, '0')
    const file = `single/${state}-${look.width}-${look.colors}.jpg`
    writeFileSync(join(FOLDER, file), picture)
    this.#rows.set(name, [...row, { look, file }])
  }

  /** Lays them all on sheets, and says where. */
  async lay(browser: Browser) {
    const rows = [...this.#rows]
    const page = await browser.newPage({ viewport: { width: 2740, height: 800 } })
    for (let i = 0; i * STATES_A_SHEET < rows.length; i++) {
      const html = join(FOLDER, `sheet-${String(i + 1).padStart(2, '0')}.html`)
      writeFileSync(html, sheetOf(rows.slice(i * STATES_A_SHEET, (i + 1) * STATES_A_SHEET)))
      await page.goto(`file://${join(process.cwd(), html)}`)
      await page.screenshot({ path: html.replace('.html', '.jpg'), type: 'jpeg', quality: 80, fullPage: true })
    }
    await page.close()
    console.log(`${rows.length} states, each in ${LOOKS.length} looks, are in ${FOLDER}/sheet-*.jpg`)
  }
}

function sheetOf(rows: [string, { look: Look; file: string }[]][]) {
  const sections = rows.map(([name, pictures]) => {
    const shown = pictures.map(
      ({ look, file }) => `<img src="${file}" width="${Math.round(look.width * SCALE)}" alt="">`,
    )
    return `<h2>${name.replace(/[&<]/g, (sign) => (sign === '&' ? '&amp;' : '&lt;'))}</h2><p>${shown.join('')}</p>`
  })
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 24px; background: #777; color: #fff; font: 18px sans-serif }
    p { display: flex; gap: 8px; align-items: flex-start }
  </style>${sections.join('')}`
}
