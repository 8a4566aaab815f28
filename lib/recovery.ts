/** The recovery e-mail of an account, and the new password that comes by it. */
import { replaceForgottenPassword } from './accounts.ts'
import { db, isGone, type Tx, transaction } from './db.ts'
import { mailboxOf } from './email-address.ts'
import { env } from './env.ts'
import { announce } from './log.ts'
import { enqueue, findLink, LINK_FOR, type Link } from './mail.ts'
import { countSessions } from './metrics.ts'
import { record } from './security-log.ts'
import { holdSession } from './session-data.ts'
import { hashOf, newToken } from './session-token.ts'
import { countTry } from './throttle.ts'
import { Unavailable } from './unavailable.ts'
import type { Attempt, Member } from './viewer.ts'

/** The recovery e-mail of a member, or null. */
export async function recoveryEmailOf({ userId }: Member): Promise<string | null> {
  const user = await db().user.findUnique({ where: { id: userId }, select: { recoveryEmail: true } })
  return user?.recoveryEmail ?? null
}

/**
 * Mails a link to an address that a member wants as recovery e-mail; it is that when the link was followed. A link that
 * was mailed before is dead.
 * @returns false when the session has ended meanwhile, and nothing has happened.
 * @throws Throttled
 */
export async function askForRecoveryEmail(member: Member, address: string, attempt: Attempt): Promise<boolean> {
  const { userId } = member
  await countTry('mailByAddress', attempt)
  await countTry('mailToRecipient', { ...attempt, subject: ['recovery', userId] })
  const work = transaction(async (tx) => {
    await holdSession(tx, member)
    await tx.mail.deleteMany({ where: { userId, kind: 'confirmRecovery' } })
    await enqueue(tx, { kind: 'confirmRecovery', recipient: address, userId, now: attempt.now })
    return true
  })
  return work.catch(falseWhenGone)
}

/**
 * Takes the address of a link as the member's recovery e-mail, and tells the one it replaces. Only where the member is
 * logged in: whoever reads a mistyped address must not become able to set the password.
 * @returns false when the link is none of ours, is over, or is another account's.
 */
export async function confirmRecoveryEmail(token: string, member: Member, attempt: Attempt): Promise<boolean> {
  const link = await findLink(token, 'confirm', attempt.now)
  if (link?.kind !== 'confirmRecovery' || link.userId !== member.userId) return false
  const { id, recipient } = link
  return changeRecoveryEmail(member, recipient, attempt, { id, kind: link.kind })
}

/** Removes the recovery e-mail, and tells it so. @returns false when there was none. */
export async function removeRecoveryEmail(member: Member, attempt: Attempt): Promise<boolean> {
  return changeRecoveryEmail(member, null, attempt)
}

async function changeRecoveryEmail(
  member: Member,
  address: string | null,
  attempt: Attempt,
  link?: { id: string; kind: string },
): Promise<boolean> {
  const { userId } = member
  const { now } = attempt
  const event = { kind: address ? 'recoveryEmailChanged' : 'recoveryEmailRemoved', userId, ...attempt } as const
  const work = transaction(async (tx) => {
    await holdSession(tx, member)
    if (link) {
      const { count } = await tx.mail.deleteMany({ where: { ...link, userId } })
      if (count === 0) return 'nothing'
    }
    const { recoveryEmail: before } = await tx.user.findUniqueOrThrow({ where: { id: userId } })
    if (before === address) return address === null ? 'nothing' : 'same'
    await tx.user.update({ where: { id: userId }, data: { recoveryEmail: address }, select: { id: true } })
    if (before) {
      await tx.mail.deleteMany({ where: { recipient: before, kind: 'resetPassword' } })
      const kind = address ? 'recoveryChanged' : 'recoveryRemoved'
      if (env().mail) await enqueue(tx, { kind, recipient: before, userId, now })
    }
    await record(tx, event)
    return 'changed'
  })
  const outcome = (await work.catch(falseWhenGone)) || 'nothing'
  if (outcome === 'changed') announce(event)
  return outcome !== 'nothing'
}

/**
 * Mails a link to a new password, if an account has this address. Whether one has is looked up when the message is sent,
 * so the answer and its time are the same (ASVS 5.0, 6.3.8).
 * @throws Throttled
 */
export async function askForReset(address: string, attempt: Attempt): Promise<void> {
  await countTry('mailByAddress', attempt)
  await countTry('mailToRecipient', { ...attempt, subject: ['reset', mailboxOf(address)] })
  await transaction((tx) => enqueue(tx, { kind: 'resetPassword', recipient: address, now: attempt.now }))
}

/** Makes a link to a new password that no message carries; an earlier one of the account is dead. */
export async function makeResetLink(tx: Tx, userId: string, now: Date): Promise<{ token: string; endsAt: Date }> {
  const token = newToken()
  const own = { kind: 'resetByOwner', userId }
  await tx.mail.deleteMany({ where: own })
  // As if it had been sent, so that nothing sends it.
  const sent = { state: 'sent', recipient: '', createdAt: now, dueAt: now, triedAt: now }
  await tx.mail.create({ data: { ...own, ...sent, tokenHash: hashOf(token) }, select: { id: true } })
  return { token, endsAt: new Date(now.getTime() + LINK_FOR.reset) }
}

/** The usernames whose password an address may set anew. */
export async function accountsAt(recoveryEmail: string): Promise<string[]> {
  return usernamesOf({ recoveryEmail })
}

async function usernamesOf(account: ReturnType<typeof accountOf>) {
  const where = { ...account, disabledAt: null }
  const users = await db().user.findMany({ where, select: { username: true }, orderBy: { username: 'asc' } })
  return users.map((user) => user.username)
}

/** Whose password a link sets: that of the accounts of its address, or of the one for which the operator made it. */
function accountOf({ kind, userId, recipient }: Link) {
  return kind === 'resetByOwner' ? { id: userId ?? '' } : { recoveryEmail: recipient }
}

/** The accounts of which a link sets the password, or null when it is none of ours, was used, or its time is over. */
export async function findReset(token: string, now: Date): Promise<string[] | null> {
  const link = await findLink(token, 'reset', now)
  if (!link) return null
  const usernames = await usernamesOf(accountOf(link))
  return usernames.length > 0 ? usernames : null
}

/**
 * Sets a new password by a link, which works once, and ends all sessions of the account (ASVS 5.0, 6.4.3, 7.4.3).
 * @param passwordHash Of the new password: a transaction must not wait for bcrypt.
 * @returns false when the link does not work any more, and nothing has happened.
 * @throws Unavailable when the account changed meanwhile.
 */
export async function resetPassword(
  token: string,
  { username, passwordHash }: { username: string; passwordHash: string },
  attempt: Attempt,
): Promise<boolean> {
  const link = await findLink(token, 'reset', attempt.now)
  if (!link) return false
  const { id, kind } = link
  const done = await transaction(async (tx) => {
    // Deleted first: of two who follow one link, the second finds nothing.
    const { count } = await tx.mail.deleteMany({ where: { id, kind } })
    if (count === 0) return null
    const account = { username, passwordHash, ...accountOf(link) }
    const replaced = await replaceForgottenPassword(tx, account, attempt.now)
    // Thrown, so that the link is not spent.
    if (!replaced) throw new Unavailable('The account has changed meanwhile, so its password was not.')
    const event = { kind: 'passwordReset', userId: replaced.userId, ...attempt } as const
    await record(tx, event)
    return { event, ended: replaced.ended }
  })
  if (!done) return false
  announce(done.event)
  countSessions('ended', done.ended)
  return true
}

function falseWhenGone(error: unknown) {
  if (isGone(error)) return false
  throw error
}
