/** Accounts: signing up, changing the password, leaving. Knows neither cookies nor sessions. */
import type { Credentials, VerifiedAccount } from './credentials.ts'
import { isTaken, type Tx, transaction } from './db.ts'
import { env } from './env.ts'
import { announce } from './log.ts'
import { enqueue } from './mail.ts'
import { removeRemembered } from './mailing-list.ts'
import { countSessions } from './metrics.ts'
import { hashPassword } from './password.ts'
import { parseData } from './session-data.ts'
import { clearTries, forgetTries } from './throttle.ts'
import type { Attempt, Member } from './viewer.ts'

/** An account whose password was just hashed: to be created, or found unchanged, by the log-in's transaction. */
export type Account = { isNew: true; username: string; passwordHash: string } | VerifiedAccount

/** What was erased, for the receipt. */
export type Erased = { likes: number; isUnsubscribed: boolean }

/** The username went to somebody else. */
export class UsernameTaken extends Error {
  override name = 'UsernameTaken'
}

/**
 * Prepares an account for `startSession` to create. Hashes here, since a transaction must not wait for bcrypt.
 * @throws Unavailable when too many passwords are waiting to be hashed.
 */
export async function newAccount({ username, password }: Credentials, cost?: number): Promise<Account> {
  return { isNew: true, username, passwordHash: await hashPassword(password, cost) }
}

/**
 * Creates a new account, or holds a verified one's row and checks that the password is still the one that was
 * verified: a log-in begun before a password change must not outlive it. First statement of the log-in's transaction.
 * @returns the user's id, or null when the password was changed or the account deleted meanwhile.
 * @throws UsernameTaken
 */
export async function admit(tx: Tx, account: Account, now: Date): Promise<string | null> {
  const { passwordHash } = account
  if (!account.isNew) {
    return (await replacePassword(tx, account, passwordHash)) ? account.userId : null
  }
  try {
    const data = { username: account.username, passwordHash, createdAt: now }
    return (await tx.user.create({ data, select: { id: true } })).id
  } catch (error) {
    throw isTaken(error) ? new UsernameTaken() : error
  }
}

/**
 * Replaces the password that was just verified.
 * @returns false when it is another by now, or the account is disabled.
 */
export async function replacePassword(tx: Tx, account: VerifiedAccount, passwordHash: string): Promise<boolean> {
  const where = { id: account.userId, passwordHash: account.passwordHash, disabledAt: null }
  const { count } = await tx.user.updateMany({ where, data: { passwordHash } })
  return count === 1
}

/**
 * Sets the password of an account of this name that has this recovery e-mail, or this id, and ends all its sessions.
 * @returns the user's id and how many sessions ended, or null when there is no such account any more.
 */
export async function replaceForgottenPassword(
  tx: Tx,
  {
    passwordHash,
    ...account
  }: { username: string; passwordHash: string } & ({ recoveryEmail: string } | { id: string }),
  now: Date,
): Promise<{ userId: string; ended: number } | null> {
  const where = { ...account, disabledAt: null }
  const [user] = await tx.user.updateManyAndReturn({ where, data: { passwordHash }, select: { id: true } })
  if (!user) return null
  const { count: ended } = await tx.session.deleteMany({ where: { userId: user.id } })
  // Guesses were made at a password that is no more.
  await clearTries(tx, 'passwordByAccount', [account.username])
  await tellOfNewPassword(tx, user.id, now)
  return { userId: user.id, ended }
}

/** Tells the recovery e-mail, if there is one, and makes the account's links worthless (ASVS 5.0, 6.3.7). */
export async function tellOfNewPassword(tx: Tx, userId: string, now: Date): Promise<void> {
  // Whoever had the old password may have asked for another address.
  await tx.mail.deleteMany({ where: { userId, kind: { in: ['confirmRecovery', 'resetByOwner'] } } })
  const user = await tx.user.findUnique({ where: { id: userId }, select: { recoveryEmail: true } })
  if (!user?.recoveryEmail) return
  const { recoveryEmail: recipient } = user
  await tx.mail.deleteMany({ where: { recipient, kind: 'resetPassword' } })
  if (env().mail) await enqueue(tx, { kind: 'passwordChanged', recipient, userId, now })
}

/**
 * Deletes a member with everything of theirs, and the subscription that this session remembers.
 * @returns null when the session has ended meanwhile, and nothing has happened.
 */
export async function deleteAccount({ userId, session }: Member, attempt: Attempt): Promise<Erased | null> {
  return erase(userId, { id: session.id }, attempt)
}

/**
 * Deletes a member with everything of theirs, as the operator asks, and the subscriptions that all their sessions
 * remember: nobody says which is theirs.
 * @returns null when there is no such member.
 */
export async function deleteMember(userId: string, attempt: Attempt): Promise<Erased | null> {
  return erase(userId, null, attempt)
}

/** @param only The session without which nothing is to happen, and whose subscription alone goes; null for none. */
async function erase(userId: string, only: { id: string } | null, attempt: Attempt): Promise<Erased | null> {
  const erased = await transaction(async (tx) => {
    // The account before its sessions, as whoever else holds both does, or the two would wait for each other.
    const held = { where: { id: userId }, data: { id: userId }, select: { username: true } }
    const [user] = await tx.user.updateManyAndReturn(held)
    const where = { userId, ...only }
    const sessions = await tx.session.updateManyAndReturn({ where, data: { userId }, select: { data: true } })
    if (!user || (only && sessions.length === 0)) return null
    const { username } = user
    const { count } = await tx.like.deleteMany({ where: { userId } })
    let isUnsubscribed = false
    for (const { data } of sessions) isUnsubscribed = (await removeRemembered(tx, parseData(data))) || isUnsubscribed
    await forgetTries(tx, 'passwordByAccount', [username])
    // What the owner of the site did to the account is told by its name, which goes too.
    await tx.securityEvent.deleteMany({ where: { userId: null, kind: { startsWith: 'member' }, detail: username } })
    const { count: ended } = await tx.session.deleteMany({ where: { userId } })
    const { recoveryEmail } = await tx.user.delete({ where: { id: userId }, select: { recoveryEmail: true } })
    if (recoveryEmail) await tx.mail.deleteMany({ where: { recipient: recoveryEmail, kind: 'resetPassword' } })
    return { likes: count, isUnsubscribed, ended }
  })
  if (erased === null) return null
  announce({ kind: 'accountDeleted', userId, ...attempt })
  const { ended, ...receipt } = erased
  countSessions('ended', ended)
  return receipt
}
