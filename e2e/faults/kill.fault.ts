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
  for (let round = 0; round < rounds; round++) {
    const isFromInside = round % 2 === 1
    const site = await open({ DATABASE_URL: databaseUrl, ...(isFromInside && dieAt(1 + Math.random() * 150)) })
    url = site.url
    const enough = journal.acknowledged + 5 + Math.random() * 40
    let isAlive = true
    await everybody(people, () => {
      if (isAlive && !isFromInside && journal.acknowledged >= enough) isAlive = !process.kill(site.pid, 'SIGKILL')
      return isAlive
    })
    expect(await site.stop('SIGKILL')).toBeNull()
    const database = new Database(databaseUrl)
    await audit(journal, people, database)
    await database.close()
  }
  const merges = people.filter((person) => person.hasAccount === 'yes').length
  report(`kill -9, ${rounds} times (${databaseUrl.split(':')[0]})`, journal, began, `${merges} accounts`)
}

function dieAt(statement: number) {
  return { NODE_OPTIONS: `--import=${import.meta.dirname}/die-at.mjs`, DRILL_DIE_AT: String(Math.floor(statement)) }
}
