/** The figures count what is there, on the day it happened in UTC, and nothing else. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { db } from './db.ts'
import { type Figures, figures, inventory } from './figures.ts'
import { like } from './likes.ts'
import { type EventKind, note } from './security-log.ts'
import { LIMITS } from './session-limits.ts'
import { openVisitorSession } from './session-store.ts'
import { CLIENT, DAY, HOUR, later, member, NOW, newUsername, visitor } from './testing/people.ts'

const TODAY = '2026-05-04'
const FIRST = '2026-04-05'

async function empty() {
  await db().session.deleteMany()
  await db().securityEvent.deleteMany()
  await db().subscriber.deleteMany()
  await db().user.deleteMany()
  await db().throttle.deleteMany()
  await db().mail.deleteMany()
}
beforeEach(empty)
afterEach(empty)

/** The days that have a count. */
function counted(figures: Figures, what: Exclude<keyof Figures, 'sessions'>) {
  return Object.fromEntries(figures[what].filter(({ count }) => count > 0).map(({ day, count }) => [day, count]))
}

/** Adds one of each at these moments. */
async function addEachAt(...moments: string[]) {
  const { viewer } = await visitor()
  for (const [i, moment] of moments.entries()) {
    const at = new Date(moment)
    await like(viewer, `thing ${i}`, at)
    await db().user.create({ data: { username: newUsername(), passwordHash: '', createdAt: at } })
    await db().subscriber.create({
      data: { address: `person-${i}@example.org`, createdAt: later(-100 * DAY), confirmedAt: at },
    })
    await note({ kind: 'logInFailed', userId: null, client: CLIENT, now: at })
  }
}

const EACH = ['likes', 'signUps', 'subscriptions', 'refusedLogIns'] as const

test('with nothing there are thirty days of zero, the oldest first, and no sessions', async () => {
  const result = await figures(NOW)
  for (const what of EACH) {
    expect(result[what].length).toBe(30)
    expect(result[what][0]).toEqual({ day: FIRST, count: 0 })
    expect(result[what][29]).toEqual({ day: TODAY, count: 0 })
    expect(new Set(result[what].map(({ day }) => day)).size).toBe(30)
    expect(result[what].map(({ day }) => day)).toEqual(result[what].map(({ day }) => day).sort())
    expect(counted(result, what)).toEqual({})
  }
  expect(result.sessions).toEqual({ visitors: 0, keptMembers: 0, briefMembers: 0 })
})

test('a day begins and ends at midnight in UTC, to the millisecond', async () => {
  await addEachAt(
    '2026-05-01T23:59:59.999Z',
    '2026-05-02T00:00:00.000Z',
    '2026-05-02T23:59:59.999Z',
    '2026-05-03T00:00:00.000Z',
    '2026-05-04T00:00:00.000Z',
    '2026-05-04T12:00:00.000Z',
    '2026-05-04T23:59:59.999Z',
  )
  const result = await figures(NOW)
  for (const what of EACH) {
    expect(counted(result, what), what).toEqual({ '2026-05-01': 1, '2026-05-02': 2, '2026-05-03': 1, [TODAY]: 3 })
  }
})

test('the first of thirty days counts from its midnight; what was before does not', async () => {
  await addEachAt('2026-04-05T00:00:00.000Z', '2026-04-04T23:59:59.999Z', '2026-04-03T12:00:00.000Z')
  for (const moment of [`${TODAY}T00:00:00.000Z`, `${TODAY}T23:59:59.999Z`]) {
    const result = await figures(new Date(moment))
    for (const what of EACH) expect(counted(result, what), what).toEqual({ [FIRST]: 1 })
  }
  const { likes } = await figures(new Date('2026-05-05T00:00:00.000Z'))
  expect(likes[0]).toEqual({ day: '2026-04-06', count: 0 })
})

test('thirty days cross a year, and a leap day', async () => {
  await addEachAt('2023-12-31T23:59:59.999Z', '2024-01-01T00:00:00.000Z', '2024-02-29T12:00:00.000Z')
  expect(counted(await figures(new Date('2024-01-10T00:00:00.000Z')), 'likes')).toEqual({
    '2023-12-31': 1,
    '2024-01-01': 1,
  })
  expect(counted(await figures(new Date('2024-03-01T00:00:00.000Z')), 'signUps')).toEqual({ '2024-02-29': 1 })
})

test('an address counts on the day it was confirmed, and not before', async () => {
  const createdAt = later(-3 * DAY)
  const address = 'ada@example.org'
  await db().subscriber.create({ data: { address, createdAt } })
  expect(counted(await figures(NOW), 'subscriptions')).toEqual({})
  await db().subscriber.update({ where: { address }, data: { confirmedAt: NOW } })
  expect(counted(await figures(NOW), 'subscriptions')).toEqual({ [TODAY]: 1 })
})

test('a refused log-in counts with and without an account; no other event does', async () => {
  const { viewer } = await member()
  for (const userId of [null, viewer.userId]) await note({ kind: 'logInFailed', userId, client: CLIENT, now: NOW })
  const others: EventKind[] = ['loggedIn', 'passwordFailed', 'adminLogInFailed']
  for (const kind of others) await note({ kind, userId: null, client: CLIENT, now: NOW })
  expect(counted(await figures(NOW), 'refusedLogIns')).toEqual({ [TODAY]: 2 })
})

test('a visitor’s like and a member’s count alike, until they are removed', async () => {
  const { viewer } = await visitor('chess')
  await member('tea')
  expect(counted(await figures(NOW), 'likes')).toEqual({ [TODAY]: 2 })
  await db().like.deleteMany({ where: { sessionId: viewer.session.id } })
  expect(counted(await figures(NOW), 'likes')).toEqual({ [TODAY]: 1 })
})

test('sessions of each kind count until the moment that a limit ends them', async () => {
  await openVisitorSession(NOW)
  await openVisitorSession(NOW)
  const { userId } = (await member()).viewer
  await db().session.deleteMany({ where: { userId } })
  const row = { userId, createdAt: NOW, lastSeenAt: NOW }
  const add = (keep: boolean, name: string, expiresAt: Date) =>
    db().session.create({ data: { ...row, keep, tokenHash: name, expiresAt } })
  for (const name of ['1', '2', '3']) await add(true, `kept ${name}`, later(LIMITS.kept.absolute))
  await add(false, 'brief', later(LIMITS.brief.absolute))
  await add(true, 'kept, until its absolute limit', later(HOUR))
  const all = { visitors: 2, keptMembers: 4, briefMembers: 1 }
  expect((await figures(NOW)).sessions).toEqual(all)
  expect((await figures(later(HOUR - 1))).sessions).toEqual(all)
  expect((await figures(later(HOUR))).sessions).toEqual({ ...all, keptMembers: 3 })
  expect((await figures(later(LIMITS.brief.idle))).sessions).toEqual({ ...all, keptMembers: 3, briefMembers: 0 })
  const afterKept = await figures(later(LIMITS.kept.idle))
  expect(afterKept.sessions).toEqual({ visitors: 2, keptMembers: 0, briefMembers: 0 })
  expect((await figures(later(LIMITS.visitor.idle))).sessions.visitors).toBe(0)
})

test('the inventory counts everything once, by its state', async () => {
  const ada = await member('tea', 'rain')
  await visitor('chess')
  await db().user.create({ data: { username: newUsername(), passwordHash: '', createdAt: NOW, disabledAt: NOW } })
  const ended = { keep: true, createdAt: later(-DAY), lastSeenAt: later(-DAY), expiresAt: NOW }
  await db().session.createMany({
    data: [
      { ...ended, tokenHash: '1' },
      { ...ended, tokenHash: '2', userId: ada.viewer.userId },
    ],
  })
  await db().subscriber.createMany({
    data: [1, 2, 3].map((i) => ({
      address: `person-${i}@example.org`,
      createdAt: NOW,
      confirmedAt: i === 1 ? NOW : null,
    })),
  })
  const mail = { kind: 'passwordChanged', recipient: 'ada@example.org', createdAt: NOW, dueAt: NOW }
  const states = ['waiting', 'sending', 'sent', 'failed', 'unknown', 'unknown', 'unknown']
  await db().mail.createMany({ data: states.map((state) => ({ ...mail, state })) })
  await db().mail.create({ data: { ...mail, state: 'failed', recipient: '' } })
  await db().throttle.create({ data: { key: 'one', count: 1, blockedUntil: NOW, expiresAt: NOW } })
  const { database, ...counts } = await inventory(NOW)
  expect(counts).toEqual({
    members: { all: 2, disabled: 1 },
    sessions: { visitors: 1, keptMembers: 0, briefMembers: 1, ended: 2 },
    likes: { members: 2, visitors: 1 },
    subscribers: { confirmed: 1, pending: 2 },
    messages: { waiting: 2, failed: 1, unknown: 3 },
    throttles: 1,
    securityEvents: 1,
  })
  expect(database.kind).toBe(process.env.DATABASE_URL?.startsWith('file:') ? 'SQLite' : 'PostgreSQL')
  expect(database.bytes).toBeGreaterThan(100_000)
})
