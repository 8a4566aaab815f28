/** What a client found, less what is excepted by name, and its line in the table at the end. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

/** What is not mended when it is found, and why. */
export type Exception = { is: RegExp; because: string }

/** Of many, the first tell what it is. */
const SHOWN = 60

export const FOLDER = process.env.E2E_FOLDER ?? ''

export class Findings {
  readonly #client: string
  readonly #exceptions: Exception[]
  readonly #began = performance.now()
  readonly #found: string[] = []
  readonly #used = new Set<Exception>()

  constructor(client: string, exceptions: Exception[] = []) {
    this.#client = client
    this.#exceptions = exceptions
  }

  /** @param finding What, and where, in one line. */
  add(finding: string) {
    const exception = this.#exceptions.find(({ is }) => is.test(finding))
    if (exception) this.#used.add(exception)
    else {
      this.#found.push(finding)
      if (this.#found.length <= SHOWN) console.log(`${this.#client}: ${finding}`)
    }
  }

  /** Writes the line, and fails when anything was found, or an exception is for nothing any more. */
  report(looked: string) {
    const stale = this.#exceptions.filter((exception) => !this.#used.has(exception))
    const seconds = Math.round((performance.now() - this.#began) / 1000)
    const counts = { findings: this.#found.length, exceptions: this.#used.size, seconds }
    write({ client: this.#client, looked, ...counts })
    expect(this.#found.length, 'findings').toBe(0)
    expect(stale.map(({ is }) => `${is} is found nowhere`)).toEqual([])
  }
}

/** Says by name what did not run, and how it would. */
export function reportSkipped(client: string) {
  console.log(`Skipped: ${client} is not installed. On Debian: apt-get install ${client}`)
  write({ client, looked: 'skipped: not installed' })
}

function write(line: object) {
  appendFileSync(join(FOLDER, 'results.jsonl'), `${JSON.stringify(line)}\n`)
}
