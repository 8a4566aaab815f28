/** What the owner brings along is on the list once, and nothing that was there changes. */
import { beforeEach, expect, test } from 'vitest'
import { db } from './db.ts'
import { importAddresses } from './mailing-list-import.ts'
import { DAY, later, NOW } from './testing/people.ts'

beforeEach(async () => {
  await db().subscriber.deleteMany()
})

function people(count: number) {
  return Array.from({ length: count }, (_, i) => `person-${i}@example.org`)
}

test('an imported address is confirmed at once, in rows that Prisma finds by their time', async () => {
  expect(await importAddresses(['ada@example.org', 'grace@example.org'], NOW)).toBe(2)
  const rows = await db().subscriber.findMany({
    where: { createdAt: NOW, confirmedAt: { gte: NOW, lte: NOW } },
    orderBy: { address: 'asc' },
  })
  expect(rows).toEqual([
    { id: expect.stringMatching(/^[\da-f-]{36}$/), address: 'ada@example.org', createdAt: NOW, confirmedAt: NOW },
    { id: expect.stringMatching(/^[\da-f-]{36}$/), address: 'grace@example.org', createdAt: NOW, confirmedAt: NOW },
  ])
})

test('no addresses are no change', async () => {
  expect(await importAddresses([], NOW)).toBe(0)
})

test('doubles count once, in one batch and across batches', async () => {
  const once = people(700)
  expect(await importAddresses([...once, ...once, 'person-0@example.org'], NOW)).toBe(700)
  expect(await db().subscriber.count()).toBe(700)
})

test('what is there stays untouched, and an address that somebody had only typed is confirmed', async () => {
  const confirmed = { address: 'ada@example.org', createdAt: later(-DAY), confirmedAt: later(-DAY) }
  const pending = { address: 'grace@example.org', createdAt: later(-DAY), confirmedAt: null }
  await db().subscriber.createMany({ data: [confirmed, pending] })
  const before = await db().subscriber.findMany({ orderBy: { address: 'asc' } })
  expect(await importAddresses(['grace@example.org', 'ada@example.org', 'new@example.org'], NOW)).toBe(2)
  const [ada, grace] = before
  const after = await db().subscriber.findMany({ orderBy: { address: 'asc' }, take: 2 })
  expect(after).toEqual([ada, { ...grace, confirmedAt: NOW }])
})

test('15.4.3 two at once, in opposite order, make no doubles and count each address once', async () => {
  const all = people(2000)
  const added = await Promise.all([importAddresses(all, NOW), importAddresses([...all].reverse(), NOW)])
  expect(added[0] + added[1]).toBe(2000)
  expect(await db().subscriber.count()).toBe(2000)
})

test('a batch is whole or not at all, and those before it stay', async () => {
  const all: (string | null)[] = people(1200)
  all[700] = null
  const told: number[] = []
  await expect(importAddresses(all as string[], NOW, (done) => told.push(done))).rejects.toThrow(/null/i)
  expect(told).toEqual([500])
  expect(await db().subscriber.count()).toBe(500)
  all[700] = 'person-700@example.org'
  expect(await importAddresses(all as string[], NOW, (done) => told.push(done))).toBe(700)
  expect(told).toEqual([500, 500, 1000, 1200])
})
