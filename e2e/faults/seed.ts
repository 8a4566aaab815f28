/** A large site, made by SQL in the time that its people would need for one click. */
import { randomBytes } from 'node:crypto'
import SqliteFile from 'better-sqlite3'
import { closeWorkers, hashPassword } from '../../lib/password.ts'
import { hashOf, type Person } from './person'

const MEMBERS = 100_000
const LIKES_EACH = 10

const NUMBERS = `WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)`

/**
 * Fills a migrated file with members and their likes; each of `people` becomes one of them, logged in.
 * @returns how many rows there are.
 */
export async function seed(path: string, people: Person[]): Promise<{ members: number; likes: number }> {
  // No password of anybody: these members never log in.
  const nobodys = '$2b$12$StunFvPktxZTPdR2457T8OnpXCidmDEeQf6gEfvX1uZGobhTf87RS'
  const now = new Date().toISOString().replace('Z', '+00:00')
  const file = new SqliteFile(path)
  file.pragma('synchronous = OFF')
  file
    .prepare(
      `${NUMBERS} INSERT INTO "User" (id, username, "passwordHash", "createdAt")
       SELECT ${idOf('n')}, 'member-' || n, ?, ? FROM number`,
    )
    .run(MEMBERS, nobodys, now)
  file
    .prepare(
      `${NUMBERS} INSERT INTO "Like" (id, thing, "thingKey", "userId", "createdAt")
       SELECT ${idOf('n')}, 'Thing ' || n, 'thing ' || n, ${idOf(`1 + n % ${MEMBERS}`)}, ? FROM number`,
    )
    .run(MEMBERS * LIKES_EACH, now)
  for (const [i, person] of people.entries()) await admit(file, person, `member-${i + 1}`, now)
  await closeWorkers()
  file.close()
  return { members: MEMBERS, likes: MEMBERS * LIKES_EACH }
}

/** Makes a person out of a member: with a password, a session, and things by which they are known. */
async function admit(file: SqliteFile.Database, person: Person, username: string, now: string) {
  const { id } = file.prepare<[string], { id: string }>('SELECT id FROM "User" WHERE username = ?').get(username) ?? {}
  const [device] = person.devices
  if (!id || !device) throw new Error(`${username} is not there`)
  person.credentials.username = username
  const hash = await hashPassword(person.credentials.password)
  file.prepare('UPDATE "User" SET "passwordHash" = ? WHERE id = ?').run(hash, id)
  const things = file.prepare<[string], { id: string }>('SELECT id FROM "Like" WHERE "userId" = ?').all(id)
  for (const [i, like] of things.entries()) {
    const thing = `${person.name} has always liked ${i}`
    file.prepare('UPDATE "Like" SET thing = ?, "thingKey" = ? WHERE id = ?').run(thing, thing, like.id)
    person.list.set(thing, 'there')
  }
  const token = randomBytes(32).toString('base64url')
  const end = new Date(Date.now() + 29 * 24 * 60 * 60_000).toISOString().replace('Z', '+00:00')
  file
    .prepare(
      `INSERT INTO "Session" (id, "tokenHash", "userId", keep, "createdAt", "lastSeenAt", "expiresAt", "sudoAt", data)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?, '{}')`,
    )
    .run(id, hashOf(token), id, now, now, end, now)
  Object.assign(person, { hasAccount: 'yes', userId: id })
  device.kind = 'member'
  device.browser.cookie = token
}

/** Has the form of the ids that the application makes. */
function idOf(number: string) {
  return `printf('01a20000-0000-7000-8000-%012x', ${number})`
}
