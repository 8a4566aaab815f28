/** A forgotten password is replaced by whoever reads the confirmed recovery e-mail, and by nobody else. */
import { afterAll, beforeEach, expect, test } from 'vitest'
import { verifyCredentials } from './credentials.ts'
import { db } from './db.ts'
import { changePassword } from './member-sessions.ts'
import { hashPassword } from './password.ts'
import { deliverDue } from './postman.ts'
import {
  askForRecoveryEmail,
  askForReset,
  confirmRecoveryEmail,
  findReset,
  recoveryEmailOf,
  removeRecoveryEmail,
  resetPassword,
} from './recovery.ts'
import { endSessionOf, findSession, openSession } from './session-store.ts'
import { closeTransport } from './smtp.ts'
import { linkIn, MailServer } from './testing/mail-server.ts'
import {
  ATTEMPT,
  accountOf,
  CLIENT,
  DAY,
  later,
  logIn,
  MINUTE,
  member,
  NOW,
  PASSWORD,
  QUICK,
} from './testing/people.ts'

const server = await new MailServer().start()
process.env.SMTP_URL = server.url
const NEW = 'a whole new pass phrase'
const ADDRESS = 'ada@example.org'

afterAll(async () => {
  closeTransport()
  await server.stop()
})
beforeEach(async () => {
  await db().mail.deleteMany()
  await db().throttle.deleteMany()
  await db().user.updateMany({ data: { recoveryEmail: null } })
  server.received.length = 0
})

async function mailed(begins: '/confirm/' | '/reset/') {
  await deliverDue(() => NOW)
  return linkIn(await server.take(({ text }) => text.includes(begins)), begins).slice(begins.length)
}

async function recoverable(address = ADDRESS) {
  const ada = await member()
  await askForRecoveryEmail(ada.viewer, address, ATTEMPT)
  expect(await confirmRecoveryEmail(await mailed('/confirm/'), ada.viewer, ATTEMPT)).toBe(true)
  return ada
}

async function linkTo(address = ADDRESS) {
  await askForReset(address, ATTEMPT)
  return mailed('/reset/')
}

const reset = async (token: string, username: string, now = NOW) =>
  resetPassword(token, { username, passwordHash: await hashPassword(NEW, QUICK) }, { ...ATTEMPT, now })

test('2.3.1 6.3.6 an address is the recovery e-mail when its link was followed, by that member', async () => {
  const [ada, eve] = [await member(), await member()]
  await askForRecoveryEmail(ada.viewer, ADDRESS, ATTEMPT)
  expect(await recoveryEmailOf(ada.viewer)).toBeNull()
  const token = await mailed('/confirm/')
  expect(await confirmRecoveryEmail(token, eve.viewer, ATTEMPT)).toBe(false)
  expect(await recoveryEmailOf(eve.viewer)).toBeNull()
  expect(await confirmRecoveryEmail(token, ada.viewer, { ...ATTEMPT, now: later(7 * DAY) })).toBe(false)
  expect(await confirmRecoveryEmail(token, ada.viewer, ATTEMPT)).toBe(true)
  expect(await recoveryEmailOf(ada.viewer)).toBe(ADDRESS)
  expect(await confirmRecoveryEmail(token, ada.viewer, ATTEMPT)).toBe(false)
})

test('a second wish for a recovery e-mail makes the link of the first worthless', async () => {
  const ada = await member()
  await askForRecoveryEmail(ada.viewer, 'typo@example.org', ATTEMPT)
  const first = await mailed('/confirm/')
  await askForRecoveryEmail(ada.viewer, ADDRESS, ATTEMPT)
  expect(await confirmRecoveryEmail(first, ada.viewer, ATTEMPT)).toBe(false)
  expect(await confirmRecoveryEmail(await mailed('/confirm/'), ada.viewer, ATTEMPT)).toBe(true)
})

test('6.3.7 the old address is told of a change and of a removal', async () => {
  const ada = await recoverable()
  await askForRecoveryEmail(ada.viewer, 'new@example.org', ATTEMPT)
  await confirmRecoveryEmail(await mailed('/confirm/'), ada.viewer, ATTEMPT)
  await deliverDue(() => NOW)
  expect(await server.take()).toMatchObject({ to: [ADDRESS], subject: expect.stringContaining('changed') })
  expect(await removeRecoveryEmail(ada.viewer, ATTEMPT)).toBe(true)
  await deliverDue(() => NOW)
  expect(await server.take()).toMatchObject({ to: ['new@example.org'], subject: expect.stringContaining('removed') })
  expect(await removeRecoveryEmail(ada.viewer, ATTEMPT)).toBe(false)
  expect(await recoveryEmailOf(ada.viewer)).toBeNull()
})

test('a session that has ended meanwhile changes no recovery e-mail', async () => {
  const ada = await member()
  await askForRecoveryEmail(ada.viewer, ADDRESS, ATTEMPT)
  const token = await mailed('/confirm/')
  await endSessionOf(ada.token)
  expect(await confirmRecoveryEmail(token, ada.viewer, ATTEMPT)).toBe(false)
  expect(await askForRecoveryEmail(ada.viewer, ADDRESS, ATTEMPT)).toBe(false)
  expect(await recoveryEmailOf(ada.viewer)).toBeNull()
})

test('6.3.7 6.4.3 6.5.6 7.4.3 16.3.1 a link sets a new password once, and ends all sessions', async () => {
  const ada = await recoverable()
  const phone = await logIn(ada.username)
  const token = await linkTo()
  expect(await findReset(token, NOW)).toEqual([ada.username])
  expect(await reset(token, ada.username)).toBe(true)
  for (const old of [ada.token, phone.token]) expect(await findSession(old, NOW)).toBeNull()
  expect(
    await verifyCredentials({ username: ada.username, password: PASSWORD }, { ...ATTEMPT, cost: QUICK }),
  ).toBeNull()
  expect(await verifyCredentials({ username: ada.username, password: NEW }, { ...ATTEMPT, cost: QUICK })).not.toBeNull()
  expect(await findReset(token, NOW)).toBeNull()
  expect(await reset(token, ada.username)).toBe(false)
  await deliverDue(() => NOW)
  expect(await server.take()).toMatchObject({ to: [ADDRESS], subject: expect.stringContaining('password') })
})

test('2.3.4 6.4.3 twenty who follow one link at once set one password', async () => {
  const ada = await recoverable()
  const token = await linkTo()
  // Hashed before, or one after the other would come.
  const account = { username: ada.username, passwordHash: await hashPassword(NEW, QUICK) }
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => resetPassword(token, account, ATTEMPT)))
  expect(outcomes.filter(Boolean)).toHaveLength(1)
})

test('6.4.1 6.4.3 a link works for 30 minutes', async () => {
  const ada = await recoverable()
  const token = await linkTo()
  expect(await findReset(token, later(30 * MINUTE - 1))).toEqual([ada.username])
  expect(await findReset(token, later(30 * MINUTE))).toBeNull()
  expect(await reset(token, ada.username, later(30 * MINUTE))).toBe(false)
})

test('one address serves several accounts, and a link sets the password of one of its own only', async () => {
  const [ada, grace, eve] = [await recoverable(), await recoverable(), await member()]
  const token = await linkTo()
  expect(await findReset(token, NOW)).toEqual([ada.username, grace.username].sort())
  await expect(reset(token, eve.username)).rejects.toThrow(/changed meanwhile/)
  expect(await reset(token, grace.username)).toBe(true)
  expect(
    await verifyCredentials({ username: ada.username, password: PASSWORD }, { ...ATTEMPT, cost: QUICK }),
  ).not.toBeNull()
})

test('6.4.3 a link is worthless after the password or the address was changed', async () => {
  const ada = await recoverable()
  const first = await linkTo()
  const proof = { account: await accountOf(ada.username), presented: ada.token }
  const issued = await changePassword(ada.viewer, proof, await hashPassword(NEW, QUICK), ATTEMPT)
  expect(issued).not.toBeNull()
  expect(await findReset(first, NOW)).toBeNull()
  const second = await linkTo()
  await removeRecoveryEmail(ada.viewer, ATTEMPT)
  expect(await findReset(second, NOW)).toBeNull()
  expect(await reset(second, ada.username)).toBe(false)
})

test('a log-in begun before the new password does not outlive it', async () => {
  const ada = await recoverable()
  const verified = await accountOf(ada.username)
  await reset(await linkTo(), ada.username)
  expect(await openSession(verified, { keep: true, presented: null, client: CLIENT, now: NOW })).toBeNull()
})

test('a disabled account gets no link', async () => {
  const ada = await recoverable()
  const token = await linkTo()
  await db().user.update({ where: { id: ada.viewer.userId }, data: { disabledAt: NOW } })
  expect(await findReset(token, NOW)).toBeNull()
  await expect(reset(token, ada.username)).rejects.toThrow(/changed meanwhile/)
  await askForReset(ADDRESS, ATTEMPT)
  await deliverDue(() => NOW)
  expect(server.received).toEqual([])
})

test('asking for a link does the same for an address that nobody has', async () => {
  await recoverable()
  await deliverDue(() => NOW)
  const rows = async (address: string) => {
    await askForReset(address, ATTEMPT)
    return db().mail.findMany({ where: { recipient: address }, omit: { id: true, recipient: true } })
  }
  expect(await rows(ADDRESS)).toEqual(await rows('nobody@example.org'))
})

test('one mailbox gets five links, and then one at a time, whoever asks', async () => {
  const ask = (i: number) =>
    askForReset(ADDRESS, { client: { ...CLIENT, address: `192.0.2.${i}` }, now: NOW }).catch((error) => error.name)
  for (let i = 0; i < 5; i++) expect(await ask(i)).toBeUndefined()
  expect(await ask(99)).toBe('Throttled')
})
