/** What the site of the cast has on it: more than one page of everything, and words that are hard to show. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { APIRequestContext } from 'playwright'
import { linkIn, type MailServer } from '../../lib/testing/mail-server'
import type { Database } from '../database'
import { send } from './cast'

/** Both directions of writing, what would be markup, and no place to break a line. */
const THINGS = ['Tea', '<b>Bold</b> & "quoted"', 'שלום עולם', 'w'.repeat(200), 'https://user@example.org:81/a/b?c=d#e']
const MORE_THAN_A_PAGE = 55
const DAY = 24 * 60 * 60_000

/** Other people, so that the owner's lists have a second page. */
export async function seed(database: Database) {
  const now = moment(Date.now())
  await database.rows('BEGIN IMMEDIATE')
  for (let i = 0; i < MORE_THAN_A_PAGE; i++) {
    await database.rows(
      'INSERT INTO "Subscriber" (id, address, "createdAt", "confirmedAt") VALUES (?, ?, ?, ?)',
      ...[randomUUID(), i ? `person-${i}@example.org` : 'nobody@example.org', now, i % 9 === 8 ? null : now],
    )
    await database.rows(
      'INSERT INTO "User" (id, username, "passwordHash", "createdAt", "disabledAt") VALUES (?, ?, ?, ?, ?)',
      ...[randomUUID(), `person-${i}`, 'nobody’s', now, i % 9 === 8 ? now : null],
    )
  }
  await database.rows('COMMIT')
}

/** Likes what is hard to show, and removes one that can be brought back. */
export async function likeSome(who: APIRequestContext) {
  for (const thing of [...THINGS, 'Rain']) await send(who, '/', 'Like', { thing })
  await send(who, '/', />Remove /)
}

/** Likes more than a page shows, yesterday. */
export async function likeMany(who: APIRequestContext, database: Database) {
  const session = await database.sessionOf(who)
  await database.rows('BEGIN IMMEDIATE')
  for (let i = 0; i < MORE_THAN_A_PAGE; i++) {
    await database.rows(
      'INSERT INTO "Like" (id, thing, "thingKey", "userId", "createdAt") VALUES (?, ?, ?, ?, ?)',
      ...[randomUUID(), `Thing ${i}`, `thing ${i}`, session?.userId ?? null, moment(Date.now() - DAY + i)],
    )
  }
  await database.rows('COMMIT')
}

/** Publishes the list under a long title, and then some come along that are not on it. */
export async function haveSharedMost(who: APIRequestContext, database: Database) {
  await likeSome(who)
  await send(who, '/account', 'Publish my list', { act: 'publish', title: `<b>Mine</b> ${'w'.repeat(60)}` })
  const session = await database.sessionOf(who)
  const claim = { id: randomUUID(), count: 2, at: Date.now() }
  const [user, id] = [String(session?.userId), String(session?.id)]
  await database.rows('UPDATE "Like" SET "claimId" = ? WHERE "userId" = ? AND thing LIKE ?', claim.id, user, '%w%')
  await database.rows('UPDATE "Session" SET data = ? WHERE id = ?', JSON.stringify({ claim }), id)
}

/** Gives this address, and confirms it. */
export async function haveRecovery(who: APIRequestContext, mails: MailServer, email: string) {
  await send(who, '/account', 'Add recovery e-mail', { email })
  const mail = await mails.take(({ subject }) => subject.startsWith('Please confirm your recovery'))
  await send(who, linkIn(mail, '/confirm/'), 'Confirm')
}

type Place = { member: APIRequestContext; admin: APIRequestContext; mails: MailServer; database: Database }

/** Addresses that nobody can guess: later pages, links of messages, announcements in each state. */
export async function findLinks({ member, admin, mails, database }: Place) {
  await send(member, '/forgot', 'Send me a link', { email: 'both@example.org' })
  const [draft, sent, underWay] = [await write(admin), await write(admin), await write(admin)]
  const reset = await mails.take(({ subject }) => subject.startsWith('A new password'))
  const confirm = await mails.take(({ to }) => to.includes('visitor@example.org'))
  await send(admin, sent, />Send to /)
  const announced = await mails.take(({ to }) => to.includes('person-1@example.org'))
  await untilSent(admin, sent)
  mails.behaviour.isSilent = true
  await send(admin, underWay, />Send to /)
  return {
    draft,
    sent,
    underWay,
    choice: linkIn(reset, '/reset/'),
    reset: `/reset/${await tokenOf('resetPassword', 'newcomer', database)}`,
    confirm: linkIn(confirm, '/confirm/'),
    recovery: `/confirm/${await tokenOf('confirmRecovery', 'ada', database)}`,
    unsubscribe: linkIn(announced, '/unsubscribe/'),
    older: await nextOn(member, '/'),
    found: await nextOn(member, '/?q=thing&sort=a-z'),
    addresses: await nextOn(admin, '/admin'),
    members: await nextOn(admin, '/admin/members'),
    published: await nextOn(member, '/u/publisher'),
  }
}

async function write(admin: APIRequestContext) {
  const fields = { subject: 'News of the <week>', text: `Hello,\n\n${'w'.repeat(120)} https://example.org\n\nBye` }
  return (await send(admin, '/admin/announcements', 'Preview', fields)).replace(/\?.*/, '')
}

async function untilSent(admin: APIRequestContext, announcement: string) {
  while ((await (await admin.get(announcement)).text()).includes('Being sent')) await new Promise(setImmediate)
}

/** A link as if it had been mailed. */
async function tokenOf(kind: string, username: string, database: Database) {
  const token = randomBytes(32)
  const now = moment(Date.now())
  const [user] = await database.rows('SELECT id FROM "User" WHERE username = ?', username)
  await database.rows(
    `INSERT INTO "Mail" (id, kind, recipient, state, "createdAt", "dueAt", "triedAt", "tokenHash", "userId")
     VALUES (?, ?, 'newcomer@example.org', 'sent', ?, ?, ?, ?, ?)`,
    ...[randomUUID(), kind, now, now, now, createHash('sha256').update(token).digest('hex'), user?.id ?? null],
  )
  return token.toString('base64url')
}

async function nextOn(who: APIRequestContext, path: string) {
  const page = await (await who.get(path)).text()
  const [, href = ''] = /href="([^"]*)">(?:Older|More|Next page)</.exec(page) ?? []
  if (!href) throw new Error(`${path} has one page only`)
  return href.replaceAll('&amp;', '&').replace(/#.*/, '')
}

/** As the driver writes it. */
function moment(at: number) {
  return new Date(at).toISOString().replace('Z', '+00:00')
}
