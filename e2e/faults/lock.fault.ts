import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { audit } from './audit'
import { Journal } from './journal'
import { Person } from './person'
import { everybody, newFile, open, report } from './sites'

const LOCKED_MS = 6_000

test('another process holds the write lock of SQLite for 6 seconds: pages answer, and writes are late or refused in words', async () => {
  const began = performance.now()
  const journal = new Journal()
  const site = await open({ DATABASE_URL: newFile() })
  const people = Array.from({ length: 6 }, () => new Person(journal, () => site.url))
  await everybody(people, () => journal.acknowledged < 60)
  await audit(journal, people, site.database)

  const reader = new Person(journal, () => site.url)
  const [device] = reader.devices
  if (!device) throw new Error('nobody reads')
  await reader.like(device)
  const release = await site.database.lock()
  let isLocked = true
  const writers = everybody(people, () => isLocked)
  let slowest = 0
  const reading = (async () => {
    while (isLocked) {
      const asked = performance.now()
      expect((await device.browser.get('/')).status).toBe(200)
      slowest = Math.max(slowest, performance.now() - asked)
    }
  })()
  // Not to wait for anything: the time is the fault.
  await sleep(LOCKED_MS)
  isLocked = false
  await release()
  await Promise.all([writers, reading])
  expect(slowest).toBeLessThan(1000)

  const refused = journal.refused
  const everyone = [...people, reader]
  await audit(journal, everyone, site.database)
  const acknowledged = journal.acknowledged
  await everybody(people, () => journal.acknowledged < acknowledged + 60)
  await audit(journal, everyone, site.database)
  report('SQLite locked for 6 s', journal, began, `slowest page ${Math.round(slowest)} ms, ${refused} refused by then`)
})
