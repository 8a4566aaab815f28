/** How a command shows things to a person. */
import { SingleBar } from 'cli-progress'
import Table from 'cli-table3'

/** What a command hands back: `data` is printed with `--json`, `text` without. */
export type Result = {
  data: unknown
  text: string
  /** The exit code; 0 when left out. */
  code?: number
}

type Cell = string | number | boolean | Date | null | undefined

/**
 * Rows under their headings. A moment is written in UTC to the second, a missing value as "–".
 * @param headings What stands above each column, by the name of its cell.
 */
export function table<Row extends { [Name in keyof Row]: Cell }>(
  headings: { [Name in keyof Row]?: string },
  rows: Row[],
): string {
  const names = Object.keys(headings) as (keyof Row)[]
  const isNumber = (name: keyof Row) => rows.length > 0 && rows.every((row) => typeof row[name] === 'number')
  const made = new Table({
    head: names.map((name) => headings[name] ?? ''),
    colAligns: names.map((name) => (isNumber(name) ? 'right' : 'left')),
    chars: PLAIN,
    // Colours only confuse what reads the output further.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  })
  made.push(...rows.map((row) => names.map((name) => inWords(row[name]))))
  // Each cell is as wide as its column, the last one too.
  return made.toString().replace(/ +$/gm, '')
}

const SIDES = ['top', 'bottom', 'left', 'right', 'mid'] as const
const PLAIN = Object.fromEntries([
  ...SIDES.flatMap((side) => ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, ''])),
  ['middle', ''],
])

function inWords(cell: Cell) {
  if (cell === null || cell === undefined) return '–'
  if (cell instanceof Date) return momentInWords(cell)
  if (typeof cell === 'number') return cell.toLocaleString('en')
  return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : visible(cell)
}

/** A moment in UTC, such as `2026-05-04 12:00:00 UTC`. */
export function momentInWords(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

const UNITS = [
  ['day', 24 * 60 * 60_000],
  ['hour', 60 * 60_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** A length of time in words, such as "2 days" or "47 hours": whole ones of the largest unit of which it has two. */
export function durationInWords(ms: number): string {
  const length = Math.max(0, ms)
  const [unit, size] = UNITS.find(([, size]) => length >= 2 * size) ?? UNITS[3]
  return counted(Math.floor(length / size), unit)
}

/** A number and what it counts, such as "1 like" and "1,200 likes". */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}

/** The text with nothing in it that could move a terminal's cursor or turn its writing round. */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`)
}

/** Shows how far long work has come, on stderr, and only to somebody who is looking. */
export type Progress = {
  /** @param done How many of the total. */
  show(done: number): void
  /** Takes the line away, so that the result stands alone. */
  end(): void
}

/** @param total How many there are to do, such as rows. */
export function progress(what: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${what} {bar} {value} of {total}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    formatValue: (value, _, type) =>
      type === 'value' || type === 'total' ? value.toLocaleString('en') : String(value),
  })
  bar.start(total, 0)
  return { show: (done) => bar.update(done), end: () => bar.stop() }
}
