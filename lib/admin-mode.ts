/** Admin mode: what the owner of the site may do in a session after giving the admin password. Knows no cookies. */
import { isGone, transaction } from './db.ts'
import { env } from './env.ts'
import { announce } from './log.ts'
import { isSameSecret } from './secret.ts'
import { note, record } from './security-log.ts'
import type { IssuedToken } from './session-store.ts'
import { hashOf, newToken } from './session-token.ts'
import { countTry, giveBack } from './throttle.ts'
import type { Attempt, Keeper } from './viewer.ts'

/**
 * Whether this is the admin password. The try is counted first, so that many at once are no way around the limit (ASVS
 * 5.0, 6.3.1).
 * @throws Throttled
 */
export async function verifyAdminPassword(password: string, attempt: Attempt): Promise<boolean> {
  await countTry('adminPasswordByAddress', attempt)
  const { adminPassword } = env()
  const isRight = adminPassword !== undefined && isSameSecret(password, adminPassword)
  if (isRight) await transaction((tx) => giveBack(tx, 'adminPasswordByAddress', [attempt.client.address]))
  else await note({ kind: 'adminLogInFailed', userId: null, ...attempt })
  return isRight
}

/**
 * Begins admin mode in a session and gives it a new token (ASVS 5.0, 7.2.4); its kind and its end stay.
 * @param presented The token that the request carried.
 * @returns null when the session has ended or its token was changed meanwhile.
 */
export async function begin(keeper: Keeper, presented: string, attempt: Attempt): Promise<IssuedToken | null> {
  return change(keeper, presented, { adminSince: attempt.now, lastSeenAt: attempt.now }, 'adminLoggedIn', attempt)
}

/** Ends it, in the same way. */
export async function end(keeper: Keeper, presented: string, attempt: Attempt): Promise<IssuedToken | null> {
  return change(keeper, presented, { adminSince: null }, 'adminLoggedOut', attempt)
}

type Change = { adminSince: Date | null; lastSeenAt?: Date }

async function change(
  { session: { id } }: Keeper,
  presented: string,
  data: Change,
  kind: 'adminLoggedIn' | 'adminLoggedOut',
  attempt: Attempt,
): Promise<IssuedToken | null> {
  const event = { kind, userId: null, ...attempt } as const
  const work = transaction(async (tx) => {
    const token = newToken()
    const { expiresAt, keep } = await tx.session.update({
      where: { id, tokenHash: hashOf(presented) },
      data: { ...data, tokenHash: hashOf(token) },
      select: { expiresAt: true, keep: true },
    })
    await record(tx, event)
    return { token, expiresAt, persistent: keep }
  })
  const issued = await work.catch((error) => {
    if (isGone(error)) return null
    throw error
  })
  if (issued) announce(event)
  return issued
}
