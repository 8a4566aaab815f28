/** What an account is: who has one, what is told of it, and how long its password and how many sessions it has. */
import { expect, test } from 'vitest'
import { verifyAdminPassword } from './admin-mode.ts'
import { verifyCredentials } from './credentials.ts'
import { db } from './db.ts'
import { readEnv } from './env.ts'
import { changePassword, endOtherSessions, listSessions } from './member-sessions.ts'
import { hashPassword } from './password.ts'
import { listActivity } from './security-log.ts'
import { findSession, openSession } from './session-store.ts'
import { ATTEMPT, accountOf, DAY, later, logIn, MINUTE, member, NOW, PASSWORD, QUICK } from './testing/people.ts'

// Nothing is sent: what waits to be sent is looked at.
process.env.SMTP_URL = 'smtp://127.0.0.1:9'

test('6.3.2 a new installation has no account, and no password that opens anything', async () => {
  expect(await db().user.count()).toBe(0)
  expect(await db().session.count()).toBe(0)
  expect(readEnv({})).toMatchObject({ adminPassword: undefined, metricsToken: undefined, peppers: [] })
  expect(await verifyAdminPassword('', ATTEMPT)).toBe(false)
})

test('6.2.10 a password of ten years ago opens its account, and nothing asks for a new one', async () => {
  const { username } = await member()
  const now = later(3650 * DAY)
  const account = await verifyCredentials({ username, password: PASSWORD }, { ...ATTEMPT, now, cost: QUICK })
  if (!account) throw new Error('the password is right')
  const issued = await openSession(account, { keep: true, presented: null, ...ATTEMPT, now })
  expect(await findSession(issued?.token ?? '', now)).toMatchObject({ kind: 'member', username })
})

test('6.3.7 a changed password is told to the recovery e-mail, and stands in the activity', async () => {
  const { username, token, viewer } = await member()
  const recipient = `${username}@example.org`
  await db().user.update({ where: { id: viewer.userId }, data: { recoveryEmail: recipient } })
  const proof = { account: await accountOf(username), presented: token }
  await changePassword(viewer, proof, await hashPassword('a whole new pass phrase', QUICK), ATTEMPT)
  expect(await db().mail.findMany({ where: { recipient } })).toMatchObject([{ kind: 'passwordChanged' }])
  expect((await listActivity(viewer)).map(({ what }) => what)).toContain('Changed the password')
})

test('7.1.2 an account has as many sessions as log-ins; the hundred last used are listed, and all end at once', async () => {
  const { username, token, viewer } = await member()
  const tokens = []
  for (let i = 0; i < 105; i++) tokens.push((await logIn(username, null, later(-i))).token)
  expect(await listSessions(viewer, NOW)).toHaveLength(100)
  for (const one of tokens) expect(await findSession(one, NOW)).not.toBeNull()
  expect(await endOtherSessions(viewer, { ...ATTEMPT, now: later(MINUTE) })).toBe(105)
  for (const one of tokens) expect(await findSession(one, NOW)).toBeNull()
  expect(await findSession(token, NOW)).not.toBeNull()
})
