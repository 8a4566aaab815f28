import { expect, test } from 'vitest'
import { deleteAccount } from './accounts.ts'
import { verifyCredentials } from './credentials.ts'
import { db } from './db.ts'
import { changePassword, endOtherSession, endOtherSessions, listSessions, renewSudo } from './member-sessions.ts'
import { hashPassword } from './password.ts'
import { listActivity } from './security-log.ts'
import { isSudo } from './session-limits.ts'
import { findSession, logOut, openSession } from './session-store.ts'
import {
  ATTEMPT,
  accountOf,
  asMember,
  DAY,
  HOUR,
  later,
  logIn,
  MINUTE,
  member,
  NOW,
  PASSWORD,
  QUICK,
  visitor,
} from './testing/people.ts'

const AT = { client: { address: '198.51.100.7', device: 'Safari on iOS' }, now: later(MINUTE) }

async function proofOf({ username, token }: { username: string; token: string }) {
  return { account: await accountOf(username), presented: token }
}

async function keptLogIn(username: string) {
  const opened = await openSession(await accountOf(username), { keep: true, presented: null, ...ATTEMPT })
  if (!opened) throw new Error('cannot log in')
  return opened
}

test('a member sees the own living sessions, this device first, and nobody else’s', async () => {
  const ada = await member()
  await keptLogIn(ada.username)
  await logIn(ada.username, null, later(MINUTE))
  await member()
  await visitor('tea')
  const listed = await listSessions(ada.viewer, later(MINUTE))
  expect(listed.map(({ isThisDevice, lastSeenAt }) => [isThisDevice, lastSeenAt])).toEqual([
    [true, NOW],
    [false, later(MINUTE)],
    [false, NOW],
  ])
  expect(Object.keys(listed[0] ?? {}).sort()).toEqual(['createdAt', 'device', 'id', 'isThisDevice', 'lastSeenAt'])
  expect(listed[0]?.device).toBe('Firefox on Linux')
  expect((await listSessions(ada.viewer, later(3 * HOUR))).length).toBe(1)
  expect((await listSessions(ada.viewer, later(15 * DAY))).length).toBe(0)
})

test('an ended session is a stranger at its next request; the one that ended it goes on', async () => {
  const ada = await member()
  const other = await logIn(ada.username)
  const { session } = await asMember(other.token)
  expect(await endOtherSession(ada.viewer, session.id, AT)).toBe(true)
  expect(await findSession(other.token, NOW)).toBeNull()
  expect(await findSession(ada.token, NOW)).not.toBeNull()
  expect(await endOtherSession(ada.viewer, session.id, AT)).toBe(false)
  const [event] = await listActivity(ada.viewer)
  expect(event).toMatchObject({ what: 'Ended a session', detail: 'Firefox on Linux', ...AT.client, at: AT.now })
})

test('8.2.2 nobody ends another member’s session, a visitor’s, or by this way their own', async () => {
  const ada = await member()
  const grace = await member()
  const eve = await visitor('tea')
  for (const id of [grace.viewer.session.id, eve.viewer.session.id, ada.viewer.session.id, 'nothing']) {
    expect(await endOtherSession(ada.viewer, id, AT)).toBe(false)
  }
  for (const token of [ada.token, grace.token, eve.token]) expect(await findSession(token, NOW)).not.toBeNull()
})

test('ending all others leaves this one, and other members theirs', async () => {
  const ada = await member()
  const grace = await member()
  const others = [await logIn(ada.username), await keptLogIn(ada.username)]
  expect(await endOtherSessions(ada.viewer, AT)).toBe(2)
  expect(await endOtherSessions(ada.viewer, AT)).toBe(0)
  for (const { token } of others) expect(await findSession(token, NOW)).toBeNull()
  for (const { token } of [ada, grace]) expect(await findSession(token, NOW)).not.toBeNull()
  expect((await listActivity(ada.viewer)).filter(({ what }) => what === 'Ended all other sessions').length).toBe(1)
})

test('7.2.4 giving the password again changes the token, and neither the kind nor the end', async () => {
  const { username } = await member()
  const { token, expiresAt } = await keptLogIn(username)
  const viewer = await asMember(token)
  const proof = { account: await accountOf(username), presented: token }
  const renewed = await renewSudo(viewer, proof, { ...ATTEMPT, now: later(HOUR) })
  expect(renewed).toMatchObject({ expiresAt, persistent: true })
  expect(await findSession(token, later(HOUR))).toBeNull()
  const { session } = await asMember(renewed?.token ?? '', later(HOUR))
  expect(session.id).toBe(viewer.session.id)
  expect(isSudo(viewer.session, later(HOUR))).toBe(false)
  expect(isSudo(session, later(HOUR))).toBe(true)
  await logOut(viewer, ATTEMPT)
  expect(await renewSudo(viewer, { ...proof, presented: renewed?.token ?? '' }, ATTEMPT)).toBeNull()
})

test('7.2.4 7.4.3 a changed password ends all other sessions; this one goes on with a new token and its own end', async () => {
  const ada = await member()
  const others = [await logIn(ada.username), await keptLogIn(ada.username)]
  const grace = await member()
  const changed = await changePassword(ada.viewer, await proofOf(ada), await hashPassword('new', QUICK), AT)
  expect(changed).toMatchObject({ expiresAt: ada.viewer.session.expiresAt, persistent: false })
  for (const { token } of [ada, ...others]) expect(await findSession(token, NOW)).toBeNull()
  expect((await asMember(changed?.token ?? '')).session.id).toBe(ada.viewer.session.id)
  expect(await findSession(grace.token, NOW)).not.toBeNull()
  const { username } = ada
  expect(await verifyCredentials({ username, password: PASSWORD }, { ...AT, cost: QUICK })).toBeNull()
  expect(await verifyCredentials({ username, password: 'new' }, { ...AT, cost: QUICK })).not.toBeNull()
  expect((await listActivity(ada.viewer)).map(({ what }) => what)).toContain('Changed the password')
})

test('a log-in begun before the password was changed does not get in', async () => {
  const ada = await member()
  const account = await accountOf(ada.username)
  await changePassword(ada.viewer, await proofOf(ada), await hashPassword('new', QUICK), AT)
  expect(await openSession(account, { keep: false, presented: null, ...ATTEMPT })).toBeNull()
})

test('who proves the old password while it is being changed is put out with the others', async () => {
  const ada = await member()
  // One session in two hands: each has the same token and has just given the same password.
  const stolen = await proofOf(ada)
  const changed = await changePassword(ada.viewer, await proofOf(ada), await hashPassword('new', QUICK), AT)
  expect(await renewSudo(ada.viewer, stolen, AT)).toBeNull()
  expect(await renewSudo(ada.viewer, { ...stolen, account: await accountOf(ada.username) }, AT)).toBeNull()
  expect((await asMember(changed?.token ?? '')).session.id).toBe(ada.viewer.session.id)
})

test('15.4.2 of two changes at once one wins, and the other changes nothing', async () => {
  const ada = await member()
  const second = await logIn(ada.username)
  const secondViewer = await asMember(second.token)
  const account = await accountOf(ada.username)
  const hashes = [await hashPassword('one', QUICK), await hashPassword('two', QUICK)]
  const outcomes = await Promise.all([
    changePassword(ada.viewer, { account, presented: ada.token }, hashes[0] ?? '', AT),
    changePassword(secondViewer, { account, presented: second.token }, hashes[1] ?? '', AT),
  ])
  const winner = outcomes.findIndex((outcome) => outcome !== null)
  expect(outcomes.filter((outcome) => outcome !== null).length).toBe(1)
  expect((await accountOf(ada.username)).passwordHash).toBe(hashes[winner])
  expect(await db().session.count({ where: { userId: ada.viewer.userId } })).toBe(1)
})

test('15.4.2 a session that has just been ended cannot change, end or delete anything', async () => {
  const ada = await member()
  const other = await logIn(ada.username)
  const account = await accountOf(ada.username)
  await endOtherSession(await asMember(other.token), ada.viewer.session.id, AT)
  const proof = { account, presented: ada.token }
  expect(await changePassword(ada.viewer, proof, await hashPassword('new', QUICK), AT)).toBeNull()
  expect(await renewSudo(ada.viewer, proof, AT)).toBeNull()
  expect(await endOtherSessions(ada.viewer, AT)).toBe(0)
  expect(await endOtherSession(ada.viewer, (await asMember(other.token)).session.id, AT)).toBe(false)
  expect(await deleteAccount(ada.viewer, AT)).toBeNull()
  expect(await accountOf(ada.username)).toEqual(account)
  expect(await findSession(other.token, NOW)).not.toBeNull()
})
