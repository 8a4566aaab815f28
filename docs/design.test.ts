/** docs/design.md says what the tokens of app/globals.css are, and how well each colour can be read. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const styles = readFileSync('app/globals.css', 'utf8')
const page = readFileSync('docs/design.md', 'utf8')

const TOKENS = new Map(
  [...styles.matchAll(/^ {4}--([\w-]+): (.+);$/gm)].map(([, name = '', value = '']) => [name, value]),
)

/** Text must have 4.5 : 1 on what it stands on, the edge of a control 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11). */
const PAIRS = [
  ...['ink', 'quiet', 'accent', 'danger'].flatMap((name) =>
    ['paper', 'raised'].map((on) => ({ name, on, atLeast: 4.5 })),
  ),
  ...['ink', 'quiet', 'accent'].map((name) => ({ name, on: 'accent-wash', atLeast: 4.5 })),
  { name: 'on-accent', on: 'accent', atLeast: 4.5 },
  ...['paper', 'raised'].map((on) => ({ name: 'edge', on, atLeast: 3 })),
]

function colorsOf(name: string) {
  const [, light = '', dark = ''] = /^light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)$/.exec(TOKENS.get(name) ?? '') ?? []
  return [light, dark]
}

function luminanceOf(color: string) {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrastOf(one: string, other: string) {
  const [bright = 0, dim = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a)
  return (bright + 0.05) / (dim + 0.05)
}

test('every colour can be read on what it stands on, and the page says how well', () => {
  for (const { name, on, atLeast } of PAIRS) {
    const ratios = colorsOf(name).map((color, i) => contrastOf(color, colorsOf(on)[i] ?? ''))
    for (const ratio of ratios) expect(ratio, `${name} on ${on}`).toBeGreaterThanOrEqual(atLeast)
    expect(page).toContain(`| \`--${name}\` on \`--${on}\` | ${ratios.map((ratio) => ratio.toFixed(1)).join(' | ')} |`)
  }
})

test('every token is on the page with its value, and none that is not there any more', () => {
  expect(TOKENS.size).toBeGreaterThan(25)
  for (const [name, value] of TOKENS) {
    const shown = colorsOf(name)[0]
      ? colorsOf(name)
          .map((color) => `\`${color}\``)
          .join(' | ')
      : `\`${value}\``
    expect(page).toContain(`| \`--${name}\` | ${shown} |`)
  }
  const named = [...page.matchAll(/`--([\w-]+)`/g)].map(([, name = '']) => name)
  expect(named.filter((name) => !TOKENS.has(name))).toEqual([])
})

test('no style says a colour that is not a token', () => {
  const rules = styles.slice(styles.indexOf('@layer base'))
  expect(rules.match(/#[\da-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(/gi)).toBeNull()
})
