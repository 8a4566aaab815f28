/** The mailing list where e-mail is on: an address counts when its mailbox has said so. */
import { afterAll, beforeEach, expect, test } from 'vitest'
import { db } from './db.ts'
import { findLink } from './mail.ts'
import {
  confirmSubscription,
  deleteUnconfirmed,
  farewellOf,
  findSubscription,
  subscribe,
  unregister,
  unsubscribe,
} from './mailing-list.ts'
import { deliverDue } from './postman.ts'
import { findSession, forget, touchSession } from './session-store.ts'
import { closeTransport } from './smtp.ts'
import { linkIn, MailServer } from './testing/mail-server.ts'
import { ATTEMPT, asMember, DAY, later, logIn, MINUTE, member, NOW, visitor } from './testing/people.ts'
import type { Keeper } from './viewer.ts'

const server = await new MailServer().start()
process.env.SMTP_URL = server.url

afterAll(async () => {
  closeTransport()
  await server.stop()
})
beforeEach(async () => {
  await db().mail.deleteMany()
  await db().subscriber.deleteMany()
  await db().throttle.deleteMany()
  server.received.length = 0
})

const ADDRESS = 'ada@example.org'

/** The same person at the next request. */
async function again<K extends Keeper>(keeper: { token: string; viewer: K }, now = NOW): Promise<K> {
  return (await findSession(keeper.token, now)) as K
}

async function mailed(begins: '/confirm/' | '/unsubscribe/', now = NOW) {
  await deliverDue(() => now)
  return linkIn(await server.take(), begins).slice(begins.length)
}

const onList = async () =>
  (await db().subscriber.findMany({ where: { confirmedAt: { not: null } } })).map(({ address }) => address)

test('2.3.1 an address is on the list when its link was followed, and not before', async () => {
  const guest = await visitor()
  await subscribe(guest.viewer, ADDRESS, ATTEMPT)
  expect((await again(guest)).session.data.subscription).toEqual({ address: ADDRESS, ownId: expect.any(String) })
  const token = await mailed('/confirm/')
  expect(await onList()).toEqual([])
  expect(await findSubscription(token, NOW)).toEqual({ address: ADDRESS })
  expect(await onList()).toEqual([])
  expect(await confirmSubscription(token, { kind: 'stranger' }, later(MINUTE))).toBe(ADDRESS)
  expect(await onList()).toEqual([ADDRESS])
  expect(await confirmSubscription(token, { kind: 'stranger' }, later(DAY))).toBe(ADDRESS)
  expect(await db().subscriber.findMany()).toMatchObject([{ confirmedAt: later(MINUTE) }])
})

test('14.2.7 a link that is not confirmed within seven days is dead, and its address is forgotten', async () => {
  await subscribe((await visitor()).viewer, ADDRESS, ATTEMPT)
  const token = await mailed('/confirm/')
  expect(await confirmSubscription(token, { kind: 'stranger' }, later(7 * DAY))).toBeNull()
  expect(await deleteUnconfirmed(later(7 * DAY - 1), 10)).toBe(0)
  expect(await deleteUnconfirmed(later(7 * DAY), 10)).toBe(1)
  expect(await findSubscription(token, later(DAY))).toBe('left')
})

test('2.3.4 fifty subscriptions of one address at once make one row', async () => {
  const guests = await Promise.all(Array.from({ length: 50 }, () => visitor()))
  await Promise.all(guests.map(({ viewer }) => subscribe(viewer, ADDRESS, ATTEMPT)))
  expect(await db().subscriber.count()).toBe(1)
  const ours = (await Promise.all(guests.map((guest) => again(guest)))).filter(
    (it) => it.session.data.subscription?.ownId,
  )
  expect(ours).toHaveLength(1)
})

test('of one session that subscribes an address many times at once, the address is its own', async () => {
  const guest = await visitor()
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, async () => subscribe(await again(guest), ADDRESS, ATTEMPT)),
  )
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true)
  expect((await again(guest)).session.data.subscription).toEqual({ address: ADDRESS, ownId: expect.any(String) })
})

test('who subscribes an address that is on the list is shown the same, and its mailbox is told', async () => {
  await db().subscriber.create({ data: { address: ADDRESS, createdAt: NOW, confirmedAt: NOW } })
  const [known, unknown] = [await visitor(), await visitor()]
  await subscribe(known.viewer, ADDRESS, ATTEMPT)
  await subscribe(unknown.viewer, 'grace@example.org', ATTEMPT)
  const shown = async (guest: typeof known) => Object.keys((await again(guest)).session.data)
  expect(await shown(known)).toEqual(await shown(unknown))
  await deliverDue(() => NOW)
  expect((await server.take(({ to }) => to[0] === ADDRESS)).subject).toContain('already')
  expect((await server.take(({ to }) => to[0] !== ADDRESS)).subject).toContain('confirm')
})

test('a session takes back at once what it brought', async () => {
  const guest = await visitor()
  await subscribe(guest.viewer, ADDRESS, ATTEMPT)
  expect(await unregister(await again(guest), ATTEMPT)).toBe('removed')
  expect(await db().subscriber.count()).toBe(0)
  const viewer = await again(guest)
  expect(viewer.session.data.subscription).toBeUndefined()
  expect(farewellOf(viewer, later(MINUTE - 1))).toMatchObject({ address: ADDRESS, isRemoved: true })
  expect(farewellOf(viewer, later(MINUTE))).toBeNull()
  expect(await unregister(viewer, ATTEMPT)).toBe('unknown')
})

test('an address that somebody else brought gets a link, and stays until it is followed', async () => {
  await db().subscriber.create({ data: { address: ADDRESS, createdAt: NOW, confirmedAt: NOW } })
  const eve = await visitor()
  await subscribe(eve.viewer, ADDRESS, ATTEMPT)
  await mailed('/unsubscribe/')
  expect(await unregister(await again(eve), ATTEMPT)).toBe('mailed')
  expect(await onList()).toEqual([ADDRESS])
  expect((await again(eve)).session.data.subscription).toBeUndefined()
  const token = await mailed('/unsubscribe/')
  expect(await unsubscribe(token, null, NOW)).toEqual({ address: ADDRESS })
  expect(await onList()).toEqual([])
})

test('the answer to whoever unregisters another’s address is the same when it is not on the list', async () => {
  const eve = await visitor()
  await db().subscriber.create({ data: { address: ADDRESS, createdAt: NOW, confirmedAt: NOW } })
  await subscribe(eve.viewer, ADDRESS, ATTEMPT)
  await db().subscriber.deleteMany()
  await deliverDue(() => NOW)
  server.received.length = 0
  expect(await unregister(await again(eve), ATTEMPT)).toBe('mailed')
  await deliverDue(() => NOW)
  expect(server.received).toEqual([])
})

test('an address that has left meanwhile is not reported as removed', async () => {
  const guest = await visitor()
  await subscribe(guest.viewer, ADDRESS, ATTEMPT)
  await db().subscriber.deleteMany()
  expect(await unregister(await again(guest), ATTEMPT)).toBe('absent')
  expect((await again(guest)).session.data).toEqual({})
})

test('the session that confirms an address may take it back', async () => {
  await subscribe((await visitor()).viewer, ADDRESS, ATTEMPT)
  const other = await visitor()
  await subscribe(other.viewer, 'grace@example.org', ATTEMPT)
  await deliverDue(() => NOW)
  const token = linkIn(await server.take(({ to }) => to[0] === ADDRESS), '/confirm/').slice('/confirm/'.length)
  const fresh = await visitor()
  await confirmSubscription(token, fresh.viewer, NOW)
  expect((await again(fresh)).session.data.subscription).toEqual({ address: ADDRESS, ownId: expect.any(String) })
  await confirmSubscription(token, await again(other), NOW)
  expect((await again(other)).session.data.subscription?.address).toBe('grace@example.org')
})

test('the address comes along at log-in, and ends with the session', async () => {
  const ada = await member()
  const guest = await visitor('tea')
  await subscribe(guest.viewer, ADDRESS, ATTEMPT)
  const { token } = await logIn(ada.username, guest.token)
  expect((await asMember(token)).session.data).toMatchObject({
    subscription: { address: ADDRESS, ownId: expect.any(String) },
  })
  const next = await logIn(ada.username, token)
  expect((await asMember(next.token)).session.data).toEqual({})
})

test('a subscription for a session that has just ended is refused, and leaves nothing', async () => {
  const guest = await visitor()
  await forget(guest.viewer, ATTEMPT)
  await expect(subscribe(guest.viewer, ADDRESS, ATTEMPT)).rejects.toThrow(/press Subscribe once more/)
  expect(await db().subscriber.count()).toBe(0)
  expect(await db().mail.count()).toBe(0)
})

test('Forget me removes the address that this session brought, and no other', async () => {
  const [guest, eve] = [await visitor(), await visitor()]
  await subscribe(guest.viewer, ADDRESS, ATTEMPT)
  await subscribe(eve.viewer, ADDRESS, ATTEMPT)
  expect(await forget(eve.viewer, ATTEMPT)).toEqual({ likes: 0, isUnsubscribed: false })
  expect(await forget(guest.viewer, ATTEMPT)).toEqual({ likes: 0, isUnsubscribed: true })
  expect(await db().subscriber.count()).toBe(0)
})

test('the link of any message leaves the list, twice too, and one of another kind does not', async () => {
  const guest = await visitor()
  await subscribe(guest.viewer, ADDRESS, ATTEMPT)
  const token = await mailed('/unsubscribe/')
  const viewer = await again(guest)
  expect(await unsubscribe(token, viewer, later(400 * DAY))).toEqual({ address: ADDRESS })
  expect(await unsubscribe(token, viewer, NOW)).toBe('left')
  expect((await again(guest)).session.data).toEqual({})
  for (const forged of ['', 'x', 'A'.repeat(43), `${token}A`, token.toLowerCase()]) {
    expect(await unsubscribe(forged, null, NOW)).toBeNull()
  }
})

test('a link from before an address left takes nothing off when it has come back', async () => {
  const guest = await visitor()
  await subscribe(guest.viewer, ADDRESS, ATTEMPT)
  const token = await mailed('/unsubscribe/')
  await unsubscribe(token, null, NOW)
  await subscribe((await visitor()).viewer, ADDRESS, ATTEMPT)
  await subscribe((await visitor()).viewer, 'grace@example.org', ATTEMPT)
  expect(await unsubscribe(token, null, NOW)).toBe('left')
  expect(await db().subscriber.count()).toBe(2)
  expect(await findLink(token, 'unsubscribe', NOW)).toMatchObject({ subscriberId: null })
})

test('a session has no say about an address that came anew since, by somebody else', async () => {
  const eve = await visitor()
  await subscribe(eve.viewer, ADDRESS, ATTEMPT)
  await deleteUnconfirmed(later(7 * DAY), 10)
  await db().subscriber.create({ data: { address: ADDRESS, createdAt: NOW, confirmedAt: NOW } })
  expect(await unregister(await again(eve), ATTEMPT)).toBe('mailed')
  const other = await visitor()
  await subscribe(other.viewer, ADDRESS, ATTEMPT)
  expect(await forget(other.viewer, ATTEMPT)).toMatchObject({ isUnsubscribed: false })
  expect(await onList()).toEqual([ADDRESS])
})

test('the seven days begin with the last message that promises them', async () => {
  await subscribe((await visitor()).viewer, ADDRESS, ATTEMPT)
  await subscribe((await visitor()).viewer, ADDRESS, { ...ATTEMPT, now: later(6 * DAY) })
  expect(await deleteUnconfirmed(later(8 * DAY), 10)).toBe(0)
  expect(await deleteUnconfirmed(later(13 * DAY), 10)).toBe(1)
})

test('2.3.2 a mailbox gets five messages a day that others cause, with any label, and the list goes on', async () => {
  for (let i = 0; i < 8; i++) await subscribe((await visitor()).viewer, `ada+${i}@example.org`, ATTEMPT)
  await deliverDue(() => NOW)
  expect(server.received).toHaveLength(5)
  expect(await db().subscriber.count()).toBe(8)
})

test('what was told of an address is forgotten at the next use', async () => {
  const guest = await visitor()
  await subscribe(guest.viewer, ADDRESS, ATTEMPT)
  await unregister(await again(guest), ATTEMPT)
  expect((await again(guest)).session.data.farewell).toBeDefined()
  await touchSession((await again(guest)).session, later(MINUTE))
  expect((await again(guest)).session.data).toEqual({})
})

test('an address for which a mail is made in the moment it leaves gets nothing', async () => {
  const data = { address: ADDRESS, createdAt: NOW, confirmedAt: NOW }
  const { id: subscriberId } = await db().subscriber.create({ data })
  const { id: announcementId } = await db().announcement.create({ data: { subject: 'x', text: 'y', createdAt: NOW } })
  const mail = { kind: 'announcement', recipient: ADDRESS, createdAt: NOW, dueAt: NOW, announcementId, subscriberId }
  await db().mail.create({ data: mail })
  // As when another transaction commits between the two statements of the removal.
  await db().subscriber.delete({ where: { id: subscriberId } })
  await deliverDue(() => NOW)
  expect(server.received).toEqual([])
  expect(await db().mail.count({ where: { announcementId } })).toBe(0)
})
