import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../lib/testing/postgres.mjs'
import { audit } from './audit'
import { Journal } from './journal'
import { Person } from './person'
import { anyOf, everybody, newFile, open, report } from './sites'

const OPERATIONS = 5_000
const PEOPLE = 20

test('two instances on one PostgreSQL: of 5,000 operations none is lost, doubled or seen too late', async () => {
  const postgres = await startPostgres()
  onTestFinished(postgres.stop)
  await useBoth(postgres.url)
})

test('two instances on one SQLite file: the same', async () => {
  await useBoth(newFile())
})

/** Everybody has two browsers, and each request goes to one instance or the other. */
async function useBoth(databaseUrl: string) {
  // One after the other, since the first makes the database.
  const sites = [await open({ DATABASE_URL: databaseUrl }), await open({ DATABASE_URL: databaseUrl })]
  const began = performance.now()
  const journal = new Journal()
  const people = Array.from({ length: PEOPLE }, () => new Person(journal, anyOf(sites), 2))
  const [, third] = await Promise.all([
    everybody(people, () => journal.intended < OPERATIONS),
    // Its clean-up runs while they are at it; nobody asks it for anything.
    open({ DATABASE_URL: databaseUrl }),
  ])
  await audit(journal, people, third.database)
  expect(journal.unanswered).toBe(0)
  for (const site of [...sites, third]) expect(await site.stop()).toBe(0)
  const rate = Math.round(OPERATIONS / ((performance.now() - began) / 1000))
  report(`two instances on one ${databaseUrl.split(':')[0]}`, journal, began, `${rate} operations a second`)
}
