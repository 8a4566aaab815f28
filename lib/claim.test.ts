/** The merge table of the design, row by row: what becomes of a visitor's likes at sign-up and log-in. */
import { beforeEach, expect, test } from 'vitest'
import { newAccount, UsernameTaken } from './accounts.ts'
import { claimReceipt, dismissClaim, undoClaim } from './claim.ts'
import { verifyCredentials } from './credentials.ts'
import { closeDatabase, db } from './db.ts'
import { like, removeLike } from './likes.ts'
import { findSession, openSession } from './session-store.ts'
import {
  ATTEMPT,
  asMember,
  DAY,
  later,
  logIn,
  MINUTE,
  member,
  NOW,
  newUsername,
  PASSWORD,
  QUICK,
  signUp,
  thingsOf,
  visitor,
} from './testing/people.ts'

beforeEach(() => closeDatabase())

test('sign-up: the likes become the account’s, with a receipt', async () => {
  const { token } = await visitor('tea', 'rain', 'trains')
  const viewer = await asMember((await signUp(newUsername(), token)).token)
  expect(await thingsOf(viewer)).toEqual(['trains', 'rain', 'tea'])
  expect(claimReceipt(viewer, NOW)).toEqual({ count: 3 })
})

test('log-in: union; of doubles the account’s own row stays untouched', async () => {
  const ada = await member('Tea', 'chess')
  const { token } = await visitor('TEA', 'rain')
  const before = await db().like.findFirstOrThrow({ where: { userId: ada.viewer.userId, thingKey: 'tea' } })
  const viewer = await asMember((await logIn(ada.username, token)).token)
  expect((await thingsOf(viewer)).sort()).toEqual(['Tea', 'chess', 'rain'])
  expect(await db().like.findUnique({ where: { id: before.id } })).toEqual(before)
  expect(claimReceipt(viewer, NOW)).toEqual({ count: 1 })
})

test('the receipt stays for a day, or until it is put away', async () => {
  const { token } = await visitor('tea')
  const opened = await signUp(newUsername(), token)
  const viewer = await asMember(opened.token)
  expect(claimReceipt(viewer, later(DAY - 1))).not.toBeNull()
  expect(claimReceipt(viewer, later(DAY))).toBeNull()
  await dismissClaim(viewer)
  const again = await asMember(opened.token)
  expect(claimReceipt(again, NOW)).toBeNull()
  expect(await thingsOf(again)).toEqual(['tea'])
})

test('Undo: deletes what this claim brought and is still there; everything since stays', async () => {
  const ada = await member('chess')
  const { token } = await visitor('tea', 'rain', 'trains')
  const opened = await logIn(ada.username, token)
  const viewer = await asMember(opened.token)
  await like(viewer, 'opera', later(MINUTE))
  const rain = await db().like.findFirstOrThrow({ where: { userId: viewer.userId, thingKey: 'rain' } })
  await removeLike(viewer, rain.id, later(2 * MINUTE))
  const now = await asMember(opened.token)
  expect(await undoClaim(now, NOW)).toBe(2)
  expect(await thingsOf(now)).toEqual(['opera', 'chess'])
  expect(await undoClaim(await asMember(opened.token), NOW)).toBe(0)
})

test('2.3.3 16.5.3 any statement fails: nothing happened; still a visitor, with the likes', async () => {
  const ada = await member('chess')
  const { token, viewer } = await visitor('tea', 'rain')
  let statements = 0
  for (let failing = 1; ; failing++) {
    statements = 0
    // The real database, with a fault planted before its n-th statement.
    Object.assign(globalThis, {
      likesDatabase: db().$extends({
        query: {
          $allOperations({ operation, args, query }) {
            if (!operation.startsWith('find') && ++statements === failing)
              throw new Error(`statement ${failing} failed`)
            return query(args)
          },
        },
      }),
    })
    const attempt = await logIn(ada.username, token).catch((error: Error) => error.message)
    await closeDatabase()
    if (typeof attempt !== 'string') break
    expect(attempt).toBe(`statement ${failing} failed`)
    expect((await findSession(token, NOW))?.session.id).toBe(viewer.session.id)
    expect(await thingsOf(viewer)).toEqual(['rain', 'tea'])
    expect(await thingsOf(ada.viewer)).toEqual(['chess'])
    expect(await db().session.count({ where: { userId: ada.viewer.userId } })).toBe(1)
  }
  // Hold the account, kill the old token, move the likes, delete the old row, insert the new one, record it.
  expect(statements).toBe(6)
  expect((await thingsOf(ada.viewer)).sort()).toEqual(['chess', 'rain', 'tea'])
})

test('15.4.2 20 parallel log-ins with one cookie: likes move once, and all twenty succeed', async () => {
  const ada = await member('chess')
  const { token } = await visitor('tea', 'rain')
  const opened = await Promise.all(Array.from({ length: 20 }, () => logIn(ada.username, token)))
  const viewers = await Promise.all(opened.map((session) => asMember(session.token)))
  expect(new Set(viewers.map((viewer) => viewer.session.id)).size).toBe(20)
  expect(viewers.filter((viewer) => claimReceipt(viewer, NOW)).length).toBe(1)
  expect((await thingsOf(ada.viewer)).sort()).toEqual(['chess', 'rain', 'tea'])
})

test('the visitor’s session expired meanwhile: log-in succeeds, nothing moves', async () => {
  const ada = await member('chess')
  const { token } = await visitor('tea')
  const now = later(91 * DAY)
  const viewer = await asMember((await logIn(ada.username, token, now)).token, now)
  expect(await thingsOf(viewer)).toEqual(['chess'])
  expect(claimReceipt(viewer, now)).toBeNull()
})

test('2.3.4 two sign-ups race for one username: one wins, the loser keeps likes and is told', async () => {
  const username = newUsername()
  const people = [await visitor('tea'), await visitor('rain')]
  const outcomes = await Promise.allSettled(people.map(({ token }) => signUp(username, token)))
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  const loser = outcomes.findIndex((outcome) => outcome.status === 'rejected')
  expect((outcomes[loser] as PromiseRejectedResult).reason).toBeInstanceOf(UsernameTaken)
  const { token, viewer } = people[loser] as (typeof people)[number]
  expect(await findSession(token, NOW)).not.toBeNull()
  expect((await thingsOf(viewer)).length).toBe(1)
})

test('7.2.4 a planted cookie: after log-in the planted token is dead, and Undo removes what came with it', async () => {
  const ada = await member('chess')
  const planted = await visitor('spam')
  const viewer = await asMember((await logIn(ada.username, planted.token)).token)
  expect(await findSession(planted.token, NOW)).toBeNull()
  expect(await undoClaim(viewer, NOW)).toBe(1)
  expect(await thingsOf(viewer)).toEqual(['chess'])
})

test('7.2.4 logged in as A, logs in as B: nothing of A moves, and A’s session has ended', async () => {
  const ada = await member('chess')
  const grace = await member('ships')
  const viewer = await asMember((await logIn(grace.username, ada.token)).token)
  expect(await thingsOf(viewer)).toEqual(['ships'])
  expect(await thingsOf(ada.viewer)).toEqual(['chess'])
  expect(await findSession(ada.token, NOW)).toBeNull()
})

test('a log-in begun before a password change does not outlive it', async () => {
  const ada = await member()
  const verified = await verifyCredentials({ username: ada.username, password: PASSWORD }, { ...ATTEMPT, cost: QUICK })
  if (!verified) throw new Error('cannot log in')
  const changed = await newAccount({ username: ada.username, password: 'four other words' }, 4)
  await db().user.update({ where: { id: ada.viewer.userId }, data: { passwordHash: changed.passwordHash } })
  expect(await openSession(verified, { keep: false, presented: null, ...ATTEMPT })).toBeNull()
})
