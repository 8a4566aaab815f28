/** The members, as the owner of the site sees and steers them: who is kept out, what stays, and who reads of it. */
import { expect, test } from 'vitest'
import { deleteAccount } from './accounts.ts'
import { verifyCredentials } from './credentials.ts'
import { db } from './db.ts'
import { exportData } from './export.ts'
import { changePassword, renewSudo } from './member-sessions.ts'
import { disableMember, enableMember, endSessionsOf, listMembers } from './members.ts'
import { hashPassword } from './password.ts'
import { listActivity, listAdminActivity } from './security-log.ts'
import { findSession, openSession } from './session-store.ts'
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
  signUp,
  thingsOf,
  visitor,
} from './testing/people.ts'

/** The owner of the site, at work. */
const AT = { client: { address: '203.0.113.99', device: 'Konqueror on FreeBSD' }, now: later(MINUTE) }

const NOBODY = '01890000-0000-7000-8000-000000000000'

let addresses = 0

/** A password typed somewhere else each time, so that no limit is in the way. */
function verify(username: string, { password = PASSWORD, cost = QUICK } = {}) {
  addresses++
  const client = { address: `198.51.100.${addresses}`, device: 'Chrome on Windows' }
  return verifyCredentials({ username, password }, { client, now: later(2 * MINUTE), cost })
}

function search(text: string, after: string | null = null, now = NOW) {
  return listMembers({ search: text, after }, now)
}

async function namesOf(text: string) {
  const { members, count } = await search(text)
  expect(count).toBe(members.length)
  return members.map(({ username }) => username).sort()
}

async function eventsOf(userId: string | null) {
  const rows = await db().securityEvent.findMany({ where: { userId }, orderBy: { id: 'asc' } })
  return rows.map(({ kind }) => kind)
}

test('8.2.3 15.3.1 a member is listed by name and numbers, and no hash is', async () => {
  const ada = await member('tea', 'rain')
  await logIn(ada.username)
  await logIn(ada.username, null, later(-3 * HOUR))
  await visitor('chess')
  const { members } = await search(ada.username)
  const { userId: id, username } = ada.viewer
  expect(members).toEqual([
    { id, username, createdAt: NOW, likes: 2, sessions: 2, disabledAt: null, publishedAt: null, takenDownAt: null },
  ])
  expect((await search(ada.username, null, later(DAY))).members[0]?.sessions).toBe(0)
})

test('no two members are given each other’s numbers', async () => {
  await signUp('numbers-none')
  const one = await asMember((await signUp('numbers-one')).token)
  await db().like.create({ data: { userId: one.userId, thing: 'tea', thingKey: 'tea', createdAt: NOW } })
  await logIn('numbers-one')
  await disableMember((await accountOf('numbers-none')).userId, AT)
  const found = (await search('numbers-')).members.map(({ username, likes, sessions, disabledAt }) => [
    ...[username, likes, sessions, disabledAt],
  ])
  expect(found.sort()).toEqual([
    ['numbers-none', 0, 0, AT.now],
    ['numbers-one', 1, 2, null],
  ])
})

test('1.2.4 a search finds a part of the username in any case, and every character stands for itself', async () => {
  for (const username of ['under_score', 'underxscore', 'under-score']) await signUp(username)
  expect(await namesOf('UNDER')).toEqual(['under-score', 'under_score', 'underxscore'])
  expect(await namesOf('  der_sc ')).toEqual(['under_score'])
  expect(await namesOf('r_s')).toEqual(['under_score'])
  expect(await namesOf('r-s')).toEqual(['under-score'])
  expect(await namesOf('score')).toEqual(['under-score', 'under_score', 'underxscore'])
  const nothing = ['%', 'under%', '__________', 'under!_score', 'under\\_score', "'", "under' OR '1'='1", 'ünder', '\0']
  for (const text of [...nothing, 'under\0', '\ud800', 'x'.repeat(100_000), '%'.repeat(60_000)]) {
    expect(await namesOf(text), JSON.stringify(text.slice(0, 40))).toEqual([])
  }
})

test('fifty a page, newest first; no page repeats or leaves out anybody', async () => {
  const data = Array.from({ length: 120 }, (_, i) => ({
    username: `paged-${i}`,
    passwordHash: 'none',
    // Five of each moment, so that it alone cannot say where a page ends.
    createdAt: later(-DAY - Math.floor(i / 5) * MINUTE),
  }))
  await db().user.createMany({ data })
  const pages = [await search('paged-')]
  for (let next = pages[0]?.next; next; next = pages.at(-1)?.next) pages.push(await search('paged-', next))
  expect(pages.map(({ members, count }) => [members.length, count])).toEqual([
    [50, 120],
    [50, 120],
    [20, 120],
  ])
  const all = pages.flatMap(({ members }) => members)
  expect(new Set(all.map(({ id }) => id)).size).toBe(120)
  const times = all.map(({ createdAt }) => createdAt.getTime())
  expect(times).toEqual(times.toSorted((one, other) => other - one))
  await db().user.deleteMany({ where: { username: { in: data.slice(50).map(({ username }) => username) } } })
  expect(await search('paged-')).toMatchObject({ count: 50, next: null })
})

test('a cursor that means nothing shows the first page', async () => {
  const first = await search('')
  expect(first.members.length).toBeGreaterThan(0)
  const hostile = ['', 'nothing', NOBODY, NOBODY.toUpperCase(), '\0', `${NOBODY}\0`, "' OR 1=1 --", 'x'.repeat(100_000)]
  for (const after of hostile) expect(await search('', after), JSON.stringify(after.slice(0, 40))).toEqual(first)
})

test('7.4.5 ending all sessions of a member leaves others theirs, and lets the member log in again', async () => {
  const ada = await member('tea')
  const second = await logIn(ada.username)
  const grace = await member()
  const eve = await visitor('rain')
  expect(await endSessionsOf(ada.viewer.userId, AT)).toBe(2)
  for (const { token } of [ada, second]) expect(await findSession(token, AT.now)).toBeNull()
  for (const { token } of [grace, eve]) expect(await findSession(token, AT.now)).not.toBeNull()
  expect(await endSessionsOf(ada.viewer.userId, AT)).toBeNull()
  expect(await thingsOf(await asMember((await logIn(ada.username)).token))).toEqual(['tea'])
})

test('6.5.6 7.4.2 8.3.2 a disabled member’s token finds nobody at the very next look-up', async () => {
  const ada = await member('tea')
  const second = await logIn(ada.username)
  const grace = await member()
  expect(await disableMember(ada.viewer.userId, AT)).toBe(true)
  for (const { token } of [ada, second]) expect(await findSession(token, AT.now)).toBeNull()
  expect(await findSession(grace.token, AT.now)).not.toBeNull()
  expect(await db().session.count({ where: { userId: ada.viewer.userId } })).toBe(0)
})

test('a session that is there nevertheless is nobody’s while its member is disabled', async () => {
  const ada = await member()
  await db().user.update({ where: { id: ada.viewer.userId }, data: { disabledAt: NOW } })
  expect(await findSession(ada.token, NOW)).toBeNull()
})

test('a disabled member is answered to the right password as to a wrong one', async () => {
  const ada = await member()
  await disableMember(ada.viewer.userId, AT)
  expect(await verify(ada.username)).toBeNull()
  expect(await verify(ada.username, { password: 'four quite wrong words' })).toBeNull()
  expect((await eventsOf(ada.viewer.userId)).slice(-2)).toEqual(['logInFailed', 'logInFailed'])
})

test('also when the hash is outdated, which stays as it is', async () => {
  const ada = await member()
  const { passwordHash } = await accountOf(ada.username)
  await disableMember(ada.viewer.userId, AT)
  expect(await verify(ada.username, { cost: 12 })).toBeNull()
  expect((await accountOf(ada.username)).passwordHash).toBe(passwordHash)
})

test('disabling while an outdated hash is made anew ends that log-in, one way or the other', async () => {
  for (let round = 0; round < 10; round++) {
    const ada = await member()
    const { userId } = ada.viewer
    const verifying = verify(ada.username, { cost: 10 })
    // Later each round: before the password is checked, then while the new hash is made.
    for (let i = 0; i < 5 * round; i++) await db().user.findUnique({ where: { id: userId } })
    await disableMember(userId, AT)
    const account = await verifying
    if (account) expect(await openSession(account, { keep: true, presented: null, ...ATTEMPT })).toBeNull()
    expect(await db().session.count({ where: { userId } })).toBe(0)
  }
})

test('a log-in that was verified before the disabling does not get in, and a visitor keeps the list', async () => {
  const ada = await member()
  const { token, viewer } = await visitor('tea')
  const account = await verify(ada.username)
  if (!account) throw new Error('not verified')
  await disableMember(ada.viewer.userId, AT)
  expect(await openSession(account, { keep: true, presented: token, ...ATTEMPT })).toBeNull()
  expect(await findSession(token, NOW)).toEqual(viewer)
  expect(await thingsOf(viewer)).toEqual(['tea'])
})

test('8.3.2 of twenty log-ins at the moment of the disabling none leaves a session', async () => {
  for (let round = 0; round < 5; round++) {
    const ada = await member()
    const { userId } = ada.viewer
    const account = await accountOf(ada.username)
    const open = () => openSession(account, { keep: true, presented: null, ...ATTEMPT })
    const racers: (() => Promise<unknown>)[] = Array.from({ length: 20 }, () => open)
    racers.splice(round * 5, 0, () => disableMember(userId, AT))
    const outcomes = await Promise.all(racers.map((race) => race()))
    expect(outcomes).toContain(true)
    expect(await db().session.count({ where: { userId } })).toBe(0)
  }
})

test('a change of the password under way, or a proof of it, fails in the session that has ended', async () => {
  for (const act of [disableMember, endSessionsOf]) {
    const ada = await member()
    const account = await accountOf(ada.username)
    const proof = { account, presented: ada.token }
    await act(ada.viewer.userId, AT)
    expect(await changePassword(ada.viewer, proof, await hashPassword('new', QUICK), ATTEMPT)).toBeNull()
    expect(await renewSudo(ada.viewer, proof, ATTEMPT)).toBeNull()
    expect(await deleteAccount(ada.viewer, ATTEMPT)).toBeNull()
    expect(await accountOf(ada.username)).toEqual(account)
    expect(await db().session.count({ where: { userId: ada.viewer.userId } })).toBe(0)
  }
})

test('enabling lets the member in again by the same password, with every like; the old session stays dead', async () => {
  const ada = await member('tea', 'rain')
  await disableMember(ada.viewer.userId, AT)
  expect(await enableMember(ada.viewer.userId, AT)).toBe(true)
  expect(await findSession(ada.token, NOW)).toBeNull()
  const account = await verify(ada.username)
  const opened = account && (await openSession(account, { keep: false, presented: null, ...ATTEMPT }))
  expect(await thingsOf(await asMember(opened?.token ?? ''))).toEqual(['rain', 'tea'])
})

test('what changes nothing says so and is not recorded: done before, or nobody', async () => {
  const ada = await member()
  const { userId } = ada.viewer
  expect(await enableMember(userId, AT)).toBe(false)
  expect(await disableMember(userId, AT)).toBe(true)
  const before = await db().securityEvent.count()
  expect(await disableMember(userId, { ...AT, now: later(HOUR) })).toBe(false)
  expect((await search(ada.username)).members[0]?.disabledAt).toEqual(AT.now)
  expect(await endSessionsOf(userId, AT)).toBeNull()
  for (const id of [NOBODY, 'nothing', '']) {
    expect([await endSessionsOf(id, AT), await disableMember(id, AT), await enableMember(id, AT)]).toEqual([
      ...[null, false, false],
    ])
  }
  expect(await db().securityEvent.count()).toBe(before)
})

test('of two that disable at once, one does, and it is recorded once', async () => {
  const { userId } = (await member()).viewer
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => disableMember(userId, AT)))
  expect(outcomes.filter(Boolean).length).toBe(1)
  expect(await eventsOf(userId)).toEqual(['signedUp', 'disabledByOwner'])
})

test('ending, disabling and deleting at once leaves no half of anything', async () => {
  // Each is first once: a deadlock, of which there is one in most rounds, takes PostgreSQL a second to see.
  for (let round = 0; round < 3; round++) {
    const { viewer } = await member('tea')
    const { userId } = viewer
    const racers = [
      () => deleteAccount(viewer, ATTEMPT),
      () => endSessionsOf(userId, AT),
      () => disableMember(userId, AT),
    ]
    const turned = [...racers.slice(round), ...racers.slice(0, round)]
    await Promise.all(turned.map((race) => race()))
    const user = await db().user.findUnique({ where: { id: userId } })
    expect(await db().session.count({ where: { userId } })).toBe(0)
    expect(await db().like.count({ where: { userId } })).toBe(user ? 1 : 0)
    if (user) expect(await eventsOf(userId)).toContain('disabledByOwner')
  }
})

test('each is told twice: to the owner of the site by whom and to whom, to the member by no address', async () => {
  await db().securityEvent.deleteMany()
  const ada = await member()
  const { userId, username } = ada.viewer
  await endSessionsOf(userId, AT)
  await disableMember(userId, { ...AT, now: later(2 * MINUTE) })
  await enableMember(userId, { ...AT, now: later(3 * MINUTE) })
  const admins = await listAdminActivity()
  expect(admins.map(({ what, at }) => [what, at])).toEqual([
    ['Enabled a member', later(3 * MINUTE)],
    ['Disabled a member', later(2 * MINUTE)],
    ['Ended a member’s sessions', later(MINUTE)],
  ])
  for (const event of admins) expect(event).toMatchObject({ ...AT.client, detail: username })
  const own = await listActivity(ada.viewer)
  expect(own.map(({ what, at }) => [what, at])).toEqual([
    ['The owner of this site enabled the account again', later(3 * MINUTE)],
    ['The owner of this site disabled the account', later(2 * MINUTE)],
    ['The owner of this site ended all sessions', later(MINUTE)],
    ['Signed up', NOW],
  ])
  const nobody = { address: 'unknown', device: 'The owner of this site', detail: null }
  for (const event of own.slice(0, 3)) expect(event).toMatchObject(nobody)
})

test('the address and the device of the owner of the site are in nothing that a member can read', async () => {
  const ada = await member('tea')
  const { userId, username } = ada.viewer
  await endSessionsOf(userId, AT)
  await disableMember(userId, AT)
  await enableMember(userId, AT)
  const viewer = await asMember((await logIn(username)).token)
  const readable = JSON.stringify([await listActivity(viewer, { all: true }), await exportData(viewer, ATTEMPT)])
  expect(readable).toContain('The owner of this site disabled the account')
  for (const secret of Object.values(AT.client)) expect(readable).not.toContain(secret)
})
