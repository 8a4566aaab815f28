/** What is true of the SQLite file only. */
import { existsSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { cleanUp } from './cleanup.ts'
import { closeDatabase, db } from './db.ts'
import { env } from './env.ts'
import { like } from './likes.ts'
import { importAddresses } from './mailing-list-import.ts'
import { forget } from './session-store.ts'
import { ATTEMPT, NOW, thingsOf, visitor } from './testing/people.ts'
import { Unavailable } from './unavailable.ts'

function otherProcess() {
  return new Database(env().databaseUrl.replace('file:', ''))
}

test('15.4.3 a write waits for another process’s lock, while reads are answered', async () => {
  const { viewer } = await visitor('tea')
  const other = otherProcess()
  other.exec('BEGIN IMMEDIATE')
  const write = like(viewer, 'rain', NOW)
  expect(await thingsOf(viewer)).toEqual(['tea'])
  other.exec('COMMIT')
  other.close()
  expect(await write).toBe('liked')
})

test('a raw statement waits for another process’s lock as well', async () => {
  const other = otherProcess()
  other.exec('BEGIN IMMEDIATE')
  const write = importAddresses(['ada@example.org'], NOW)
  // Answered after the first try was refused, since a refused try holds this process up.
  await db().subscriber.count()
  other.exec('COMMIT')
  expect(await write).toBe(1)
  other.exec('BEGIN IMMEDIATE')
  await expect(importAddresses(['grace@example.org'], NOW)).rejects.toThrow(Unavailable)
  other.exec('ROLLBACK')
  other.close()
})

test('13.2.6 15.4.3 a database that stays locked is answered "busy", and nothing is changed', async () => {
  const { viewer } = await visitor('tea')
  const other = otherProcess()
  other.exec('BEGIN IMMEDIATE')
  await expect(like(viewer, 'rain', NOW)).rejects.toThrow(Unavailable)
  await expect(forget(viewer, ATTEMPT)).rejects.toThrow(/nothing was changed/)
  other.exec('ROLLBACK')
  other.close()
  expect(await thingsOf(viewer)).toEqual(['tea'])
})

test('on a full disk a like is refused, what is there can be read, and it recovers by itself', async () => {
  const { viewer } = await visitor('tea')
  const [pages] = await db().$queryRawUnsafe<{ page_count: number }[]>('PRAGMA page_count')
  await db().$queryRawUnsafe(`PRAGMA max_page_count = ${pages?.page_count}`)
  let things = 0
  const fill = async () => {
    while (things < 1000) await like(viewer, `${things++} ${'x'.repeat(190)}`, NOW)
  }
  await expect(fill()).rejects.toThrow(Unavailable)
  await expect(fill()).rejects.toThrow(/cannot save/)
  expect(await thingsOf(viewer)).toContain('tea')
  await db().$queryRawUnsafe('PRAGMA max_page_count = 1000000')
  expect(await like(viewer, 'one more', NOW)).toBe('liked')
})

test('14.2.4 the file is in WAL mode, synced at every commit, with foreign keys on', async () => {
  await closeDatabase()
  expect(await db().$queryRawUnsafe('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
  expect(await db().$queryRawUnsafe('PRAGMA synchronous')).toEqual([{ synchronous: 2n }])
  expect(await db().$queryRawUnsafe('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1n }])
})

test('14.2.4 what is forgotten is no longer in the file, nor in its log after the clean-up', async () => {
  const { viewer } = await visitor('a thing to be forgotten')
  const path = env().databaseUrl.replace('file:', '')
  const isInFiles = () =>
    [path, `${path}-wal`].some((file) => existsSync(file) && readFileSync(file).includes('a thing to be forgotten'))
  await cleanUp(NOW)
  expect(isInFiles()).toBe(true)
  await forget(viewer, ATTEMPT)
  await cleanUp(NOW)
  expect(isInFiles()).toBe(false)
})
