/** A move to a real server: whole or not at all, and no write is acknowledged where nobody looks any more. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import Database from 'better-sqlite3'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { db } from '../lib/db.ts'
import { env } from '../lib/env.ts'
import { like, removeLike } from '../lib/likes.ts'
import { importAddresses } from '../lib/mailing-list-import.ts'
import { endSessionOf, forget, logOut, touchSession } from '../lib/session-store.ts'
import { ATTEMPT, DAY, later, member, NOW, thingsOf, visitor } from '../lib/testing/people.ts'
import { startPostgres } from '../lib/testing/postgres.mjs'
import { Unavailable } from '../lib/unavailable.ts'
import { migrate, prepare } from '../prepare.mjs'
import { run } from './migrate-to.ts'
import { openFile, unseal } from './sqlite.ts'

const file = env().databaseUrl.replace('file:', '')
let server: Awaited<ReturnType<typeof startPostgres>>
let admin: pg.Client
beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  server = await startPostgres()
  await migrate(at('migrated'), () => {})
  admin = new pg.Client(at('postgres'))
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await server.stop()
})
beforeEach(() => {
  const source = openFile(file)
  unseal(source)
  for (const table of ['Like', 'Session', 'User', 'Subscriber']) source.exec(`DELETE FROM "${table}"`)
  source.close()
})

function at(name: string) {
  return Object.assign(new URL(server.url), { pathname: name }).href
}

/** A migrated, empty database of its own, with a client to look into it. */
async function target(): Promise<{ url: string; client: pg.Client }> {
  const name = `target_${Math.random().toString(36).slice(2)}`
  await admin.query(`CREATE DATABASE "${name}" TEMPLATE migrated`)
  const client = new pg.Client(at(name))
  client.on('error', () => {})
  await client.connect()
  return { url: at(name), client }
}

async function countLikes(client: pg.Client) {
  const { rows } = await client.query('SELECT count(*)::int AS n FROM "Like"')
  return rows[0].n
}

/** Makes whoever inserts a like there wait until the returned function is called. */
async function holdLikes(client: pg.Client) {
  await client.query(`SELECT pg_advisory_lock(1);
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END';
    CREATE TRIGGER hold BEFORE INSERT ON "Like" FOR EACH ROW EXECUTE FUNCTION hold()`)
  return () => client.query('SELECT pg_advisory_unlock(1)')
}

async function untilHeld(client: pg.Client) {
  for (;;) {
    const { rows } = await client.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`)
    if (rows.length > 0) return
  }
}

const ODD = [
  "🌧 “rain” \\ and 'sun'",
  'two\nlines\tand \\u0000 \u2028 \u200d',
  '{"a":[null]}',
  'null',
  'é e\u0301 ￿',
  '\\N',
]

test('everything arrives as it was, however odd, and the server’s tables are what the migrations make', async () => {
  const ada = await member(...ODD)
  const guest = await visitor('tea')
  const long = JSON.stringify({ notice: 'x'.repeat(100_000) })
  const old = new Date('1899-12-31T23:59:59.007Z')
  const data = { data: long, keep: false, createdAt: old, adminSince: later(0.001 * DAY) }
  await db().session.update({ where: { id: guest.viewer.session.id }, data })
  const { url, client } = await target()
  const { data: told } = await run({ url })
  expect(told).toMatchObject({ wasThere: false, rows: { User: 1, Session: 2, Like: 7 } })
  const { rows } = await client.query('SELECT * FROM "Like" WHERE "userId" = $1 ORDER BY "createdAt"', [
    ada.viewer.userId,
  ])
  expect(rows.map(({ thing }) => thing)).toEqual(ODD)
  expect(rows.at(-1)).toMatchObject({ sessionId: null, claimId: null })
  const moment = `"createdAt"::text AS made, "adminSince"::text AS admin, keep, data, "userId"`
  const session = await client.query(`SELECT ${moment} FROM "Session" WHERE id = $1`, [guest.viewer.session.id])
  expect(session.rows).toEqual([
    { made: '1899-12-31 23:59:59.007', admin: '2026-05-04 12:01:26.4', keep: false, data: long, userId: null },
  ])
  const fresh = new pg.Client(at('migrated'))
  await fresh.connect()
  expect(await shapeOf(client)).toEqual(await shapeOf(fresh))
  await Promise.all([client.end(), fresh.end()])
})

async function shapeOf(client: pg.Client) {
  const { rows: indexes } = await client.query('SELECT indexdef FROM pg_indexes WHERE schemaname = $1 ORDER BY 1', [
    'public',
  ])
  const { rows: constraints } = await client.query(
    `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
  )
  expect(indexes.length).toBeGreaterThan(20)
  return { indexes, constraints }
}

test('while it is copied the site says busy, and afterwards that it moves: nothing is acknowledged and lost', async () => {
  const { viewer, token } = await visitor('tea')
  const ada = await member('rain')
  const { url, client } = await target()
  const release = await holdLikes(client)
  const moving = run({ url })
  await untilHeld(client)
  await expect(like(viewer, 'sun', NOW)).rejects.toThrow(/very busy.*nothing was changed/)
  expect(await thingsOf(viewer)).toEqual(['tea'])
  await release()
  expect((await moving).text).toMatch(/is sealed/)
  const said: string[] = []
  await prepare({ build: false, say: (line) => said.push(line) })
  expect(said).toEqual([expect.stringMatching(/has moved to a server/)])
  const { id } = await db().like.findFirstOrThrow({ where: { sessionId: viewer.session.id } })
  for (const write of [
    () => like(viewer, 'sun', NOW),
    () => removeLike(viewer, id, NOW),
    () => visitor(),
    () => touchSession(viewer.session, later(DAY)),
    () => forget(viewer, ATTEMPT),
    () => endSessionOf(token),
    () => logOut(ada.viewer, ATTEMPT),
    () => importAddresses(['ada@example.org'], NOW),
  ]) {
    const refused = write()
    await expect(refused).rejects.toThrow(Unavailable)
    await expect(refused).rejects.toThrow(/moving to another server, and nothing was changed/)
  }
  expect(await thingsOf(viewer)).toEqual(['tea'])
  expect(await db().session.count()).toBe(2)
  await client.end()
})

test('a second run finds everything there, and says so; with the server used since, it refuses', async () => {
  await member('tea')
  const { url, client } = await target()
  await run({ url })
  const again = await run({ url })
  expect(again.data).toMatchObject({ wasThere: true, rows: { Like: 1 } })
  await client.query(`UPDATE "User" SET "passwordHash" = 'changed'`)
  await expect(run({ url })).rejects.toThrow(/has moved to a server before, and the server has changed since/)
  const other = await target()
  await expect(run({ url: other.url })).rejects.toThrow(/has moved to a server before, .* That server is empty/)
  expect(await countLikes(other.client)).toBe(0)
  await Promise.all([client.end(), other.client.end()])
})

test('a run that was stopped between the two commits is finished by the next, unless somebody has written since', async () => {
  const { viewer } = await visitor('tea')
  const { url, client } = await target()
  await run({ url })
  const source = openFile(file)
  unseal(source)
  expect((await run({ url })).data).toMatchObject({ wasThere: true })
  await expect(like(viewer, 'rain', NOW)).rejects.toThrow(Unavailable)
  unseal(source)
  source.close()
  await like(viewer, 'rain', NOW)
  await expect(run({ url })).rejects.toThrow(/is not empty, so nothing was copied/)
  expect(await like(viewer, 'sun', NOW)).toBe('liked')
  expect(await countLikes(client)).toBe(1)
  await client.end()
})

test('a file that fails after the server has kept everything says what to do, and the next run finishes it', async () => {
  const { viewer } = await visitor('tea')
  const { url, client } = await target()
  const { exec } = Database.prototype
  const failing = vi.spyOn(Database.prototype, 'exec').mockImplementation(function (this: Database.Database, sql) {
    if (sql === 'COMMIT') throw new Error('database or disk is full')
    return exec.call(this, sql)
  })
  await expect(run({ url })).rejects.toThrow(/^database or disk is full\n.*Run this again/)
  failing.mockRestore()
  expect(await countLikes(client)).toBe(1)
  expect((await run({ url })).data).toMatchObject({ wasThere: true })
  await expect(like(viewer, 'rain', NOW)).rejects.toThrow(Unavailable)
  await client.end()
})

test('what does not arrive as it was sent is not kept, and the site goes on as if nothing had been', async () => {
  const { viewer } = await visitor('tea')
  const { url, client } = await target()
  await client.query(`CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN NEW."thingKey" := NEW."thingKey" || ''!''; RETURN NEW; END';
    CREATE TRIGGER change BEFORE INSERT ON "Like" FOR EACH ROW EXECUTE FUNCTION change()`)
  await expect(run({ url })).rejects.toThrow(/^Like: what arrived is not what was sent/)
  expect(await countLikes(client)).toBe(0)
  expect(await like(viewer, 'rain', NOW)).toBe('liked')
  await client.query('ALTER TABLE "Like" DISABLE TRIGGER change')
  const source = openFile(file)
  source.exec(`UPDATE "Like" SET thing = 'a' || char(0) || 'b' WHERE thing = 'tea'`)
  source.close()
  await expect(run({ url })).rejects.toThrow(/^Like \S{36}: thing has a NUL character in it/)
  await client.end()
})

test('killed in the middle, it leaves the server empty and the file as it was', async () => {
  const { viewer } = await visitor('tea')
  const { url, client } = await target()
  const release = await holdLikes(client)
  const child = spawn(process.execPath, ['cli/likes.mjs', 'migrate-to', url], { stdio: 'ignore' })
  await untilHeld(client)
  child.kill('SIGKILL')
  await once(child, 'close')
  await release()
  expect(await like(viewer, 'rain', NOW)).toBe('liked')
  // Waits until the server has noticed.
  await client.query('BEGIN; LOCK TABLE "Like"; COMMIT')
  expect(await countLikes(client)).toBe(0)
  await client.query('DROP TRIGGER hold ON "Like"')
  expect((await run({ url })).data).toMatchObject({ wasThere: false, rows: { Like: 2 } })
  await client.end()
})

test('an address that is none, or cannot be reached, is an error without its password', async () => {
  for (const [url, why] of [
    ['file:./other.db', /URL must be postgresql/],
    ['postgresql://ada:s%2Fcret@localhost:1/likes', /cannot be used: .*ECONNREFUSED/],
    ['postgresql://ada:s/cret@localhost:1/likes', /./],
    [Object.assign(new URL(server.url), { password: 's%2Fcret' }).href, /password authentication failed/],
  ] as const) {
    const refusal = await run({ url }).catch((error) => error.message)
    expect(refusal).toMatch(why)
    expect(refusal).not.toMatch(/s(%2F|\/)?cret/)
  }
})
