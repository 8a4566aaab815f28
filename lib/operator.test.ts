/** What the operator does by commands: to whom, how far it reaches, and who reads of it. */
import { afterAll, beforeEach, expect, test } from 'vitest'
import { deleteMember } from './accounts.ts'
import { cleanUp } from './cleanup.ts'
import { db } from './db.ts'
import { exportData } from './export.ts'
import { countMail } from './mail.ts'
import { subscribe } from './mailing-list.ts'
import { changePassword } from './member-sessions.ts'
import { disableMember, enableMember } from './members.ts'
import { endAllMembersSessions, endSession, exportMember, findMember, OPERATOR, resetLinkFor } from './operator.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { deliverDue } from './postman.ts'
import { findReset, resetPassword } from './recovery.ts'
import { listActivity, listAdminActivity } from './security-log.ts'
import { findSession } from './session-store.ts'
import { closeTransport } from './smtp.ts'
import { MailServer } from './testing/mail-server.ts'
import {
  ATTEMPT,
  accountOf,
  asMember,
  DAY,
  later,
  logIn,
  MINUTE,
  member,
  NOW,
  newUsername,
  QUICK,
  thingsOf,
  visitor,
} from './testing/people.ts'

const server = await new MailServer().start()
process.env.SMTP_URL = server.url
const AT = { client: OPERATOR, now: later(MINUTE) }
const NEW = 'a whole new pass phrase'
const NOBODY = '01890000-0000-7000-8000-000000000000'

afterAll(async () => {
  closeTransport()
  await server.stop()
})
beforeEach(async () => {
  await db().mail.deleteMany()
  await db().securityEvent.deleteMany()
})

async function linkFor(userId: string, now = NOW) {
  const made = await resetLinkFor(userId, { ...AT, now })
  if (!made) throw new Error('no link')
  return made.token
}

async function reset(token: string, username: string, now = NOW) {
  return resetPassword(token, { username, passwordHash: await hashPassword(NEW, QUICK) }, { ...ATTEMPT, now })
}

async function hasNewPassword(username: string) {
  return verifyPassword(NEW, (await accountOf(username)).passwordHash)
}

async function toldOf(userId: string) {
  const events = await listActivity({ userId })
  return events.filter(({ device }) => device === 'The owner of this site').map(({ what }) => what)
}

test('a member is found by the username in any case, and nobody else is', async () => {
  const { username, viewer } = await member()
  expect(await findMember(` ${username.toUpperCase()} `)).toEqual({ id: viewer.userId, username })
  for (const name of ['', '%', 'nobody', viewer.userId, `${username}'--`]) expect(await findMember(name)).toBeNull()
})

test('a link that the operator makes sets a new password once, and ends all sessions', async () => {
  const { username, token: session, viewer } = await member('tea')
  const token = await linkFor(viewer.userId)
  expect(await findReset(token, NOW)).toEqual([username])
  expect(await reset(token, username)).toBe(true)
  expect(await hasNewPassword(username)).toBe(true)
  expect(await findSession(session, NOW)).toBeNull()
  expect(await findReset(token, NOW)).toBeNull()
  expect(await reset(token, username)).toBe(false)
})

test('6.4.1 of twenty who follow one link of the operator at once, one sets the password', async () => {
  const { username, viewer } = await member()
  const token = await linkFor(viewer.userId)
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => reset(token, username)))
  expect(outcomes.filter(Boolean)).toHaveLength(1)
})

test('6.4.1 a link of the operator works for 30 minutes, and not while the clock says that it is not yet made', async () => {
  const { username, viewer } = await member()
  const made = await resetLinkFor(viewer.userId, { ...AT, now: NOW })
  const token = made?.token ?? ''
  expect(made?.endsAt).toEqual(later(30 * MINUTE))
  for (const now of [later(30 * MINUTE), later(-1)]) {
    expect(await findReset(token, now)).toBeNull()
    expect(await reset(token, username, now)).toBe(false)
  }
  expect(await findReset(token, later(30 * MINUTE - 1))).toEqual([username])
})

test('a link of the operator is for its account only, also where two have one recovery e-mail', async () => {
  const [ada, grace] = [await member(), await member()]
  const ids = [ada, grace].map(({ viewer }) => viewer.userId)
  await db().user.updateMany({ where: { id: { in: ids } }, data: { recoveryEmail: 'both@example.org' } })
  const token = await linkFor(ada.viewer.userId)
  expect(await findReset(token, NOW)).toEqual([ada.username])
  await expect(reset(token, grace.username)).rejects.toThrow(/changed meanwhile/)
  expect(await hasNewPassword(grace.username)).toBe(false)
  // The one who was refused has not spent it.
  expect(await reset(token, ada.username)).toBe(true)
})

test('making a link ends the one before, of this member only', async () => {
  const [ada, grace] = [await member(), await member()]
  const first = await linkFor(ada.viewer.userId)
  const others = await linkFor(grace.viewer.userId)
  const second = await linkFor(ada.viewer.userId)
  expect(await findReset(first, NOW)).toBeNull()
  expect(await reset(first, ada.username)).toBe(false)
  expect(await findReset(second, NOW)).toEqual([ada.username])
  expect(await findReset(others, NOW)).toEqual([grace.username])
})

test('a changed password ends the operator’s link, and so does deleting the account', async () => {
  const ada = await member()
  const token = await linkFor(ada.viewer.userId)
  const proof = { account: await accountOf(ada.username), presented: ada.token }
  expect(await changePassword(ada.viewer, proof, await hashPassword(NEW, QUICK), ATTEMPT)).not.toBeNull()
  expect(await findReset(token, NOW)).toBeNull()
  const again = await linkFor(ada.viewer.userId)
  await deleteMember(ada.viewer.userId, AT)
  expect(await findReset(again, NOW)).toBeNull()
  expect(await reset(again, ada.username)).toBe(false)
})

test('a disabled account gets no link of the operator, and one made before does not work', async () => {
  const { username, viewer } = await member()
  const token = await linkFor(viewer.userId)
  await disableMember(viewer.userId, ATTEMPT)
  expect(await resetLinkFor(viewer.userId, AT)).toBeNull()
  expect(await resetLinkFor(NOBODY, AT)).toBeNull()
  expect(await findReset(token, NOW)).toBeNull()
  await expect(reset(token, username)).rejects.toThrow(/changed meanwhile/)
  await enableMember(viewer.userId, ATTEMPT)
  expect(await hasNewPassword(username)).toBe(false)
})

test('nothing sends, counts or shows the operator’s link, and the clean-up takes it', async () => {
  const { viewer } = await member()
  const token = await linkFor(viewer.userId)
  const before = await db().mail.findMany()
  expect(JSON.stringify(before)).not.toContain(token)
  for (const at of [0, MINUTE, DAY]) await deliverDue(() => later(at))
  expect(await db().mail.findMany()).toEqual(before)
  expect(server.received).toEqual([])
  expect(await countMail()).toEqual({ waiting: 0, failed: 0 })
  expect((await cleanUp(later(7 * DAY))).messages).toBe(1)
  expect(await db().mail.count()).toBe(0)
})

test('an ended session of a member is a stranger at its next request, and the others go on', async () => {
  const ada = await member('tea')
  const other = await logIn(ada.username)
  const { id } = ada.viewer.session
  expect(await endSession(id, AT)).toEqual({ kind: 'brief', username: ada.username, likes: 0 })
  expect(await findSession(ada.token, NOW)).toBeNull()
  expect(await thingsOf(await asMember(other.token))).toEqual(['tea'])
  expect(await endSession(id, AT)).toBeNull()
  const [told] = await listActivity(ada.viewer)
  expect(told).toMatchObject({ what: 'The owner of this site ended a session', detail: 'Firefox on Linux' })
})

test('ending a visitor’s session erases its list and no other, and leaves the mailing list alone', async () => {
  const [one, two] = [await visitor('tea', 'rain'), await visitor('chess')]
  await subscribe(one.viewer, 'one@example.org', ATTEMPT)
  expect(await endSession(one.viewer.session.id, AT)).toEqual({ kind: 'visitor', username: null, likes: 2 })
  expect(await findSession(one.token, NOW)).toBeNull()
  expect(await thingsOf(two.viewer)).toEqual(['chess'])
  expect(await db().subscriber.count({ where: { address: 'one@example.org' } })).toBe(1)
  const [event] = await listAdminActivity()
  expect(event).toMatchObject({ what: 'Ended a visitor’s session, with its list', detail: null, ...OPERATOR })
})

test('7.4.5 ending all sessions of all members leaves visitors theirs, and tells each member once', async () => {
  await db().session.deleteMany()
  const eve = await visitor('chess')
  const data = Array.from({ length: 120 }, () => ({ username: newUsername(), passwordHash: 'none', createdAt: NOW }))
  const users = await db().user.createManyAndReturn({ data, select: { id: true } })
  const times = { createdAt: NOW, lastSeenAt: NOW, expiresAt: later(DAY) }
  const sessions = users.flatMap(({ id }) =>
    [1, 2].map((i) => ({ ...times, userId: id, keep: true, tokenHash: `${id} ${i}` })),
  )
  await db().session.createMany({ data: sessions })
  const shown: number[] = []
  expect(await endAllMembersSessions(AT, (ended) => shown.push(ended))).toBe(240)
  expect(shown).toEqual([200, 240])
  expect(await db().session.count({ where: { userId: { not: null } } })).toBe(0)
  expect(await thingsOf(eve.viewer)).toEqual(['chess'])
  expect(await findSession(eve.token, NOW)).not.toBeNull()
  const told = await db().securityEvent.groupBy({ by: 'userId', where: { kind: 'endedByOwner' }, _count: true })
  expect(told.map(({ _count }) => _count)).toEqual(users.map(() => 1))
  expect((await listAdminActivity()).map(({ what }) => what)).toEqual(['Ended all sessions of all members'])
})

test('two who end all sessions at once, while an account is being deleted, end each once', async () => {
  const people = [await member(), await member(), await member()]
  const before = await db().session.count({ where: { userId: { not: null } } })
  const gone = people[1]?.viewer.userId ?? ''
  const [one, two] = await Promise.all([endAllMembersSessions(AT), endAllMembersSessions(AT), deleteMember(gone, AT)])
  expect(one + two).toBeGreaterThanOrEqual(before - 1)
  expect(one + two).toBeLessThanOrEqual(before)
  for (const { token } of people) expect(await findSession(token, NOW)).toBeNull()
  for (const { viewer } of [people[0], people[2]].flatMap((person) => person ?? [])) {
    expect(await toldOf(viewer.userId)).toEqual(['The owner of this site ended all sessions'])
  }
})

test('the operator takes out what the member could download, and the member reads of it', async () => {
  const { username, viewer } = await member('tea')
  const file = await exportMember(viewer.userId, AT)
  const { exportedAt: _, securityActivity, ...own } = await exportData(viewer, AT)
  expect(file).toMatchObject(own)
  expect(own.likes.map(({ thing }) => thing)).toEqual(['tea'])
  expect(securityActivity.map(({ what }) => what)).toContain('The owner of this site downloaded the data')
  expect(await toldOf(viewer.userId)).toEqual(['The owner of this site downloaded the data'])
  const [event] = await listAdminActivity()
  expect(event).toMatchObject({ what: 'Downloaded the data of a member', detail: username })
  expect(await exportMember(NOBODY, AT)).toBeNull()
})

test('a link of the operator is in the member’s activity, and where it was made is not', async () => {
  const { username, viewer } = await member()
  await linkFor(viewer.userId)
  expect(await toldOf(viewer.userId)).toEqual(['The owner of this site made a link to a new password'])
  expect(JSON.stringify(await listActivity(viewer))).not.toContain(OPERATOR.device)
  expect((await listAdminActivity())[0]).toMatchObject({ detail: username, ...OPERATOR })
})

test('a member whom the operator deletes leaves nothing in any table, and nobody else loses anything', async () => {
  const [ada, grace] = [await member('tea'), await member('tea')]
  const { userId } = ada.viewer
  const second = await asMember((await logIn(ada.username)).token)
  await subscribe(ada.viewer, 'first@example.org', ATTEMPT)
  await subscribe(second, 'two@example.org', ATTEMPT)
  await subscribe(grace.viewer, 'grace@example.org', ATTEMPT)
  await db().user.update({ where: { id: userId }, data: { recoveryEmail: 'ada@example.org' } })
  await linkFor(userId)
  await exportMember(userId, AT)
  expect(await deleteMember(userId, AT)).toEqual({ likes: 1, isUnsubscribed: true })
  expect(await deleteMember(userId, AT)).toBeNull()
  const tables = ['User', 'Session', 'Like', 'SecurityEvent', 'Mail', 'Subscriber']
  const rows = await Promise.all(tables.map((table) => db().$queryRawUnsafe(`SELECT * FROM "${table}"`)))
  const left = JSON.stringify(rows)
  for (const trace of [userId, `"${ada.username}"`, 'first@example.org', 'two@example.org', 'ada@example.org']) {
    expect(left.includes(trace), trace).toBe(false)
  }
  expect(left.includes('grace@example.org')).toBe(true)
  expect(await thingsOf(grace.viewer)).toEqual(['tea'])
})
