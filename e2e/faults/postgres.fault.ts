import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../lib/testing/postgres.mjs'
import { audit } from './audit'
import { Journal } from './journal'
import { Person } from './person'
import { everybody, open, report, until } from './sites'

test('PostgreSQL is restarted, and its connections are cut: 503 in words meanwhile, then all is well without a restart of the site', async () => {
  const postgres = await startPostgres()
  onTestFinished(postgres.stop)
  const began = performance.now()
  const journal = new Journal()
  const site = await open({ DATABASE_URL: postgres.url })
  const people = Array.from({ length: 8 }, () => new Person(journal, () => site.url))
  const isWell = async () => (await fetch(`${site.url}/health`)).ok
  const goOn = async (writes: number) => {
    const enough = journal.acknowledged + writes
    await until(async () => {
      await everybody(people, () => journal.acknowledged < enough)
      // Whom a write left unsure rests until they know; the others may all be such by now.
      await audit(journal, people, site.database)
      return journal.acknowledged >= enough
    })
  }
  await goOn(100)

  for (let cut = 0; cut < 10; cut++) {
    let isCut = false
    const enough = journal.acknowledged + 20
    const writers = everybody(people, () => !isCut || journal.acknowledged < enough)
    await cutConnections(postgres.url)
    isCut = true
    await writers
    await until(isWell)
    await audit(journal, people, site.database)
  }

  const writers = everybody(people, () => true)
  await postgres.restart(async () => {
    await writers
    const [person] = people
    const page = await person?.devices[0]?.browser.get('/')
    expect(page?.status === 503 || person?.devices[0]?.browser.cookie === '').toBe(true)
    expect((await fetch(`${site.url}/health`)).status).toBe(503)
  })
  await until(isWell)
  await audit(journal, people, site.database)
  await goOn(100)
  expect(await site.stop()).toBe(0)
  report('PostgreSQL cut 10 times, restarted', journal, began)
})

/** Of everybody but whoever asks. */
async function cutConnections(url: string) {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()',
  )
  await client.end()
}
