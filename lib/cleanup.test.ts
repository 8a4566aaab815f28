/** The clean-up: each thing goes once, whoever else cleans up or uses it at that moment, and what is alive stays. */
import { expect, test } from 'vitest'
import { cleanUp, deleteExpiredSessions } from './cleanup.ts'
import { db, transaction } from './db.ts'
import { inventory } from './figures.ts'
import { deleteUnconfirmed } from './mailing-list.ts'
import { LIMITS } from './session-limits.ts'
import { findSession, openVisitorSession, renewSession } from './session-store.ts'
import { DAY, later, logIn, member, NOW, thingsOf, visitor } from './testing/people.ts'

const ENDED = 2_600

/** Visitors' sessions that end a day from now, some with a like. By the database, in a hundredth of the time. */
async function addSessions() {
  const { viewer } = await visitor('tea')
  const { id } = viewer.session
  await db().session.update({ where: { id }, data: { expiresAt: later(DAY) } })
  await db().$executeRaw`
    INSERT INTO "Session" ("id", "tokenHash", "keep", "createdAt", "lastSeenAt", "expiresAt", "data")
    WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${ENDED})
    SELECT 'session ' || i, 'hash ' || i, "keep", "createdAt", "lastSeenAt", "expiresAt", "data"
    FROM "Session", n WHERE "id" = ${id}`
  await db().$executeRaw`
    INSERT INTO "Like" ("id", "thing", "thingKey", "sessionId", "createdAt")
    SELECT s."id", 'tea', 'tea', s."id", s."createdAt" FROM "Session" s WHERE s."id" LIKE 'session 1%'`
  return db().like.count()
}

test('two clean-ups at once delete each ended session and its like once, and nothing that is alive', async () => {
  const likes = await addSessions()
  expect(likes).toBeGreaterThan(1000)
  const ada = await visitor('chess')
  const { username, viewer } = await member('tea')
  const kept = await logIn(username, null, later(DAY))
  const both = await Promise.all([cleanUp(later(DAY)), cleanUp(later(DAY))])
  const sum = (kind: 'sessions' | 'likes') => both.reduce((total, purged) => total + purged[kind], 0)
  // The member's own session has gone two hours without use; the likes of a member are the account's.
  expect([sum('sessions'), sum('likes')]).toEqual([ENDED + 1, likes])
  expect(await thingsOf(ada.viewer)).toEqual(['chess'])
  expect(await thingsOf(viewer)).toEqual(['tea'])
  expect(await findSession(kept.token, later(DAY))).not.toBeNull()
  expect((await inventory(later(DAY))).sessions.ended).toBe(0)
})

test('a session that a like renews while the clean-up waits for its row stays, with its likes', async () => {
  await db().session.deleteMany()
  const { token, viewer } = await openVisitorSession(NOW)
  const end = later(LIMITS.visitor.idle)
  const like = { thing: 'tea', thingKey: 'tea', createdAt: NOW, sessionId: viewer.session.id }
  await db().like.create({ data: like })
  const cleaned = await transaction(async (tx) => {
    await tx.session.update({ where: { id: viewer.session.id }, data: { lastSeenAt: end } })
    const purge = deleteExpiredSessions(end, 1000)
    // Other work, so that it has come to the row by now.
    for (let i = 0; i < 50; i++) await db().session.count()
    return { purge }
  })
  expect(await cleaned.purge).toEqual({ sessions: 0, likes: 0 })
  expect(await findSession(token, end)).not.toBeNull()
  expect(await thingsOf(viewer)).toEqual(['tea'])
})

test('an address that is given again while the clean-up waits for its row stays', async () => {
  const { id } = await db().subscriber.create({ data: { address: 'ada@example.org', createdAt: NOW } })
  const cleaned = await transaction(async (tx) => {
    await tx.subscriber.update({ where: { id }, data: { createdAt: later(7 * DAY) } })
    const purge = deleteUnconfirmed(later(7 * DAY), 1000)
    // Other work, so that it has come to the row by now.
    for (let i = 0; i < 50; i++) await db().session.count()
    return { purge }
  })
  expect(await cleaned.purge).toBe(0)
  expect(await deleteUnconfirmed(later(14 * DAY), 1000)).toBe(1)
})

test('of a session that is renewed and cleaned up at once, either all is there or nothing', async () => {
  for (let round = 0; round < 10; round++) {
    const { token, viewer } = await openVisitorSession(NOW)
    const end = later(LIMITS.visitor.idle)
    await db().like.create({
      data: { thing: 'tea', thingKey: 'tea', createdAt: NOW, sessionId: viewer.session.id },
    })
    const [renewed] = await Promise.all([renewSession(viewer, end), deleteExpiredSessions(end, 1000)])
    const isThere = (await findSession(token, end)) !== null
    expect(isThere).toBe(renewed !== null)
    expect(await thingsOf(viewer)).toEqual(isThere ? ['tea'] : [])
  }
})

test('the clean-up says how many of each kind went', async () => {
  await cleanUp(later(DAY))
  const old = later(-200 * DAY)
  const client = { address: '192.0.2.1', device: 'Lynx' }
  await db().securityEvent.create({ data: { kind: 'logInFailed', at: old, ...client } })
  await db().throttle.create({ data: { key: 'old', count: 1, blockedUntil: old, expiresAt: old } })
  await db().mail.create({
    data: {
      kind: 'passwordChanged',
      recipient: 'ada@example.org',
      state: 'sent',
      createdAt: old,
      dueAt: old,
      triedAt: old,
    },
  })
  await db().subscriber.create({ data: { address: 'ada@example.org', createdAt: old } })
  const each = { events: 1, throttles: 1, messages: 1, unconfirmed: 1 }
  expect(await cleanUp(NOW)).toEqual({ sessions: 0, likes: 0, ...each })
  expect(Object.values(await cleanUp(NOW))).toEqual([0, 0, 0, 0, 0, 0])
})
