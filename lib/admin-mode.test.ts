/** Admin mode is the session's, ends by itself, and cannot be guessed into. */
import { expect, test } from 'vitest'
import { begin, end, verifyAdminPassword } from './admin-mode.ts'
import { db } from './db.ts'
import { isAdmin } from './session-limits.ts'
import { findSession, openVisitorSession, renewSession, touchSession } from './session-store.ts'
import { ATTEMPT, CLIENT, DAY, HOUR, later, logIn, MINUTE, member, NOW, visitor } from './testing/people.ts'
import type { Keeper } from './viewer.ts'

const PASSWORD = 'the owner’s own pass phrase'
process.env.ADMIN_PASSWORD = PASSWORD

async function admin(token: string, now = NOW) {
  const keeper = (await findSession(token, now)) as Keeper
  const issued = await begin(keeper, token, { ...ATTEMPT, now })
  if (!issued) throw new Error('the session is gone')
  return issued
}

const isAdminAt = async (token: string, ms: number) => {
  const found = await findSession(token, later(ms))
  return found !== null && isAdmin(found.session, later(ms))
}

/** What every request does when it is time. */
async function use(token: string, ms: number) {
  const found = await findSession(token, later(ms))
  if (found) await touchSession(found.session, later(ms))
}

test('7.2.4 the session gets a new token and keeps its kind, its end and its list', async () => {
  const guest = await visitor('tea')
  const issued = await admin(guest.token)
  expect(await findSession(guest.token, NOW)).toBeNull()
  const found = await findSession(issued.token, NOW)
  expect(found).toMatchObject({ kind: 'visitor', session: { id: guest.viewer.session.id, adminSince: NOW } })
  expect(issued).toMatchObject({ persistent: true, expiresAt: guest.viewer.session.expiresAt })
  expect(await isAdminAt(issued.token, 0)).toBe(true)
})

test('7.3.1 it ends fifteen minutes after the last use, and the next use does not bring it back', async () => {
  const { token } = await admin((await visitor()).token)
  expect(await isAdminAt(token, 15 * MINUTE - 1)).toBe(true)
  expect(await isAdminAt(token, 15 * MINUTE)).toBe(false)
  await use(token, 15 * MINUTE)
  expect(await isAdminAt(token, 15 * MINUTE + 1)).toBe(false)
  expect(await findSession(token, later(HOUR))).toMatchObject({ session: { adminSince: null } })
})

test('nor does a like that renews a visitor’s limits', async () => {
  const guest = await openVisitorSession(later(-40 * DAY))
  const { token } = await admin(guest.token)
  const found = await findSession(token, later(HOUR))
  if (found?.kind !== 'visitor') throw new Error('not a visitor')
  await renewSession(found, later(HOUR))
  expect(await isAdminAt(token, HOUR)).toBe(false)
})

test('use prolongs it, so that it ends between 90 and 100 % of fifteen minutes without', async () => {
  const { token } = await admin((await visitor()).token)
  for (let ms = 0; ms <= HOUR; ms += 89_000) await use(token, ms)
  expect(await isAdminAt(token, HOUR + 13.5 * MINUTE - 2 * 89_000)).toBe(true)
  expect(await isAdminAt(token, HOUR + 15 * MINUTE)).toBe(false)
})

test('7.3.2 it ends after eight hours in any case', async () => {
  const { token } = await admin((await visitor()).token)
  for (let ms = 0; ms < 8 * HOUR; ms += 10 * MINUTE) await use(token, ms)
  expect(await isAdminAt(token, 8 * HOUR - 1)).toBe(true)
  expect(await isAdminAt(token, 8 * HOUR)).toBe(false)
})

test('a clock that was ahead grants nothing', async () => {
  const { token } = await admin((await visitor()).token, later(HOUR))
  expect(await isAdminAt(token, 0)).toBe(false)
})

test('8.3.2 Log out of admin ends it and gives a new token; twice is fine', async () => {
  const { token } = await admin((await visitor()).token)
  const found = (await findSession(token, NOW)) as Keeper
  const issued = await end(found, token, ATTEMPT)
  expect(await findSession(token, NOW)).toBeNull()
  expect(await isAdminAt(issued?.token ?? '', 0)).toBe(false)
  expect(await end(found, token, ATTEMPT)).toBeNull()
})

test('any log-in ends it', async () => {
  const ada = await member()
  const { token } = await admin((await visitor('tea')).token)
  const opened = await logIn(ada.username, token)
  expect(await findSession(token, NOW)).toBeNull()
  expect(await isAdminAt(opened.token, 0)).toBe(false)
})

test('only the token that the request carried begins it', async () => {
  const guest = await visitor()
  const other = await visitor()
  expect(await begin(guest.viewer, other.token, ATTEMPT)).toBeNull()
  expect(await begin(guest.viewer, '', ATTEMPT)).toBeNull()
  expect(await db().session.count({ where: { adminSince: { not: null }, id: guest.viewer.session.id } })).toBe(0)
})

test('6.3.1 five wrong passwords from an address are checked in ten minutes, however many are sent at once', async () => {
  await db().throttle.deleteMany()
  const attempt = { client: { ...CLIENT, address: '198.51.100.7' }, now: NOW }
  const tries = await Promise.allSettled(
    Array.from({ length: 30 }, () => verifyAdminPassword('a guess of some length', attempt)),
  )
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
  await expect(verifyAdminPassword(PASSWORD, attempt)).rejects.toThrow(/tried too often/)
  expect(await verifyAdminPassword(PASSWORD, { ...attempt, now: later(10 * MINUTE) })).toBe(true)
})

test('the right password is none of the tries, and no beginning or other spelling of it is right', async () => {
  const attempt = { client: { ...CLIENT, address: '198.51.100.8' }, now: NOW }
  for (let i = 0; i < 20; i++) expect(await verifyAdminPassword(PASSWORD, attempt)).toBe(true)
  for (const wrong of ['', PASSWORD.slice(0, -1), `${PASSWORD} `, PASSWORD.toUpperCase()]) {
    expect(await verifyAdminPassword(wrong, attempt)).toBe(false)
  }
})
