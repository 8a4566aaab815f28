/** Proving who one is with a username and a password. */
import { replacePassword } from './accounts.ts'
import { db, isOrphan, type Tx, transaction } from './db.ts'
import { HASH_COST, hashPassword, isOutdated, verifyPassword } from './password.ts'
import { hasLoggedInFrom, note, type SecurityEvent } from './security-log.ts'
import { clearTries, countTry, giveBack } from './throttle.ts'
import type { Attempt } from './viewer.ts'

export type Credentials = { username: string; password: string }

/** An account whose password was just verified against this hash. */
export type VerifiedAccount = { isNew: false; userId: string; passwordHash: string }

/**
 * Checks a username and a password: the one door to every password there is. The try is counted before the hash is
 * made, so that of many at once only as many as the limits allow are checked at all. A known and an unknown username
 * take the same statements, hashes and words (ASVS 5.0, 6.3.1, 6.3.8).
 * @param options.session The session in which a member proves the password again; without it, it is a log-in.
 * @returns null when they do not belong together; it is not said which was wrong.
 * @throws Throttled when it was tried too often; Unavailable when too many passwords are waiting to be hashed.
 */
export async function verifyCredentials(
  credentials: Credentials,
  { session, cost = HASH_COST, ...attempt }: Attempt & { session?: { id: string }; cost?: number },
): Promise<VerifiedAccount | null> {
  const counted = await countPassword(credentials.username, session, attempt)
  const { account, userId } = await check(credentials, cost).catch(async (error) => {
    // Nothing was checked, so nothing was learned.
    await transaction((tx) => giveBackAll(tx, counted, attempt)).catch(() => {})
    throw error
  })
  if (account) await transaction((tx) => forgive(tx, counted, attempt))
  else await noteFailure({ kind: session ? 'passwordFailed' : 'logInFailed', userId, ...attempt })
  return account
}

/** What a try was counted of: the account, or the account in a place of its own, which nobody else's guesses fill. */
type Counted = { subject: string[]; isApart: boolean }

function countPassword(username: string, session: { id: string } | undefined, attempt: Attempt): Promise<Counted> {
  return transaction(async (tx) => {
    const { address } = attempt.client
    await countTry('passwordCheckByAddress', attempt, tx)
    await countTry('passwordByAddress', attempt, tx)
    const isFamiliar = !session && (await hasLoggedInFrom(tx, address, username, attempt.now))
    const place = session ? [session.id] : isFamiliar ? [address] : []
    const subject = [username, ...place]
    await countTry('passwordByAccount', { ...attempt, subject }, tx)
    return { subject, isApart: place.length > 0 }
  })
}

async function giveBackAll(tx: Tx, { subject }: Counted, { client }: Attempt) {
  await giveBack(tx, 'passwordCheckByAddress', [client.address])
  await giveBack(tx, 'passwordByAddress', [client.address])
  await giveBack(tx, 'passwordByAccount', subject)
}

/** After the right password. What others guessed from elsewhere stays counted, or each log-in would begin them anew. */
async function forgive(tx: Tx, { subject, isApart }: Counted, { client }: Attempt) {
  await giveBack(tx, 'passwordByAddress', [client.address])
  if (isApart) await clearTries(tx, 'passwordByAccount', subject)
  else await giveBack(tx, 'passwordByAccount', subject)
}

async function noteFailure(event: SecurityEvent) {
  await note(event).catch((error) => {
    // The account was deleted in this moment.
    if (isOrphan(error)) return note({ ...event, userId: null })
    throw error
  })
}

async function check({ username, password }: Credentials, cost: number) {
  const user = await db().user.findUnique({
    where: { username },
    select: { id: true, passwordHash: true, disabledAt: true },
  })
  const isRight = await verifyPassword(password, user?.passwordHash ?? null)
  if (!user || !isRight || user.disabledAt) return { account: null, userId: user?.id ?? null }
  const passwordHash = await upToDate(user, password, cost)
  // Another log-in did it meanwhile, or the password was changed: look again.
  if (!passwordHash) return check({ username, password }, cost)
  return { account: { isNew: false as const, userId: user.id, passwordHash }, userId: user.id }
}

/** Hashes a password anew when that would be stronger now. @returns the hash in force, or null when it is another. */
async function upToDate(user: { id: string; passwordHash: string }, password: string, cost: number) {
  if (!isOutdated(user.passwordHash, cost)) return user.passwordHash
  const passwordHash = await hashPassword(password, cost)
  const verified = { isNew: false, userId: user.id, passwordHash: user.passwordHash } as const
  const isReplaced = await transaction((tx) => replacePassword(tx, verified, passwordHash))
  return isReplaced ? passwordHash : null
}
