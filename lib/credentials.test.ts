/** Proving who one is: guesses are limited, the owner is never kept out, and no answer tells which names exist. */

import { getRounds } from 'bcryptjs'
import SqliteFile from 'better-sqlite3'
import { beforeEach, expect, test, vi } from 'vitest'
import { deleteAccount } from './accounts.ts'
import { verifyCredentials } from './credentials.ts'
import { db } from './db.ts'
import { changePassword } from './member-sessions.ts'
import { hashPassword } from './password.ts'
import {
  ATTEMPT,
  accountOf,
  later,
  logIn,
  MINUTE,
  member,
  NOW,
  newUsername,
  PASSWORD,
  QUICK,
} from './testing/people.ts'
import { Throttled } from './throttle.ts'
import { Unavailable } from './unavailable.ts'

const WRONG = 'four quite wrong words'

// These people share an address, and each test is about guesses of its own.
beforeEach(async () => {
  await db().throttle.deleteMany()
})

let addresses = 0

/** Somewhere that nobody has logged in from. */
function elsewhere() {
  addresses++
  return { address: `198.51.100.${addresses}`, device: 'Chrome on Windows' }
}

function guess(username: string, { client = elsewhere(), now = NOW, password = WRONG, cost = QUICK } = {}) {
  return verifyCredentials({ username, password }, { client, now, cost })
}

async function lockFor(username: string, client = elsewhere()) {
  for (let i = 0; i < 5; i++) expect(await guess(username, { client })).toBeNull()
}

test('2.4.1 6.3.1 15.4.2 of 50 guesses at once, from as many addresses, five are checked at all', async () => {
  const { username, viewer } = await member()
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => guess(username)))
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(refused.length).toBe(45)
  for (const { reason } of refused) expect(reason).toBeInstanceOf(Throttled)
  expect(await db().securityEvent.count({ where: { userId: viewer.userId, kind: 'logInFailed' } })).toBe(5)
})

test('the right password must wait too where nobody knows the address', async () => {
  const { username } = await member()
  await lockFor(username)
  await expect(guess(username, { password: PASSWORD })).rejects.toThrow('Please wait 10 seconds')
  expect(await guess(username, { password: PASSWORD, now: later(10_000) })).not.toBeNull()
})

test('6.3.1 a stranger cannot lock the owner out of an address from which they logged in', async () => {
  const { username } = await member()
  await lockFor(username)
  expect(await guess(username, { ...ATTEMPT, password: PASSWORD })).not.toBeNull()
})

test('a familiar address has five tries of its own, given back when the password is right', async () => {
  const { username } = await member()
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 4; i++) expect(await guess(username, ATTEMPT)).toBeNull()
    expect(await guess(username, { ...ATTEMPT, password: PASSWORD })).not.toBeNull()
  }
  for (let i = 0; i < 5; i++) expect(await guess(username, ATTEMPT)).toBeNull()
  await expect(guess(username, ATTEMPT)).rejects.toThrow(Throttled)
})

test('an address is familiar for sixty days: longer than the longest session that began there', async () => {
  const { username } = await member()
  const day = 24 * 60 * MINUTE
  for (let i = 0; i < 5; i++) await guess(username, { now: later(60 * day) })
  expect(await guess(username, { ...ATTEMPT, password: PASSWORD, now: later(60 * day) })).not.toBeNull()
  const { username: other } = await member()
  const client = elsewhere()
  for (let i = 0; i < 5; i++) await guess(other, { client, now: later(60 * day + 1) })
  await expect(guess(other, { ...ATTEMPT, password: PASSWORD, now: later(60 * day + 1) })).rejects.toThrow(Throttled)
})

test('a changed password makes every address but the own one strange', async () => {
  const { username, viewer, token } = await member()
  await db().securityEvent.updateMany({ where: { userId: viewer.userId }, data: { address: '203.0.113.50' } })
  const proof = { account: await accountOf(username), presented: token }
  await changePassword(viewer, proof, await hashPassword(PASSWORD, QUICK), { ...ATTEMPT, now: later(1) })
  await lockFor(username)
  const thief = { client: { address: '203.0.113.50', device: 'Chrome on Windows' }, now: later(2) }
  await expect(guess(username, { ...thief, password: PASSWORD })).rejects.toThrow(Throttled)
  expect(await guess(username, { ...ATTEMPT, now: later(2), password: PASSWORD })).not.toBeNull()
})

test('a member who is logged in can prove the password while others guess, and has five tries', async () => {
  const { username, viewer } = await member()
  const attempt = { client: elsewhere(), now: NOW, session: viewer.session, cost: QUICK }
  await lockFor(username)
  expect(await verifyCredentials({ username, password: PASSWORD }, attempt)).not.toBeNull()
  for (let i = 0; i < 5; i++) expect(await verifyCredentials({ username, password: WRONG }, attempt)).toBeNull()
  await expect(verifyCredentials({ username, password: PASSWORD }, attempt)).rejects.toThrow(Throttled)
})

test('15.4.4 sixty passwords in ten minutes from one address are the last, right ones too', async () => {
  const client = elsewhere()
  const { username } = await member()
  for (let i = 0; i < 60; i++) expect(await guess(username, { client, password: PASSWORD })).not.toBeNull()
  await expect(guess(username, { client, password: PASSWORD })).rejects.toThrow('Please wait 10 minutes')
})

test('a wrong password for an account that is deleted in this moment is still only wrong', async () => {
  const { username, viewer } = await member()
  const checking = guess(username, { cost: QUICK })
  await db().user.delete({ where: { id: viewer.userId } })
  expect(await checking).toBeNull()
})

test('another account’s log-ins make no address familiar', async () => {
  const { username } = await member()
  const client = elsewhere()
  await db().securityEvent.updateMany({ where: { user: { username } }, data: { address: '203.0.113.1' } })
  await member()
  await lockFor(username, client)
  await expect(guess(username, { ...ATTEMPT, password: PASSWORD })).rejects.toThrow(Throttled)
})

test('2.3.2 6.3.1 twenty wrong passwords from one address are the last, whatever accounts they are for', async () => {
  const client = elsewhere()
  for (let i = 0; i < 4; i++) await lockFor((await member()).username, client)
  await expect(guess((await member()).username, { client })).rejects.toThrow('Please wait 10 minutes')
})

test('right passwords are not counted: thirty members behind one address get in', async () => {
  const client = elsewhere()
  const { username } = await member()
  for (let i = 0; i < 30; i++) expect(await guess(username, { client, password: PASSWORD })).not.toBeNull()
})

test('logging in to an account of one’s own gives no guess at another’s back', async () => {
  const client = elsewhere()
  const { username: own } = await member()
  for (let i = 0; i < 4; i++) {
    expect(await guess(own, { client, password: PASSWORD })).not.toBeNull()
    await lockFor((await member()).username, client)
  }
  await expect(guess((await member()).username, { client })).rejects.toThrow(Throttled)
})

test('a deleted account leaves no count behind', async () => {
  const { username, viewer } = await member()
  await lockFor(username)
  await guess(username, ATTEMPT)
  await deleteAccount(viewer, ATTEMPT)
  expect(await db().throttle.count({ where: { key: { startsWith: 'passwordByAccount' } } })).toBe(0)
})

test('a password that could not be checked, because too many wait, was no guess', async () => {
  const { username } = await member()
  const crowd = Promise.allSettled(Array.from({ length: 80 }, () => hashPassword('x', 8)))
  await expect(guess(username)).rejects.toThrow(Unavailable)
  await crowd
  expect(await db().throttle.count()).toBe(0)
})

test.runIf(process.env.DATABASE_URL?.startsWith('file:'))(
  'wrong, wait and busy take a known and an unknown name through the same statements',
  async () => {
    const prepare = vi.spyOn(SqliteFile.prototype, 'prepare')
    const shapes: Record<string, unknown[]> = { known: [], unknown: [] }
    const { username } = await member()
    for (const [kind, name] of [
      ['known', username],
      ['unknown', newUsername()],
    ] as const) {
      const client = elsewhere()
      const observe = async () => {
        prepare.mockClear()
        const words = await guess(name, { client }).catch((error: Error) => error.message)
        shapes[kind]?.push(words, ...prepare.mock.calls.map(([sql]) => sql))
      }
      const crowd = Promise.allSettled(Array.from({ length: 80 }, () => hashPassword('x', 8)))
      await observe()
      await crowd
      for (let i = 0; i < 6; i++) await observe()
    }
    prepare.mockRestore()
    expect(shapes.known).toEqual(shapes.unknown)
    expect(shapes.known?.filter((word) => typeof word !== 'string')).toEqual([null, null, null, null, null])
    expect(shapes.known).toContainEqual(expect.stringContaining('Many people are logging in'))
    expect(shapes.known).toContainEqual(expect.stringContaining('Please wait 10 seconds'))
  },
)

test('11.2.2 11.4.2 a hash of lower cost is made anew at log-in, and parallel log-ins all get in', async () => {
  const { username, viewer } = await member()
  const now = later(MINUTE)
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, () => guess(username, { ...ATTEMPT, now, password: PASSWORD, cost: QUICK + 1 })),
  )
  const { passwordHash } = await db().user.findUniqueOrThrow({ where: { id: viewer.userId } })
  expect(getRounds(passwordHash)).toBe(QUICK + 1)
  for (const account of outcomes) expect(account?.passwordHash).toBe(passwordHash)
  await guess(username, { ...ATTEMPT, now, password: PASSWORD, cost: QUICK })
  expect(await db().user.count({ where: { id: viewer.userId, passwordHash } })).toBe(1)
})

test('16.3.1 a failed attempt is recorded for its member, and one on a name that nobody has for nobody', async () => {
  const { username, viewer } = await member()
  const client = elsewhere()
  await guess(username, { client })
  await guess('a-password-typed-as-a-name', { client })
  const events = await db().securityEvent.findMany({ where: { address: client.address }, orderBy: { id: 'asc' } })
  expect(events).toMatchObject([
    { kind: 'logInFailed', userId: viewer.userId, device: 'Chrome on Windows' },
    { kind: 'logInFailed', userId: null },
  ])
  expect(JSON.stringify(events)).not.toContain('typed-as')
})

test('a log-in makes its address familiar', async () => {
  const { username } = await member()
  await logIn(username)
  await lockFor(username)
  expect(await guess(username, { ...ATTEMPT, password: PASSWORD })).not.toBeNull()
})
