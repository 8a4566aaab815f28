/**
 * What a backup may not bring back. What ended since it was made stays ended: sessions and their earlier tokens, links in
 * messages, messages that have gone out, and the closed doors of disabled accounts. No list is published by a restore, since
 * what its member removed meanwhile would be before everybody; and one that was taken down stays so.
 */
import type Database from 'better-sqlite3'
import { MAILS } from '../lib/mail-texts.ts'

/** How many were left out or changed; and how many came back that were not there any more. */
export type Ended = {
  memberSessions: number
  visitorSessions: number
  messages: number
  lists: number
  members: number
  addresses: number
}

/** The way off the mailing list has no end, so it outlives even the loss of the machine. */
const LEAVING = Object.entries(MAILS)
  .filter(([, uses]) => uses.length > 0 && uses.every((use: string) => use === 'unsubscribe'))
  .map(([kind]) => `'${kind}'`)
  .join()

const SAME_SESSION = 'FROM now."Session" AS now WHERE now.id = "Session".id'
const NOT_THERE = (table: string) => `NOT EXISTS (SELECT 1 FROM now."${table}" AS now WHERE now.id = "${table}".id)`

/**
 * Changes the copy of a backup that is to be restored.
 * @param before A copy of what is there now. With no account in it, and no session that is in the backup, the machine
 *   is new: visitors keep their sessions then, since their lists hang on them, and members log in again.
 */
export function settle(backup: Database.Database, before: string): Ended {
  backup.prepare('ATTACH ? AS now').run(before)
  const count = (sql: string) => backup.prepare<[], number>(`SELECT count(*) FROM ${sql}`).pluck().get() ?? 0
  const change = (sql: string) => backup.prepare(sql).run().changes
  const isNew = count('now."User"') + count(`"Session" WHERE EXISTS (SELECT 1 ${SAME_SESSION})`) === 0
  const [members, visitors] = ['"Session" WHERE "userId" IS NOT NULL', '"Session" WHERE "userId" IS NULL']
  const [membersThen, visitorsThen] = [count(members), count(visitors)]
  const comeBack = {
    members: isNew ? 0 : count(`"User" WHERE ${NOT_THERE('User')}`),
    addresses: isNew ? 0 : count(`"Subscriber" WHERE ${NOT_THERE('Subscriber')}`),
  }
  if (isNew) {
    change(`DELETE FROM ${members}`)
    change('UPDATE "Session" SET "adminSince" = NULL')
  } else {
    change(`DELETE FROM "Session" WHERE NOT EXISTS (SELECT 1 ${SAME_SESSION})`)
    // A token that was replaced since stays dead, and the one that replaced it goes on.
    const fromNow = ['tokenHash', 'lastSeenAt', 'expiresAt', 'sudoAt', 'adminSince']
    change(`UPDATE "Session" SET ${fromNow.map((name) => `"${name}" = now."${name}"`)} ${SAME_SESSION}`)
  }
  for (const closed of ['disabledAt', 'takenDownAt'])
    change(`UPDATE "User" SET "${closed}" = now."${closed}" FROM now."User" AS now
      WHERE now.id = "User".id AND now."${closed}" IS NOT NULL`)
  const unpublished = `"publishedAt" = NULL, "listTitle" = '', "isIndexable" = 0`
  const lists = change(`UPDATE "User" SET ${unpublished} WHERE "publishedAt" IS NOT NULL`)
  settleAnnouncements(change)
  const messages = settleMail(change)
  const ended = { memberSessions: membersThen - count(members), visitorSessions: visitorsThen - count(visitors) }
  backup.exec('DETACH now')
  return { ...ended, messages, lists, ...comeBack }
}

type Change = (sql: string) => number

/** @returns how many messages will not be sent that were waiting then. */
function settleMail(change: Change): number {
  const wasOnItsWay = `"Mail".state IN ('waiting', 'sending')`
  // Of a message that is still there, what is there now knows best.
  const fate = ['state', 'dueAt', 'tries', 'triedAt', 'reason'].map((name) => `"${name}" = now."${name}"`)
  const same = 'FROM now."Mail" AS now WHERE now.id = "Mail".id'
  change(`UPDATE "Mail" SET ${fate} ${same} AND ${wasOnItsWay}`)
  change(`UPDATE "Mail" SET recipient = '' ${same} AND now.recipient = ''`)
  change(`UPDATE "Mail" SET "tokenHash" = NULL WHERE ${NOT_THERE('Mail')} AND kind NOT IN (${LEAVING})`)
  change(`UPDATE "Mail" SET "tokenHash" = now."tokenHash" ${same}`)
  return change(
    `UPDATE "Mail" SET state = 'unknown', reason = 'restored' WHERE ${wasOnItsWay} AND ${NOT_THERE('Mail')}`,
  )
}

/** Otherwise one that was being sent would go on from where it was then, to addresses that have it. */
function settleAnnouncements(change: Change) {
  const same = 'now.id = "Announcement".id'
  change(`UPDATE "Announcement" SET reached = NULL WHERE "sentAt" IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM now."Announcement" AS now WHERE ${same} AND now.reached IS "Announcement".reached)`)
  change(`UPDATE "Announcement" SET "sentAt" = now."sentAt", reached = NULL FROM now."Announcement" AS now
    WHERE ${same} AND "Announcement"."sentAt" IS NULL AND now."sentAt" IS NOT NULL`)
}
