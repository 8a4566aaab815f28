/** What is put on its way arrives, once or never twice, whatever the mail server does. */
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { saveDraft, startSending } from './announcements.ts'
import { db, transaction } from './db.ts'
import { claimDue, deleteOldMail, enqueue, findLink, settle } from './mail.ts'
import { MAILS, type MailKind } from './mail-texts.ts'
import { removeAddress } from './mailing-list.ts'
import { deliverDue } from './postman.ts'
import { closeTransport } from './smtp.ts'
import { linkIn, MailServer } from './testing/mail-server.ts'
import { ATTEMPT, DAY, HOUR, later, MINUTE, member, NOW } from './testing/people.ts'

const server = await new MailServer().start()
process.env.SMTP_URL = server.url
process.env.MAIL_FROM = 'Likes <likes@likes.example>'
process.env.APP_URL = 'https://likes.example'

afterAll(async () => {
  closeTransport()
  await server.stop()
})
beforeEach(async () => {
  await db().mail.deleteMany()
  await db().announcement.deleteMany()
  await db().subscriber.deleteMany()
})
afterEach(() => {
  server.behaviour = {}
  server.received.length = 0
})

async function subscriber(address = 'ada@example.org', confirmedAt: Date | null = NOW) {
  return db().subscriber.create({ data: { address, createdAt: NOW, confirmedAt } })
}

async function put(kind: MailKind, more: { recipient?: string; userId?: string; subscriberId?: string } = {}) {
  await transaction((tx) => enqueue(tx, { kind, recipient: 'ada@example.org', now: NOW, ...more }))
}

const at = (ms: number) => deliverDue(() => later(ms))
const states = async () => (await db().mail.findMany({ orderBy: { recipient: 'asc' } })).map(({ state }) => state)

test('every kind of message has a text and an HTML part, a sender, and links to the one address of the site', async () => {
  const { viewer, username } = await member()
  await db().user.update({ where: { id: viewer.userId }, data: { recoveryEmail: 'ada@example.org' } })
  const { id } = await subscriber()
  for (const kind of Object.keys(MAILS) as MailKind[]) {
    if (kind.startsWith('announcement')) continue
    await put(kind, /list|subscri/i.test(kind) ? { subscriberId: id } : { userId: viewer.userId })
    await at(0)
    const mail = await server.take()
    expect(mail, kind).toMatchObject({ to: ['ada@example.org'], from: 'likes@likes.example' })
    expect(mail.headers.from).toContain('Likes <likes@likes.example>')
    expect(mail.subject, kind).not.toBe('')
    for (const part of [mail.text, mail.html]) {
      expect(part, kind).toMatch(/https:\/\/likes\.example/)
      expect(part, kind).not.toMatch(/undefined|null|\[object/)
      expect(part.match(/https?:\/\/[^/\s"<]+/g)?.every((origin) => origin === 'https://likes.example')).toBe(true)
    }
    if (!/list|subscri/i.test(kind)) expect(mail.text).toContain(username)
    expect(mail.html).toMatch(/^<!doctype html>/)
  }
})

test('14.2.4 no text of a message and no token is in the database', async () => {
  const { id } = await subscriber()
  await put('confirmSubscription', { subscriberId: id })
  await at(0)
  const mail = await server.take()
  const token = linkIn(mail, '/confirm/').slice('/confirm/'.length)
  expect(await findLink(token, 'confirm', NOW)).toMatchObject({ recipient: 'ada@example.org', subscriberId: id })
  expect(await findLink(token, 'reset', NOW)).toBeNull()
  const rows = JSON.stringify(await db().mail.findMany())
  for (const secret of [token, 'probably you', 'likes.example']) expect(rows).not.toContain(secret)
})

test('13.2.6 16.5.2 a server that is down loses nothing: the message arrives when it is up again', async () => {
  await put('alreadySubscribed')
  await server.stop()
  await at(0)
  expect(await db().mail.findFirst()).toMatchObject({ state: 'waiting', reason: 'ECONNREFUSED', tries: 1 })
  await at(10_000)
  expect(await db().mail.findFirst()).toMatchObject({ tries: 1 })
  await server.start()
  await at(MINUTE)
  expect((await server.take()).to).toEqual(['ada@example.org'])
  expect(await states()).toEqual(['sent'])
})

test('a message for which the server is down for two days is given up, a link to a new password sooner', async () => {
  const { viewer } = await member()
  await db().user.update({ where: { id: viewer.userId }, data: { recoveryEmail: 'ada@example.org' } })
  await put('passwordChanged', { userId: viewer.userId })
  await put('resetPassword', { recipient: 'ada@example.org' })
  await server.stop()
  for (const ms of [0, 29 * MINUTE + 50_000, 47 * HOUR, 2 * DAY]) await at(ms)
  await server.start()
  await at(3 * DAY)
  expect(server.received).toEqual([])
  expect(await states()).toEqual(['failed', 'failed'])
})

test('a recipient whom the server refuses for good is not tried again; one refused for now is', async () => {
  server.behaviour.refuse = { 'ada@example.org': 550, 'grace@example.org': 450 }
  await put('alreadySubscribed')
  await put('alreadySubscribed', { recipient: 'grace@example.org' })
  await at(0)
  expect(await states()).toEqual(['failed', 'waiting'])
  expect((await db().mail.findMany()).map(({ reason }) => reason).sort()).toEqual(['450', '550'])
  server.behaviour = {}
  await at(HOUR)
  expect(server.received.map(({ to }) => to[0])).toEqual(['grace@example.org'])
})

test('a link to a new password goes to accounts with that address, and nowhere when there is none', async () => {
  await put('resetPassword', { recipient: 'nobody@example.org' })
  await at(0)
  expect(server.received).toEqual([])
  expect(await states()).toEqual([])
})

test('two processes send a message once', async () => {
  for (let i = 0; i < 30; i++) await put('alreadySubscribed', { recipient: `a${i}@example.org` })
  await Promise.all([at(0), at(0), at(0)])
  expect(server.received.map(({ to }) => to[0]).sort()).toHaveLength(30)
  expect(new Set(server.received.map(({ to }) => to[0])).size).toBe(30)
})

test('15.4.4 what one person waits for comes before an announcement', async () => {
  for (let i = 0; i < 25; i++) await subscriber(`a${i}@example.org`)
  const id = (await saveDraft(null, { subject: 'News', text: 'Hello' }, NOW)) ?? ''
  await startSending(id, ATTEMPT)
  await put('alreadySubscribed', { recipient: 'grace@example.org' })
  await at(0)
  expect(server.received.findIndex(({ to }) => to[0] === 'grace@example.org')).toBeLessThan(10)
  expect(server.received).toHaveLength(26)
})

test('of what a dead process was sending, an announcement is unknown, and anything else is sent again', async () => {
  const { id: subscriberId } = await subscriber()
  const id = (await saveDraft(null, { subject: 'News', text: 'Hello' }, NOW)) ?? ''
  const mail = { createdAt: NOW, dueAt: NOW }
  const bulk = { kind: 'announcement', recipient: 'ada@example.org', announcementId: id, subscriberId }
  await db().mail.create({ data: { ...mail, ...bulk } })
  await put('alreadySubscribed', { recipient: 'grace@example.org' })
  expect(await claimDue(NOW, 10)).toHaveLength(2)
  await at(MINUTE)
  expect(await states()).toEqual(['sending', 'sending'])
  await at(HOUR)
  expect(await states()).toEqual(['unknown', 'sent'])
  expect(server.received.map(({ to }) => to[0])).toEqual(['grace@example.org'])
})

test('one that arrived after all is sent, not unknown', async () => {
  const { id: subscriberId } = await subscriber()
  const announcementId = (await saveDraft(null, { subject: 'News', text: 'Hello' }, NOW)) ?? ''
  const mail = { kind: 'announcement', recipient: 'ada@example.org', createdAt: NOW, dueAt: NOW }
  await db().mail.create({ data: { ...mail, announcementId, subscriberId } })
  const claimed = await claimDue(NOW, 10)
  await at(HOUR)
  await settle(
    claimed.map((mail) => ({ mail, outcome: { is: 'sent' as const } })),
    later(HOUR),
  )
  expect(await states()).toEqual(['sent'])
})

test('a server that hangs up after the text: an announcement is unknown, anything else is sent again', async () => {
  const { id: subscriberId } = await subscriber()
  const announcementId = (await saveDraft(null, { subject: 'News', text: 'Hello' }, NOW)) ?? ''
  const mail = { kind: 'announcement', recipient: 'ada@example.org', createdAt: NOW, dueAt: NOW }
  await db().mail.create({ data: { ...mail, announcementId, subscriberId } })
  server.behaviour.hangsUp = true
  await at(0)
  expect(await states()).toEqual(['unknown'])
  await put('alreadySubscribed', { recipient: 'grace@example.org' })
  await at(0)
  expect(await states()).toEqual(['unknown', 'waiting'])
  server.behaviour = {}
  await at(HOUR)
  expect(await states()).toEqual(['unknown', 'sent'])
})

test('an address that left the list gets nothing that was on its way, and is in no row', async () => {
  const { id } = await subscriber()
  await put('alreadySubscribed', { subscriberId: id })
  await at(0)
  await put('alreadySubscribed', { subscriberId: id })
  await transaction((tx) => removeAddress(tx, 'ada@example.org'))
  await at(MINUTE)
  expect(server.received).toHaveLength(1)
  expect(JSON.stringify(await db().mail.findMany())).not.toContain('ada@example.org')
})

test('14.2.7 a message is forgotten seven days after it was sent, and its way to unsubscribe is not', async () => {
  const { id } = await subscriber()
  await put('alreadySubscribed', { subscriberId: id })
  const { viewer } = await member()
  await put('confirmRecovery', { userId: viewer.userId })
  await at(0)
  const [about, rest] = [await server.take(({ text }) => /unsubscribe/.test(text)), await server.take()]
  expect(await deleteOldMail(later(7 * DAY - 1), 100)).toBe(0)
  expect(await deleteOldMail(later(7 * DAY), 100)).toBe(1)
  expect(await db().mail.findMany()).toEqual([expect.objectContaining({ recipient: '', subscriberId: id })])
  expect(await deleteOldMail(later(7 * DAY), 100)).toBe(0)
  const token = linkIn(about, '/unsubscribe/').slice('/unsubscribe/'.length)
  expect(await findLink(token, 'unsubscribe', later(3 * 365 * DAY))).toMatchObject({ subscriberId: id })
  expect(await findLink(linkIn(rest, '/confirm/').slice('/confirm/'.length), 'confirm', NOW)).toBeNull()
})

test('1.1.2 1.2.1 1.3.11 nothing that a name or a subject says begins a header or a tag of its own', async () => {
  await subscriber()
  const words = {
    subject: 'News =?utf-8?q?=0D=0ABcc:?= <b>',
    text: '<script>alert(1)</script>\n.\nRCPT TO:<eve@example.org>',
  }
  const id = (await saveDraft(null, words, NOW)) ?? ''
  await startSending(id, ATTEMPT)
  await at(0)
  const mail = await server.take()
  expect(mail.to).toEqual(['ada@example.org'])
  expect(mail.headers).not.toHaveProperty('bcc')
  expect(mail.text).toContain('<script>alert(1)</script>')
  expect(mail.html).not.toContain('<script')
  expect(mail.subject).toContain('<b>')
})

test('a message is tried three times at most when nobody knows whether it arrived', async () => {
  server.behaviour.hangsUp = true
  await put('alreadySubscribed')
  for (const hours of [0, 1, 2, 3, 4]) await at(hours * HOUR)
  expect(server.received).toHaveLength(3)
  expect(await states()).toEqual(['unknown'])
})

test('a link to a new password that could not be sent for half an hour is not sent at all', async () => {
  const { viewer } = await member()
  await db().user.update({ where: { id: viewer.userId }, data: { recoveryEmail: 'ada@example.org' } })
  await put('resetPassword')
  await at(3 * DAY)
  expect(server.received).toEqual([])
  expect(await db().mail.findMany()).toMatchObject([{ state: 'failed', reason: 'too late' }])
})

test('a server that never begins to take a message loses no announcement', async () => {
  for (let i = 0; i < 12; i++) await subscriber(`a${i}@example.org`)
  const id = (await saveDraft(null, { subject: 'News', text: 'Hello' }, NOW)) ?? ''
  await startSending(id, ATTEMPT)
  server.behaviour.leavesAtOnce = true
  await at(0)
  expect(new Set(await states())).toEqual(new Set(['waiting']))
  server.behaviour = {}
  await at(HOUR)
  expect(new Set(server.received.map(({ to }) => to[0])).size).toBe(12)
  expect(new Set(await states())).toEqual(new Set(['sent']))
})

test('where e-mail was turned off, what waits is forgotten as well', async () => {
  await put('alreadySubscribed')
  expect(await deleteOldMail(later(7 * DAY), 100)).toBe(1)
  expect(await states()).toEqual([])
})

test('a message that could not be handed over to an address which has left meanwhile is dropped', async () => {
  const { id } = await subscriber()
  await put('alreadySubscribed', { subscriberId: id })
  const claimed = await claimDue(NOW, 1)
  await transaction((tx) => removeAddress(tx, 'ada@example.org'))
  await settle(
    claimed.map((mail) => ({ mail, outcome: { is: 'unsent' as const, reason: 'ECONNREFUSED' } })),
    NOW,
  )
  expect(await db().mail.count()).toBe(0)
})
