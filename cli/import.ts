/** `import FILE`: puts addresses from elsewhere on the mailing list. */
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { parseAddress } from '../lib/email-address.ts'
import { importAddresses } from '../lib/mailing-list-import.ts'
import { progress, type Result, visible } from './output.ts'

const HEADERS = ['email', 'e-mail', 'address', 'email address']
const SHOWN_AT_MOST = 100

type Row = { line: number; cells: string[] }

/**
 * The file is read to its end before anything is written, so one that cannot be read changes nothing. The exit code is 1
 * when any line was refused.
 * @throws Error saying why the file cannot be read, or how far the import came.
 */
export async function run({ file }: { file: string }, folder: string): Promise<Result> {
  const { addresses, refused } = await read(file, folder)
  const added = await write(addresses)
  const there = addresses.length - added
  const counts = [added, there, refused].map((count) => count.toLocaleString('en'))
  return {
    data: { added, alreadyThere: there, refused },
    text: `Added: ${counts[0]}. Already there: ${counts[1]}. Refused: ${counts[2]}.`,
    code: refused > 0 ? 1 : 0,
  }
}

async function read(file: string, folder: string) {
  const addresses: string[] = []
  let refused = 0
  let column: number | undefined
  const input = file === '-' ? process.stdin : createReadStream(resolve(folder, file))
  for await (const { line, cells } of rowsOf(input, file)) {
    if (column === undefined) {
      const named = cells.findIndex((cell) => HEADERS.includes(cell.trim().toLowerCase()))
      column = Math.max(named, 0)
      if (named >= 0) continue
    }
    const cell = cells[column] ?? ''
    const parsed = parseAddress(withoutGuard(cell))
    if (parsed.ok) {
      addresses.push(parsed.address)
    } else {
      refused++
      console.error(`Line ${line}: "${short(cell)}": ${parsed.reason}`)
    }
  }
  return { addresses, refused }
}

/** The rows in which anything stands, each with the number of its first line. */
async function* rowsOf(input: Readable, name: string): AsyncGenerator<Row> {
  let line = 1
  // The parser's own count takes a CRLF between quotes for two lines.
  const numbered = ({ record, raw }: { record: string[]; raw: string }): Row => {
    const row = { line: line + breaksIn(/^[\r\n]*/.exec(raw)?.[0] ?? ''), cells: record }
    line += breaksIn(raw)
    return row
  }
  const parser = parse({
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    raw: true,
    // Called as the parser goes, ahead of the loop below, so that an error knows its line. Its type leaves `raw` out.
    on_record: numbered as never,
  })
  pipeline(input, parser, () => {})
  try {
    for await (const row of parser as AsyncIterable<Row>) {
      if (row.cells.some((cell) => cell.trim() !== '')) yield row
    }
  } catch (error) {
    const isOpen = error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED'
    const why = isOpen ? `a quote that begins in line ${line} does not end` : (error as Error).message
    throw new Error(`${name} cannot be read, and nothing was imported: ${why}`, { cause: error })
  }
}

function breaksIn(text: string) {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0
}

/** What a spreadsheet would take for a formula has an apostrophe in front in our own export. */
function withoutGuard(cell: string) {
  return cell.replace(/^'(?=[=+\-@\t])/, '')
}

/** Short, so that a line of a megabyte does not fill the screen. */
function short(text: string) {
  const letters = [...text]
  return visible(letters.slice(0, SHOWN_AT_MOST).join('') + (letters.length > SHOWN_AT_MOST ? '…' : ''))
}

async function write(addresses: string[]) {
  const shown = progress('Adding addresses', addresses.length)
  let done = 0
  try {
    return await importAddresses(addresses, new Date(), (count) => {
      done = count
      shown.show(done)
    })
  } catch (error) {
    // Not what the site tells its visitors, but why: the last line of what the database said.
    const why = (((error as Error).cause ?? error) as Error).message.trim().split('\n').at(-1)
    throw new Error(`Stopped after ${done} of ${addresses.length} addresses. Run it again for the rest.\n${why}`, {
      cause: error,
    })
  } finally {
    shown.end()
  }
}
