/** The session law: what a token is, how long it lasts, what ends it. */

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { deleteAccount, newAccount } from './accounts.ts'
import { cleanUp, deleteExpiredSessions } from './cleanup.ts'
import { db, transaction } from './db.ts'
import { changeData, serializeData } from './session-data.ts'
import { isRenewalDue, isSudo, isTouchDue, LIMITS } from './session-limits.ts'
import {
  endSessionOf,
  findSession,
  forget,
  logOut,
  openSession,
  openVisitorSession,
  renewSession,
  touchSession,
} from './session-store.ts'
import {
  ATTEMPT,
  asMember,
  DAY,
  HOUR,
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

test('6.4.1 7.2.2 7.2.3 11.4.3 11.5.1 a token is 256 random bits, of which the database holds only the SHA-256', async () => {
  const { token } = await openVisitorSession(NOW)
  const bytes = Buffer.from(token, 'base64url')
  expect(bytes.length).toBe(32)
  const row = await db().session.findUniqueOrThrow({
    where: { tokenHash: createHash('sha256').update(bytes).digest('hex') },
  })
  expect(JSON.stringify(row)).not.toContain(token)
})

test('7.2.2 7.2.3 11.5.2 1,000 tokens are all different', async () => {
  const tokens = new Set<string>()
  for (let i = 0; i < 20; i++) {
    const opened = await Promise.all(Array.from({ length: 50 }, () => openVisitorSession(later(-DAY))))
    for (const { token } of opened) tokens.add(token)
  }
  expect(tokens.size).toBe(1000)
})

test('1.5.3 7.2.1 11.2.5 an unknown or malformed token is a stranger, and no row is made for it', async () => {
  const { token, viewer } = await visitor('tea')
  const row = await db().session.findUniqueOrThrow({ where: { id: viewer.session.id } })
  const before = await db().session.count()
  // 32 bytes leave two bits of the last character unused: four spellings, of which one is the token.
  const lastCharacter = token.at(-1) ?? ''
  const respelled = token.slice(0, -1) + String.fromCharCode(lastCharacter.charCodeAt(0) + 1)
  const hostile = ['', 'x', 'A'.repeat(43), `${token}A`, token.slice(1), 'é'.repeat(43), '%E0%A4%A', 'a'.repeat(10_240)]
  for (const value of [...hostile, respelled, row.tokenHash, row.id, `${token}\n`, '__proto__']) {
    expect(await findSession(value, NOW), JSON.stringify(value)).toBeNull()
    expect(await endSessionOf(value)).toBe(0)
  }
  expect(await db().session.count()).toBe(before)
  expect(await findSession(token, NOW)).not.toBeNull()
})

const KINDS = [
  { kind: 'visitor', open: async () => (await openVisitorSession(NOW)).token },
  { kind: 'kept', open: () => openMember(true) },
  { kind: 'brief', open: () => openMember(false) },
] as const

async function openMember(keep: boolean) {
  const account = await newAccount({ username: newUsername(), password: PASSWORD }, 4)
  const opened = await openSession(account, { keep, presented: null, ...ATTEMPT })
  return opened?.token ?? ''
}

test.each(KINDS)('7.3.1 a $kind session lives until its idle limit and not a moment longer', async ({ kind, open }) => {
  const token = await open()
  const { idle } = LIMITS[kind]
  expect(await findSession(token, later(idle - 1))).not.toBeNull()
  expect(await findSession(token, later(idle))).toBeNull()
})

test.each(KINDS)('7.3.2 use does not carry a $kind session past its absolute limit', async ({ kind, open }) => {
  const token = await open()
  const { idle, absolute } = LIMITS[kind]
  for (let at = 0; at < absolute; at += idle / 2) {
    const viewer = await findSession(token, later(at))
    expect(viewer).not.toBeNull()
    if (viewer) await touchSession(viewer.session, later(at))
  }
  expect(await findSession(token, later(absolute - 1))).not.toBeNull()
  expect(await findSession(token, later(absolute))).toBeNull()
})

test('a member’s session begun while the clock was ahead is over when it is right again; a visitor’s list stays', async () => {
  for (const keep of [true, false]) {
    const account = await newAccount({ username: newUsername(), password: PASSWORD }, QUICK)
    const begun = await openSession(account, { keep, presented: null, ...ATTEMPT, now: later(2 * MINUTE) })
    const token = begun?.token ?? ''
    // The clocks of two instances are never quite the same.
    expect(await findSession(token, later(MINUTE))).not.toBeNull()
    expect(await findSession(token, NOW)).toBeNull()
    await deleteExpiredSessions(NOW, 1000)
    expect(await findSession(token, later(2 * MINUTE))).toBeNull()
  }
  const { token } = await openVisitorSession(later(31 * DAY))
  await deleteExpiredSessions(NOW, 1000)
  expect(await findSession(token, NOW)).not.toBeNull()
})

test('a member’s session used while the clock was ahead is over when it is right again; a visitor’s list stays', async () => {
  const { token } = await member()
  const ada = await visitor('tea')
  const viewer = await asMember(token)
  await touchSession(viewer.session, later(HOUR))
  await touchSession(ada.viewer.session, later(HOUR))
  expect(await findSession(token, later(HOUR - MINUTE))).not.toBeNull()
  expect(await findSession(token, later(HOUR - 2 * MINUTE))).toBeNull()
  await deleteExpiredSessions(NOW, 1000)
  expect(await findSession(token, later(HOUR))).toBeNull()
  expect(await findSession(ada.token, NOW)).not.toBeNull()
})

test('the limits are those that the design promises', () => {
  expect(LIMITS).toEqual({
    visitor: { idle: 90 * DAY, absolute: 400 * DAY },
    kept: { idle: 14 * DAY, absolute: 30 * DAY },
    brief: { idle: 2 * HOUR, absolute: 24 * HOUR },
  })
})

test('lastSeenAt moves at most every ten minutes', async () => {
  const { viewer } = await member()
  expect(isTouchDue(viewer.session, later(10 * MINUTE - 1))).toBe(false)
  expect(isTouchDue(viewer.session, later(10 * MINUTE))).toBe(true)
  await touchSession(viewer.session, later(10 * MINUTE))
  await touchSession(viewer.session, later(15 * MINUTE))
  const row = await db().session.findUniqueOrThrow({ where: { id: viewer.session.id } })
  expect(row.lastSeenAt).toEqual(later(10 * MINUTE))
})

test('reading writes nothing', async () => {
  const { token, viewer } = await visitor('tea')
  const before = await db().session.findUnique({ where: { id: viewer.session.id } })
  await findSession(token, later(DAY))
  expect(await db().session.findUnique({ where: { id: viewer.session.id } })).toEqual(before)
})

test('7.4.1 15.4.2 no request in flight brings an ended session back', async () => {
  const { token, viewer } = await visitor('tea')
  await Promise.all([
    endSessionOf(token),
    touchSession(viewer.session, later(DAY)),
    renewSession(viewer, later(DAY)),
    transaction((tx) =>
      changeData(tx, viewer.session.id, (data) => ({ ...data, claim: { id: 'a', count: 1, at: 1 } })),
    ),
  ])
  expect(await findSession(token, NOW)).toBeNull()
  expect(await renewSession(viewer, NOW)).toBeNull()
  expect(await db().session.count({ where: { id: viewer.session.id } })).toBe(0)
})

test('a visitor’s limits begin again with a like more than 30 days after they were set', async () => {
  const { viewer, token } = await openVisitorSession(NOW)
  expect(isRenewalDue(viewer, later(30 * DAY))).toBe(false)
  expect(isRenewalDue(viewer, later(30 * DAY + 1))).toBe(true)
  expect(await renewSession(viewer, later(31 * DAY))).toEqual(later(431 * DAY))
  expect(await findSession(token, later(31 * DAY + 90 * DAY - 1))).not.toBeNull()
  expect(await findSession(token, later(31 * DAY + 90 * DAY))).toBeNull()
})

test('logging out twice is fine, and ends only this session', async () => {
  const ada = await member()
  const other = await logIn(ada.username)
  expect(await endSessionOf(ada.token)).toBe(1)
  expect(await endSessionOf(ada.token)).toBe(0)
  expect(await findSession(ada.token, NOW)).toBeNull()
  expect(await findSession(other.token, NOW)).not.toBeNull()
})

test('who has logged out is a stranger by the old token, and logged in elsewhere as before', async () => {
  const ada = await member()
  const other = await logIn(ada.username)
  await logOut(ada.viewer, ATTEMPT)
  await logOut(ada.viewer, ATTEMPT)
  expect(await findSession(ada.token, NOW)).toBeNull()
  expect(await findSession(other.token, NOW)).not.toBeNull()
})

test('a password counts as just given for ten minutes', async () => {
  const { session } = await asMember((await signUp(newUsername())).token)
  expect(isSudo(session, later(10 * MINUTE - 1))).toBe(true)
  expect(isSudo(session, later(10 * MINUTE))).toBe(false)
  // When the clock was ahead and is not any more.
  expect(isSudo(session, later(-1))).toBe(false)
})

test('Forget me erases the session and its likes, and nobody else’s', async () => {
  const { token, viewer } = await visitor('tea', 'rain')
  const other = await visitor('tea')
  expect(await forget(viewer, ATTEMPT)).toEqual({ likes: 2, isUnsubscribed: false })
  expect(await forget(viewer, ATTEMPT)).toBeNull()
  expect(await findSession(token, NOW)).toBeNull()
  expect(await db().like.count({ where: { sessionId: viewer.session.id } })).toBe(0)
  expect(await thingsOf(other.viewer)).toEqual(['tea'])
})

test('7.4.2 deleting an account leaves its id in no table', async () => {
  const ada = await member('tea')
  const other = await logIn(ada.username)
  const grace = await member('tea')
  expect(await deleteAccount(ada.viewer, ATTEMPT)).toEqual({ likes: 1, isUnsubscribed: false })
  const { userId } = ada.viewer
  expect(await db().user.count({ where: { id: userId } })).toBe(0)
  expect(await db().session.count({ where: { userId } })).toBe(0)
  expect(await db().like.count({ where: { userId } })).toBe(0)
  expect(await findSession(other.token, NOW)).toBeNull()
  expect(await thingsOf(grace.viewer)).toEqual(['tea'])
})

test('14.2.7 the clean-up deletes what has ended, whatever its kind, and nothing else', async () => {
  await db().session.deleteMany()
  const tokens = await Promise.all(KINDS.map(({ open }) => open()))
  const alive = async (now: Date) => (await Promise.all(tokens.map((token) => findSession(token, now)))).filter(Boolean)
  for (const [ms, left] of [
    [HOUR, 3],
    [2 * HOUR, 2],
    [14 * DAY, 1],
    [90 * DAY, 0],
  ] as const) {
    expect((await alive(later(ms))).length).toBe(left)
    const count = await db().session.count()
    expect(await deleteExpiredSessions(later(ms), 1000)).toEqual({ sessions: count - left, likes: 0 })
    expect(await db().session.count()).toBe(left)
  }
})

test('the clean-up deletes as many at a time as it was told', async () => {
  await db().session.deleteMany()
  await db().securityEvent.deleteMany()
  const row = { keep: true, createdAt: NOW, lastSeenAt: NOW, expiresAt: later(DAY) }
  await db().session.createMany({ data: Array.from({ length: 25 }, (_, i) => ({ ...row, tokenHash: `hash ${i}` })) })
  const { viewer } = await visitor('tea')
  expect((await deleteExpiredSessions(later(DAY), 10)).sessions).toBe(10)
  expect((await cleanUp(later(DAY))).sessions).toBe(15)
  expect(await thingsOf(viewer)).toEqual(['tea'])
})

test('15.4.1 session data changed by two requests at once keeps both halves', async () => {
  const { viewer } = await visitor()
  const { id } = viewer.session
  await Promise.all([
    transaction((tx) => changeData(tx, id, (data) => ({ ...data, claim: { id: 'a', count: 1, at: 1 } }))),
    transaction((tx) =>
      changeData(tx, id, (data) => ({ ...data, removed: { thing: 'tea', claimId: null, likedAt: 1, at: 1 } })),
    ),
  ])
  const row = await db().session.findUniqueOrThrow({ where: { id } })
  expect(Object.keys(JSON.parse(row.data)).sort()).toEqual(['claim', 'removed'])
})

test('1.5.2 session data over 4 kB is refused, and what no longer fits the schema counts as nothing', async () => {
  expect(() => serializeData({ claim: { id: 'x'.repeat(5000), count: 1, at: 1 } })).toThrow('4 kB')
  for (const data of ['not json', '{"claim":7}', '[]', 'null']) {
    const { token, viewer } = await visitor()
    await db().session.update({ where: { id: viewer.session.id }, data: { data } })
    expect((await findSession(token, NOW))?.session.data).toEqual({})
  }
})
