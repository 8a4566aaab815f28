/** What every fault needs: sites that are stopped in any case, people who act at once, and a line in the table. */
import { appendFileSync, mkdtempSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type Site, startSite } from '../site'
import { APP_URL } from './browser'
import type { Journal, Outcome } from './journal'
import type { Person } from './person'

export const FOLDER = process.env.E2E_FOLDER ?? ''
const running = new Set<Site>()
const complaints = openSync(join(FOLDER, 'stderr.log'), 'a')

afterAll(async () => {
  await Promise.all([...running].map((site) => site.stop('SIGKILL')))
})

/** A SQLite file that is not there yet. */
export function newFile(): string {
  return `file:${join(mkdtempSync(join(FOLDER, 'site-')), 'likes.db')}`
}

/** Starts an instance, which is stopped at the end of the file if it was not before. */
export async function open(settings: Record<string, string>): Promise<Site> {
  const site = await startSite({ APP_URL, LOG_LEVEL: 'silent', ...settings }, 'pipe', complaints)
  running.add(site)
  return {
    ...site,
    stop(signal) {
      running.delete(site)
      return site.stop(signal)
    },
  }
}

/** The settings of an instance whose clock is off by so many milliseconds. */
export function withClock(offset: number) {
  return { NODE_OPTIONS: `--import=${import.meta.dirname}/clock.mjs`, DRILL_CLOCK: String(offset) }
}

/** One of the sites, another one each time: there is no stickiness. */
export function anyOf(sites: { url: string }[]): () => string {
  return () => sites[Math.floor(Math.random() * sites.length)]?.url ?? ''
}

/** Each acts until `goOn` says no, or until nobody answers. */
export async function everybody(people: Person[], goOn: () => boolean): Promise<void> {
  await Promise.all(
    people.map(async (person) => {
      let outcome: Outcome = 'done'
      while (goOn() && outcome !== 'unsure') outcome = await person.act()
    }),
  )
}

/** Asks until it is so. */
export async function until<T>(ask: () => T | Promise<T>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    await new Promise(setImmediate)
  }
}

/** A line in the table at the end. */
export function report(fault: string, journal: Journal, began: number, remark = '') {
  const { intended, acknowledged, refused, unanswered, found, lost } = journal
  const seconds = Math.round((performance.now() - began) / 1000)
  const line = { fault, seconds, intended, acknowledged, refused, unanswered, found, lost, remark }
  appendFileSync(join(FOLDER, 'results.jsonl'), `${JSON.stringify(line)}\n`)
  for (const [words, times] of journal.words) console.log(`${times} × ${words}`)
}
