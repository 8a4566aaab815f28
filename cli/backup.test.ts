/**
 * A backup comes back whole or not at all, and what ended since it was made stays ended. From and onto PostgreSQL only the
 * first: what is left out is decided in a copy of the file.
 */
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { db } from '../lib/db.ts'
import { env } from '../lib/env.ts'
import { like, removeLike } from '../lib/likes.ts'
import { takeListDown } from '../lib/members.ts'
import { findPublishedList, publicationOf, publishList } from '../lib/published-list.ts'
import { findSession, forget, logOut } from '../lib/session-store.ts'
import { hashOf, newToken } from '../lib/session-token.ts'
import { ATTEMPT, asMember, later, logIn, MINUTE, member, NOW, thingsOf, visitor } from '../lib/testing/people.ts'
import { migrate } from '../prepare.mjs'
import { run as backup } from './backup.ts'
import { connected, postgresSide } from './postgres.ts'
import { run as restore } from './restore.ts'
import { openFile, seal } from './sqlite.ts'

const url = env().databaseUrl
const isFile = url.startsWith('file:')
const folder = mkdtempSync(join(tmpdir(), 'likes-backup-'))
const made: string[] = []
let files = 0
afterAll(() => {
  for (const file of [folder, ...made]) rmSync(file, { recursive: true, force: true })
})
vi.spyOn(console, 'error').mockImplementation(() => {})
const TABLES = ['like', 'session', 'mail', 'securityEvent', 'announcement', 'subscriber', 'throttle', 'user'] as const
beforeEach(empty)

async function empty() {
  for (const name of TABLES) await (db()[name] as typeof db.prototype).deleteMany()
}

function newFile() {
  return `${files++}.db`
}

async function saved() {
  const file = newFile()
  await backup({ file }, folder)
  return file
}

async function restored(file: string) {
  const { data } = (await restore({ file }, folder)) as { data: { before: string; ended: Record<string, number> } }
  made.push(data.before)
  return data
}

/** Everything in the database, as the site reads it. */
async function everything() {
  const rows = TABLES.map((name) => (db()[name] as typeof db.prototype).findMany())
  const all: object[][] = await Promise.all(rows)
  return all.map((of) => of.map((row) => JSON.stringify(row)).sort())
}

test('everything comes back as it was, over whatever was there; and that is saved beside it', async () => {
  const guest = await visitor('🌧', "it's \\ “two”\nlines")
  const data = { data: JSON.stringify({ x: 'y'.repeat(50_000) }), createdAt: new Date('1899-12-31T23:59:59.007Z') }
  await db().session.update({ where: { id: guest.viewer.session.id }, data })
  const then = await everything()
  const file = await saved()
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).filter((name) => name.startsWith(file))).toEqual([file])
  await like(guest.viewer, 'later', NOW)
  const { before, ended } = await restored(file)
  expect(await everything()).toEqual(then)
  expect(ended).toEqual({ memberSessions: 0, visitorSessions: 0, messages: 0, lists: 0, members: 0, addresses: 0 })
  expect(statSync(before).mode & 0o777).toBe(0o600)
  if (isFile) await restored(before)
  expect(await thingsOf(guest.viewer)).toHaveLength(isFile ? 3 : 2)
})

test.skipIf(!isFile)(
  'a session that has ended since stays ended, and one that goes on keeps its token and times',
  async () => {
    const ada = await member('tea')
    const second = await logIn(ada.username)
    const [guest, gone] = [await visitor('rain'), await visitor('sun')]
    const file = await saved()
    await logOut(await asMember(second.token), ATTEMPT)
    await forget(gone.viewer, ATTEMPT)
    // As when the password is given again.
    const renewed = newToken()
    await db().session.update({
      where: { id: ada.viewer.session.id },
      data: { tokenHash: hashOf(renewed), sudoAt: NOW },
    })
    await db().session.update({ where: { id: guest.viewer.session.id }, data: { lastSeenAt: later(MINUTE) } })
    await db().user.update({ where: { id: ada.viewer.userId }, data: { disabledAt: NOW } })
    const { ended } = await restored(file)
    expect(ended).toMatchObject({ memberSessions: 1, visitorSessions: 1 })
    const goesOn = await db().session.findUniqueOrThrow({ where: { tokenHash: hashOf(renewed) } })
    expect(goesOn).toMatchObject({ id: ada.viewer.session.id, userId: ada.viewer.userId, sudoAt: NOW })
    for (const { token } of [ada, second, gone]) expect(await findSession(token, NOW)).toBe(null)
    expect((await findSession(guest.token, NOW))?.session.lastSeenAt).toEqual(later(MINUTE))
    expect(await thingsOf(ada.viewer)).toEqual(['tea'])
    expect(await db().like.count({ where: { thing: 'sun' } })).toBe(0)
    expect(await db().user.count({ where: { disabledAt: NOW } })).toBe(1)
  },
)

test.skipIf(!isFile)('onto a new machine visitors bring their lists, and members log in again', async () => {
  const [ada, guest] = [await member('tea'), await visitor('rain')]
  await db().session.update({ where: { id: guest.viewer.session.id }, data: { adminSince: NOW } })
  const file = await saved()
  await empty()
  // Somebody has looked in before it was restored.
  await visitor('sun')
  const { ended } = await restored(file)
  expect(ended).toMatchObject({ memberSessions: 1, visitorSessions: 0, members: 0 })
  expect(await findSession(ada.token, NOW)).toBe(null)
  const found = await findSession(guest.token, NOW)
  expect(found?.session.adminSince).toBe(null)
  expect(await thingsOf(guest.viewer)).toEqual(['rain'])
  expect(await thingsOf(ada.viewer)).toEqual(['tea'])
})

test.skipIf(!isFile)('no backup publishes a list, nor opens one that was taken down since', async () => {
  const [ada, grace] = [await member('tea'), await member('rain')]
  for (const { viewer } of [ada, grace])
    await publishList(viewer, { title: 'Mine', isIndexable: true, claims: [] }, ATTEMPT)
  const file = await saved()
  const like = await db().like.findFirstOrThrow({ where: { thing: 'tea' } })
  await removeLike(ada.viewer, like.id, NOW)
  await takeListDown(grace.viewer.userId, ATTEMPT)
  const { ended } = await restored(file)
  expect(ended.lists).toBe(2)
  expect(await findPublishedList(ada.username)).toBe(null)
  expect(await publicationOf(ada.viewer)).toMatchObject({ title: '', isPublished: false, isTakenDown: false })
  expect(await publicationOf(grace.viewer)).toMatchObject({ isPublished: false, isTakenDown: true })
})

test.skipIf(!isFile)('no message goes out twice, and no link comes back to life', async () => {
  const rest = { recipient: 'ada@example.org', createdAt: NOW, dueAt: NOW }
  const letter = { subject: 's', text: 't', createdAt: NOW }
  await db().announcement.createMany({
    data: [
      { ...letter, id: 'half', sentAt: NOW, reached: 'a' },
      { ...letter, id: 'still', sentAt: NOW, reached: 'a' },
      { ...letter, id: 'draft' },
    ],
  })
  const mails = {
    sentSince: { state: 'waiting', kind: 'confirmSubscription' },
    goneSince: { state: 'sending', kind: 'resetPassword', tokenHash: 'reset' },
    waiting: { state: 'waiting', kind: 'confirmSubscription' },
    letter: { state: 'sent', kind: 'announcement', tokenHash: 'leave' },
    done: { state: 'sent', kind: 'confirmSubscription', tokenHash: 'confirm' },
    used: { state: 'sent', kind: 'resetPassword', tokenHash: 'used' },
  }
  await db().mail.createMany({ data: Object.entries(mails).map(([id, mail]) => ({ ...rest, ...mail, id })) })
  const file = await saved()
  await db().mail.update({ where: { id: 'sentSince' }, data: { state: 'sent', tokenHash: 'sent' } })
  await db().mail.update({ where: { id: 'used' }, data: { tokenHash: null, recipient: '' } })
  await db().mail.deleteMany({ where: { id: { in: ['goneSince', 'letter', 'done'] } } })
  await db().announcement.update({ where: { id: 'half' }, data: { reached: null } })
  await db().announcement.update({ where: { id: 'draft' }, data: { sentAt: NOW, reached: null } })
  const { ended } = await restored(file)
  expect(ended.messages).toBe(1)
  const now = await db().mail.findMany({ select: { id: true, state: true, tokenHash: true, recipient: true } })
  expect(Object.fromEntries(now.map(({ id, state, tokenHash }) => [id, [state, tokenHash]]))).toEqual({
    sentSince: ['sent', 'sent'],
    goneSince: ['unknown', null],
    waiting: ['waiting', null],
    letter: ['sent', 'leave'],
    done: ['sent', null],
    used: ['sent', null],
  })
  expect(now.find(({ id }) => id === 'used')?.recipient).toBe('')
  const letters = await db().announcement.findMany({
    select: { id: true, sentAt: true, reached: true },
    orderBy: { id: 'asc' },
  })
  expect(letters).toEqual([
    { id: 'draft', sentAt: NOW, reached: null },
    { id: 'half', sentAt: NOW, reached: null },
    { id: 'still', sentAt: NOW, reached: 'a' },
  ])
})

test.skipIf(!isFile)('a file that cannot be restored changes nothing, and leaves nothing lying about', async () => {
  await visitor('tea')
  const then = await everything()
  const left = () => readdirSync(dirname(url.slice('file:'.length))).filter((name) => /restor/.test(name))
  const leftBefore = left()
  const [text, other, newer, damaged] = [newFile(), newFile(), await saved(), await saved()]
  writeFileSync(join(folder, text), 'a list of things')
  new Database(join(folder, other)).exec('CREATE TABLE "Like" (id)').close()
  const change = new Database(join(folder, newer))
  change.exec(`UPDATE _prisma_migrations SET migration_name = '29990101000000_later' WHERE rowid = 3`)
  change.close()
  const broken = new Database(join(folder, damaged))
  broken.exec('PRAGMA foreign_keys = OFF; UPDATE "Like" SET "sessionId" = \'nobody\'')
  broken.close()
  for (const [file, why] of [
    [text, /cannot be restored: file is not a database/],
    ['none.db', /none\.db cannot be restored: unable to open/],
    [other, /is not a backup of Likes/],
    [newer, /was made by a newer version/],
    [damaged, /cannot be restored: it has a Like that belongs to a Session which is not there/],
  ] as const) {
    await expect(restore({ file }, folder)).rejects.toThrow(why)
  }
  expect(await everything()).toEqual(then)
  expect(left()).toEqual(leftBefore)
})

/** A backup that somebody has changed. */
async function crafted(sql: string) {
  const file = await saved()
  const change = new Database(join(folder, file))
  change.exec(`PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; ${sql}`)
  change.close()
  return file
}

test.skipIf(!isFile)('1.2.4 15.2.5 a name in a file is a name, and no statement', async () => {
  const { viewer } = await visitor('tea')
  const trace = join(folder, 'trace.db')
  const name = `moved_to_a_server_a"; ATTACH '${trace}' AS trace; CREATE TABLE trace.made (it); --`
  const change = `BEFORE DELETE ON "Like" BEGIN SELECT 1; END`
  const file = await crafted(
    `CREATE TRIGGER moved_to_a_server_a ${change}; CREATE TRIGGER "${name.replaceAll('"', '""')}" ${change}`,
  )
  await restored(file)
  expect(existsSync(trace)).toBe(false)
  expect(await thingsOf(viewer)).toEqual(['tea'])
})

test.skipIf(!isFile)('1.5.2 15.2.5 a file that would do something by itself is no backup', async () => {
  const guest = await visitor('tea')
  const keeps = await crafted(`CREATE TRIGGER keep BEFORE DELETE ON "Session" BEGIN SELECT raise(ignore); END`)
  const view = await crafted(`ALTER TABLE "Like" RENAME TO kept; CREATE VIEW "Like" AS SELECT * FROM kept`)
  await forget(guest.viewer, ATTEMPT)
  await visitor()
  const then = await everything()
  for (const file of [keeps, view]) {
    await expect(restore({ file }, folder)).rejects.toThrow(/is not a backup of Likes, so nothing was restored/)
  }
  expect(await everything()).toEqual(then)
  expect(await findSession(guest.token, NOW)).toBe(null)
})

test.skipIf(!isFile)('a value that does not fit its column is named, and not restored', async () => {
  await visitor('tea')
  await db().throttle.create({ data: { key: 'k', count: 1, blockedUntil: NOW, expiresAt: NOW } })
  const then = await everything()
  for (const [change, why] of [
    [`"Like" SET thing = x'00'`, /^Like.thing holds .* which is not a text$/],
    [`"Session" SET keep = 2`, /^Session.keep holds "2", which is not a flag$/],
    [`"Session" SET keep = 'yes'`, /^Session.keep holds "yes", which is not a flag$/],
    [`"Session" SET "createdAt" = 'once'`, /^Session.createdAt holds "once", which is not a moment$/],
    [`"Throttle" SET count = 'many'`, /^Throttle.count holds "many", which is not a number$/],
  ] as const) {
    const file = await crafted(`UPDATE ${change}`)
    await expect(restore({ file }, folder)).rejects.toThrow(why)
  }
  expect(await everything()).toEqual(then)
})

test.skipIf(isFile)('what stops a reader is what is told, and nothing else is thrown beside it', async () => {
  await visitor('tea')
  // The process would end by the second: the batch that was on its way when the connection closed.
  const reading = connected(url, async (client) => {
    await client.query('BEGIN')
    const side = postgresSide(client)
    for (const table of await side.tables()) {
      for await (const _ of side.read(table)) throw new Error('the disk is full')
    }
  })
  await expect(reading).rejects.toThrow('the disk is full')
})

test.skipIf(!isFile)('a file that has moved is not brought to a newer version', async () => {
  const file = await saved()
  const sealed = openFile(join(folder, file))
  sealed.exec(`DELETE FROM _prisma_migrations
    WHERE migration_name LIKE '%mailing%' OR migration_name LIKE '%published%'`)
  seal(sealed)
  const seals = () => sealed.prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'`).pluck().get()
  const then = seals()
  await expect(migrate(`file:${join(folder, file)}`, () => {})).rejects.toThrow(
    /has moved to a server.*set DATABASE_URL/i,
  )
  expect(seals()).toBe(then)
  sealed.close()
})

test.skipIf(!isFile)('a backup never writes over a file, and one that fails leaves none', async () => {
  await visitor('tea')
  const file = await saved()
  const before = statSync(join(folder, file)).mtimeMs
  await expect(backup({ file }, folder)).rejects.toThrow(/is there already, so nothing was written/)
  expect(statSync(join(folder, file)).mtimeMs).toBe(before)
  await expect(backup({ file: 'no/such/folder.db' }, folder)).rejects.toThrow(/no such file or directory/)
})

test.skipIf(!isFile)('a restore that fails at the end leaves everything as it was', async () => {
  const { viewer } = await visitor('tea')
  const file = await saved()
  await like(viewer, 'rain', NOW)
  const then = await everything()
  const live = openFile(url.slice('file:'.length))
  live.exec(
    `CREATE TRIGGER change AFTER INSERT ON "Like" BEGIN UPDATE "Like" SET "claimId" = 'x' WHERE id = NEW.id; END`,
  )
  await expect(restore({ file }, folder)).rejects.toThrow(/^Like: what arrived is not what was sent/)
  live.exec('DROP TRIGGER change')
  live.close()
  expect(await everything()).toEqual(then)
})

test.skipIf(!isFile)('a backup that is made while somebody writes is of one moment', async () => {
  const { viewer } = await visitor()
  const script = `
    const { workerData, parentPort } = require('node:worker_threads')
    const db = new (require('better-sqlite3'))(workerData.file, { timeout: 5000 })
    const add = db.prepare('INSERT INTO "Like" (id, thing, thingKey, sessionId, createdAt) VALUES (?, ?, ?, ?, ?)')
    const pair = db.transaction((n) => {
      for (const half of ['a', 'b']) add.run(n + half, n + half, n + half, workerData.id, '2026-05-04T12:00:00.000+00:00')
    })
    for (let n = 0; n < 100000 && Atomics.load(workerData.stop, 0) === 0; n++) {
      pair.immediate(n)
      if (n % 20 === 19) parentPort.postMessage('written')
    }
    db.close()`
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const workerData = { file: url.slice('file:'.length), id: viewer.session.id, stop }
  const worker = new Worker(script, { eval: true, workerData })
  const ended = new Promise((resolve) => worker.once('exit', resolve))
  const counts: number[] = []
  for (let round = 0; round < 3; round++) {
    // Something new must be there each time, however busy the machine is: of what is told, some may be of before.
    const before = counts.at(-1) ?? 0
    while ((await db().like.count()) <= before + 40) await Promise.race([ended, once(worker, 'message')])
    const copy = new Database(join(folder, await saved()))
    counts.push(copy.prepare<[], number>('SELECT count(*) FROM "Like"').pluck().get() ?? 0)
    copy.close()
  }
  Atomics.store(stop, 0, 1)
  await ended
  expect(counts.map((count) => count % 2)).toEqual([0, 0, 0])
  expect(new Set(counts).size).toBe(3)
})

test.skipIf(!isFile)('a backup of an older version is brought forward', async () => {
  const { viewer } = await visitor('tea')
  const file = await saved()
  const old = new Database(join(folder, file))
  // What the fourth migration made, and the third.
  for (const column of ['publishedAt', 'listTitle', 'isIndexable', 'takenDownAt'])
    old.exec(`ALTER TABLE "User" DROP COLUMN "${column}"`)
  for (const index of ['Like_createdAt_idx', 'User_recoveryEmail_idx', 'User_createdAt_idx'])
    old.exec(`DROP INDEX "${index}"`)
  for (const table of ['Mail', 'Announcement', 'Subscriber']) old.exec(`DROP TABLE "${table}"`)
  old.exec(`ALTER TABLE "Session" DROP COLUMN "adminSince"; ALTER TABLE "User" DROP COLUMN "disabledAt";
    ALTER TABLE "User" DROP COLUMN "recoveryEmail"; DELETE FROM _prisma_migrations
    WHERE migration_name LIKE '%mailing%' OR migration_name LIKE '%published%'`)
  old.close()
  await like(viewer, 'rain', NOW)
  await restored(file)
  expect(await thingsOf(viewer)).toEqual(['tea'])
})

test.skipIf(!isFile)(
  'the way back from a move: a backup of the sealed file, restored, can be changed again',
  async () => {
    const { viewer } = await visitor('tea')
    const source = openFile(url.slice('file:'.length))
    seal(source)
    await expect(like(viewer, 'rain', NOW)).rejects.toThrow(/moving to another server/)
    const file = await saved()
    await expect(like(viewer, 'rain', NOW)).rejects.toThrow(/moving to another server/)
    await restored(file)
    source.close()
    expect(await like(viewer, 'rain', NOW)).toBe('liked')
  },
)
