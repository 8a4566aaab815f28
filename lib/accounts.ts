/** Accounts: signing up, proving a password, leaving. Knows neither cookies nor sessions. */
import { db, isTaken, type Tx, transaction } from './db.ts'
import { hashPassword, verifyPassword } from './password.ts'
import type { Member } from './viewer.ts'

type Credentials = { username: string; password: string }

/** An account whose password was just hashed: to be created, or found unchanged, by the log-in's transaction. */
export type Account = { isNew: true; username: string; passwordHash: string } | VerifiedAccount
export type VerifiedAccount = { isNew: false; userId: string; passwordHash: string }

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
 * Checks a username and a password, with the same work whether or not the username exists.
 * @returns null when they do not belong together; it is not said which was wrong.
 * @throws Unavailable when too many passwords are waiting to be hashed.
 */
export async function verifyCredentials({ username, password }: Credentials): Promise<VerifiedAccount | null> {
  const user = await db().user.findUnique({ where: { username }, select: { id: true, passwordHash: true } })
  const isRight = await verifyPassword(password, user?.passwordHash ?? null)
  return user && isRight ? { isNew: false, userId: user.id, passwordHash: user.passwordHash } : null
}

/** Whether `password` is the member's. @throws Unavailable when too many passwords are waiting to be hashed. */
export async function verifyMember(member: Member, password: string): Promise<boolean> {
  const user = await db().user.findUnique({ where: { id: member.userId }, select: { passwordHash: true } })
  return verifyPassword(password, user?.passwordHash ?? null)
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
    const where = { id: account.userId, passwordHash }
    const { count } = await tx.user.updateMany({ where, data: { passwordHash } })
    return count === 1 ? account.userId : null
  }
  try {
    const data = { username: account.username, passwordHash, createdAt: now }
    return (await tx.user.create({ data, select: { id: true } })).id
  } catch (error) {
    throw isTaken(error) ? new UsernameTaken() : error
  }
}

/** Deletes a member with everything of theirs. @returns how many likes were erased. */
export async function deleteAccount(member: Member): Promise<number> {
  return transaction(async (tx) => {
    const { count } = await tx.like.deleteMany({ where: { userId: member.userId } })
    await tx.user.deleteMany({ where: { id: member.userId } })
    return count
  })
}
