/** An announcement reaches everybody on the list once at most, also when the server is killed in the middle. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import {
  deleteDraft,
  getAnnouncement,
  listAnnouncements,
  listUndelivered,
  saveDraft,
  sendTest,
  startSending,
} from './announcements.ts'
import { db, transaction } from './db.ts'
import { removeAddress, subscribe } from './mailing-list.ts'
import { deliverDue } from './postman.ts'
import { closeTransport } from './smtp.ts'
import { MailServer } from './testing/mail-server.ts'
import { ATTEMPT, HOUR, later, NOW, visitor } from './testing/people.ts'

const server = await new MailServer().start()
process.env.SMTP_URL = server.url
process.env.SITE_NAME = 'The Likes of Us'
process.env.POSTAL_ADDRESS = '1 High Street, Exampletown'

afterAll(async () => {
  closeTransport()
  await server.stop()
})
beforeEach(async () => {
  await db().announcement.deleteMany()
  await db().subscriber.deleteMany()
  server.received.length = 0
  server.behaviour = {}
})

const WORDS = { subject: 'Spring', text: 'Dear all,\n\nit is spring.\nYours, Ada' }

async function subscribers(count: number) {
  const data = Array.from({ length: count }, (_, i) => ({
    address: `a${i}@example.org`,
    createdAt: NOW,
    confirmedAt: NOW,
  }))
  await db().subscriber.createMany({ data })
}

async function sending(count: number) {
  await subscribers(count)
  const id = (await saveDraft(null, WORDS, NOW)) ?? ''
  expect(await startSending(id, ATTEMPT)).toBe(true)
  return id
}

const progress = async (id: string) => (await getAnnouncement(id))?.progress
const recipients = () => server.received.map(({ to }) => to.join())

test('everybody who confirmed gets it, with the site’s name, the postal line and the way off the list', async () => {
  await db().subscriber.create({ data: { address: 'pending@example.org', createdAt: NOW } })
  const id = await sending(3)
  await db().subscriber.create({ data: { address: 'late@example.org', createdAt: later(1), confirmedAt: later(1) } })
  await deliverDue(() => later(HOUR))
  expect(recipients().sort()).toEqual(['a0@example.org', 'a1@example.org', 'a2@example.org'])
  const [mail] = server.received
  for (const part of [mail?.text, mail?.html]) {
    for (const words of ['it is spring.', 'The Likes of Us', '1 High Street, Exampletown', '/unsubscribe/']) {
      expect(part).toContain(words)
    }
  }
  expect(mail?.headers['list-unsubscribe']).toMatch(/^<http:\/\/localhost:\d+\/unsubscribe\/[\w-]{43}\/one-click>$/)
  expect(mail?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
  expect(await progress(id)).toEqual({ total: 3, sent: 3, failed: 0, unknown: 0, waiting: 0 })
})

test('2.3.4 two clicks on Send send once', async () => {
  await subscribers(5)
  const id = (await saveDraft(null, WORDS, NOW)) ?? ''
  const clicks = await Promise.all(Array.from({ length: 10 }, () => startSending(id, ATTEMPT)))
  expect(clicks.filter(Boolean)).toHaveLength(1)
  await Promise.all([1, 2, 3].map(() => deliverDue(() => later(HOUR))))
  expect(recipients()).toHaveLength(5)
  expect(await db().securityEvent.count({ where: { kind: 'announcementSent' } })).toBe(2)
})

test('2.3.1 what has begun can be neither changed nor deleted', async () => {
  const id = await sending(1)
  expect(await saveDraft(id, { ...WORDS, text: 'Something else' }, NOW)).toBeNull()
  expect(await deleteDraft(id)).toBe(0)
  expect(await getAnnouncement(id)).toMatchObject(WORDS)
  expect(await startSending('not-there', ATTEMPT)).toBe(false)
})

test('a draft is changed, tried and deleted', async () => {
  await subscribers(2)
  const id = (await saveDraft(null, WORDS, NOW)) ?? ''
  expect(await saveDraft(id, { ...WORDS, subject: 'Summer' }, NOW)).toBe(id)
  expect(await sendTest(id, 'owner@example.org', ATTEMPT)).toBe(true)
  await deliverDue(() => later(HOUR))
  expect(server.received).toMatchObject([{ to: ['owner@example.org'], subject: 'Summer' }])
  expect(await progress(id)).toEqual({ total: 2, sent: 0, failed: 0, unknown: 0, waiting: 2 })
  expect(await deleteDraft(id)).toBe(1)
  expect(await sendTest(id, 'owner@example.org', ATTEMPT)).toBe(false)
  expect(await listAnnouncements()).toEqual([])
})

test('who leaves the list while it is being sent does not get it', async () => {
  const id = await sending(30)
  let looks = 0
  await deliverDue(
    () => later(HOUR),
    () => ++looks < 5,
  )
  const got = new Set(recipients())
  expect(got.size).toBeGreaterThan(0)
  expect(got.size).toBeLessThan(30)
  const leaver = Array.from({ length: 30 }, (_, i) => `a${i}@example.org`).find((address) => !got.has(address)) ?? ''
  await transaction((tx) => removeAddress(tx, leaver))
  await deliverDue(() => later(HOUR))
  expect(recipients()).toHaveLength(29)
  expect(recipients()).not.toContain(leaver)
  expect(await progress(id)).toMatchObject({ total: 29, sent: 29 })
})

test('whom the server refuses is told to the owner, and tried no more', async () => {
  server.behaviour.refuse = { 'a1@example.org': 550 }
  const id = await sending(3)
  await deliverDue(() => later(HOUR))
  expect(await progress(id)).toEqual({ total: 3, sent: 2, failed: 1, unknown: 0, waiting: 0 })
  expect(await listUndelivered(id)).toMatchObject([{ recipient: 'a1@example.org', state: 'failed', reason: '550' }])
})

/** `npm run test:all` writes to ten thousand. */
vi.setConfig({ testTimeout: 300_000 })
const MANY = process.env.TEST_ROUNDS ? 10_000 : 300

test(`of ${MANY.toLocaleString('en')}, nobody gets it twice when the server is killed in the middle and goes on`, async () => {
  const id = await sending(MANY)
  const process = spawn(globalThis.process.execPath, ['lib/testing/deliver.mjs', NOW.toISOString()], {
    stdio: 'inherit',
  })
  const ended = once(process, 'exit')
  await server.until(MANY / 3)
  process.kill('SIGKILL')
  await ended
  const atKill = server.received.length
  expect(atKill).toBeLessThan(MANY)
  const interrupted = (await progress(id))?.waiting ?? 0
  expect(interrupted).toBeGreaterThanOrEqual(MANY - atKill)

  // At once, nothing that may be under way is touched; an hour later it is given up.
  await deliverDue(() => NOW)
  await deliverDue(() => later(HOUR))
  const { sent = 0, unknown = 0, ...rest } = (await progress(id)) ?? {}
  expect(rest).toEqual({ total: MANY, failed: 0, waiting: 0 })
  expect(sent + unknown).toBe(MANY)
  expect(unknown).toBeLessThanOrEqual(10)
  expect(new Set(recipients()).size).toBe(server.received.length)
  expect(server.received.length).toBeGreaterThanOrEqual(sent)
  const told = new Set([...recipients(), ...(await listUndelivered(id)).map(({ recipient }) => recipient)])
  expect(told.size).toBe(MANY)
})

test('13.2.6 a server that takes a message and says nothing more keeps nobody waiting', async () => {
  const id = await sending(1)
  server.behaviour.isSilent = true
  const held = server.untilHeld()
  const round = deliverDue(() => NOW)
  await held
  const began = performance.now()
  await subscribe((await visitor()).viewer, 'grace@example.org', ATTEMPT)
  expect(performance.now() - began).toBeLessThan(2_000)
  await server.stop()
  await round
  await server.start()
  expect(await progress(id)).toMatchObject({ sent: 0, unknown: 1, waiting: 0 })
})
