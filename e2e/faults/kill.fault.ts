import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../lib/testing/postgres.mjs'
import { Database } from '../database'
import { audit } from './audit'
import { Journal } from './journal'
import { Person } from './person'
import { everybody, newFile, open, report } from './sites'

const WRITERS = 8

test('kill -9 during writes, 50 times, on SQLite: every acknowledged like is there, and every merge is whole', async () => {
  // Two sites at once: most of the time a starting server keeps one core busy.
  await Promise.all([killAgainAndAgain(newFile(), 25), killAgainAndAgain(newFile(), 25)])
})

test('kill -9 during writes, 12 times, on PostgreSQL: the same', async () => {
  const postgres = await startPostgres()
  onTestFinished(postgres.stop)
  const other = Object.assign(new URL(postgres.url), { pathname: 'other' }).href
  await Promise.all([killAgainAndAgain(postgres.url, 6), killAgainAndAgain(other, 6)])
})

async function killAgainAndAgain(databaseUrl: string, rounds: number) {
  const began = performance.now()
  const journal = new Journal()
  let url = ''
  const people = Array.from({ length: WRITERS }, () => new Person(journal, () => url))
  const mergers: Person[] = []
  for (let round = 0; round < rounds; round++) {
    const isFromInside = round % 2 === 1
    const site = await open({ DATABASE_URL: databaseUrl, ...(isFromInside && dieAt(1 + Math.random() * 150)) })
    url = site.url
    const enough = journal.acknowledged + 3 + Math.random() * 15
    // Somebody new: tries that were killed count, and an account that was often tried must wait.
    const merger = new Person(journal, () => url)
    mergers.push(merger)
    // Every fourth round dies right after a merge was acknowledged, if it was not before.
    const isDue = () => journal.acknowledged >= enough && (round % 4 !== 0 || merger.merges > 0)
    let isAlive = true
    const goOn = () => {
      if (isAlive && !isFromInside && isDue()) isAlive = !process.kill(site.pid, 'SIGKILL')
      return isAlive
    }
    await Promise.all([mergeAgainAndAgain(merger, goOn), everybody(people, goOn)])
    expect(await site.stop('SIGKILL')).toBeNull()
    const database = new Database(databaseUrl)
    await audit(journal, [...people, ...mergers], database)
    await database.close()
  }
  const merges = mergers.reduce((sum, merger) => sum + merger.merges, 0)
  report(`kill -9, ${rounds} times (${databaseUrl.split(':')[0]})`, journal, began, `${merges} merges acknowledged`)
}

/** Begins a list, takes it into the account, logs out, and so on: most are killed between two of these, or within one. */
async function mergeAgainAndAgain(person: Person, goOn: () => boolean) {
  const [device] = person.devices
  for (let outcome = 'done'; device && goOn() && outcome !== 'unsure'; ) {
    if (device.kind === 'member') outcome = await person.logOut(device)
    else outcome = device.list.size < 3 ? await person.like(device) : await person.enter(device)
  }
}

function dieAt(statement: number) {
  return { NODE_OPTIONS: `--import=${import.meta.dirname}/die-at.mjs`, DRILL_DIE_AT: String(Math.floor(statement)) }
}
