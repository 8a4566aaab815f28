/** What `check` finds in a database that somebody has damaged on purpose. On both databases. */
import Database from 'better-sqlite3'
import pg from 'pg'
import { expect, test } from 'vitest'
import { db } from '../lib/db.ts'
import { env } from '../lib/env.ts'
import { member, visitor } from '../lib/testing/people.ts'
import { run } from './check.ts'
import { run as reset } from './reset.ts'

const url = env().databaseUrl
const isFile = url.startsWith('file:')

/** Past everything that would refuse it. */
async function damage(sql: string) {
  if (isFile) {
    const file = new Database(url.slice('file:'.length))
    file.exec(`PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; ${sql}`)
    file.close()
    return
  }
  const client = new pg.Client(Object.assign(new URL(url), { username: 'postgres', password: 'postgres' }).href)
  await client.connect()
  await client.query(`SET session_replication_role = replica; ${sql}`)
  await client.end()
}

async function wrong() {
  const { text, code } = await run()
  expect(code).toBe(text.includes('\nEverything is in order.') ? 0 : 1)
  return text.split('\n').filter((line) => line.startsWith('wrong'))
}

test('a sound database is in order', async () => {
  await member('tea')
  await visitor('tea')
  expect(await wrong()).toEqual([])
})

test('a link made by the operator is in order', async () => {
  const { username } = await member()
  await reset({ user: username }, '')
  expect(await wrong()).toEqual([])
})

test('likes with no owner, with two, of nobody, and twice, are each named, five of them', async () => {
  const [ada, guest] = [await member('coffee', 'rain', 'sun'), await visitor('a', 'b', 'c', 'd', 'e', 'f', 'g')]
  if (!isFile) await damage('ALTER TABLE "Like" DROP CONSTRAINT "Like_one_owner"')
  await damage('DROP INDEX "Like_userId_thingKey_key"')
  await damage(`UPDATE "Like" SET "userId" = NULL WHERE thing = 'coffee'`)
  await damage(`UPDATE "Like" SET "userId" = '${ada.viewer.userId}' WHERE thing = 'a'`)
  await damage(`UPDATE "Like" SET "thingKey" = 'sun' WHERE thing = 'rain'`)
  await damage(`UPDATE "Like" SET "sessionId" = 'nobody' WHERE thing IN ('b', 'c', 'd', 'e', 'f', 'g')`)
  const found = await wrong()
  const id = '[0-9a-f-]{36}'
  for (const line of [
    new RegExp(`^wrong  Each like has exactly one owner: 2, ${id}, ${id}$`),
    new RegExp(`^wrong  No like is there twice, by userId: 1, ${id}$`),
    new RegExp(`^wrong  The Session of each Like is there: 6(, ${id}){5} …$`),
  ]) {
    expect(found).toContainEqual(expect.stringMatching(line))
  }
  expect(found.some((line) => line.includes('no Like_one_owner'))).toBe(!isFile)
  expect(await db().session.count({ where: { id: guest.viewer.session.id } })).toBe(1)
})

test('a word that nobody knows, a migration that is missing and a table that is gone are found', async () => {
  await damage(`INSERT INTO "Mail" (id, kind, recipient, state, "createdAt", "dueAt", "userId")
    VALUES ('m', 'letter', 'x', 'lost', '2026-05-04T12:00:00.000+00:00', '2026-05-04T12:00:00.000+00:00', 'nobody')`)
  await damage("DELETE FROM _prisma_migrations WHERE migration_name LIKE '%mailing%'")
  await damage('DROP TABLE "Throttle"; DROP TABLE "SecurityEvent"')
  const found = await wrong()
  for (const line of [
    'wrong  Mail.state is a word that is known: 1, m',
    'wrong  Mail.kind is a word that is known: 1, m',
    'wrong  The User of each Mail is there: 1, m',
    'wrong  All migrations are there, and no others: 1, 20261122120000_mailing_list_and_admin',
  ]) {
    expect(found).toContain(line)
  }
  expect(found).toContainEqual(
    expect.stringMatching(/^wrong {2}The User of each SecurityEvent is there: 1, .*SecurityEvent/),
  )
})
