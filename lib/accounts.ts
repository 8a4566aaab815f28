/** Accounts: signing up, changing the password, leaving. Knows neither cookies nor sessions. */
import type { Credentials, VerifiedAccount } from './credentials.ts'
import { isTaken, type Tx, transaction } from './db.ts'
import { announce } from './log.ts'
import { hashPassword } from './password.ts'
import { forgetTries } from './throttle.ts'
import type { Attempt, Member } from './viewer.ts'

/** An account whose password was just hashed: to be created, or found unchanged, by the log-in's transaction. */
export type Account = { isNew: true; username: string; passwordHash: string } | VerifiedAccount

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
 * @returns false when it is another by now.
 */
export async function replacePassword(tx: Tx, account: VerifiedAccount, passwordHash: string): Promise<boolean> {
  const where = { id: account.userId, passwordHash: account.passwordHash }
  const { count } = await tx.user.updateMany({ where, data: { passwordHash } })
  return count === 1
}

/**
 * Deletes a member with everything of theirs.
 * @returns how many likes were erased, or null when the session has ended meanwhile, and nothing has happened.
 */
export async function deleteAccount(member: Member, attempt: Attempt): Promise<number | null> {
  const { userId, username, session } = member
  const erased = await transaction(async (tx) => {
    const own = await tx.session.deleteMany({ where: { id: session.id, userId } })
    if (own.count === 0) return null
    const { count } = await tx.like.deleteMany({ where: { userId } })
    await forgetTries(tx, 'passwordByAccount', [username])
    await tx.user.deleteMany({ where: { id: userId } })
    return count
  })
  if (erased !== null) announce({ kind: 'accountDeleted', userId, ...attempt })
  return erased
}
