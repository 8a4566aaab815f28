/** A member's sessions as the member sees and steers them: which there are, ending them, proving the password again. */
import { replacePassword, tellOfNewPassword } from './accounts.ts'
import type { VerifiedAccount } from './credentials.ts'
import { db, isGone, type Tx, transaction } from './db.ts'
import { announce } from './log.ts'
import { countSessions } from './metrics.ts'
import { record } from './security-log.ts'
import { holdSession } from './session-data.ts'
import { aliveAt } from './session-limits.ts'
import type { IssuedToken } from './session-store.ts'
import { hashOf, newToken } from './session-token.ts'
import type { Attempt, Member } from './viewer.ts'

const LISTED_AT_MOST = 100

export type ListedSession = { id: string; device: string; createdAt: Date; lastSeenAt: Date; isThisDevice: boolean }

/** The member's sessions that have passed no limit (ASVS 5.0, 7.5.2): this one first, then as they were last seen. */
export async function listSessions({ userId, session }: Member, now: Date): Promise<ListedSession[]> {
  const alive = [
    { keep: true, ...aliveAt('kept', now) },
    { keep: false, ...aliveAt('brief', now) },
  ]
  const rows = await db().session.findMany({
    where: { userId, OR: alive },
    orderBy: { lastSeenAt: 'desc' },
    select: { id: true, device: true, createdAt: true, lastSeenAt: true },
  })
  return rows
    .map((row) => ({ ...row, device: row.device ?? 'An unknown browser', isThisDevice: row.id === session.id }))
    .toSorted((one, other) => Number(other.isThisDevice) - Number(one.isThisDevice))
    .slice(0, LISTED_AT_MOST)
}

/** Ends one of the member's other sessions. @returns false when there is none of this id, or it is not theirs. */
export async function endOtherSession(member: Member, id: string, attempt: Attempt): Promise<boolean> {
  const { userId } = member
  if (id === member.session.id) return false
  const event = await unlessGone(
    transaction(async (tx) => {
      await holdSession(tx, member)
      const { device } = await tx.session.delete({ where: { id, userId }, select: { device: true } })
      const event = { kind: 'sessionEnded', userId, ...attempt, detail: device ?? undefined } as const
      await record(tx, event)
      return event
    }),
  )
  if (!event) return false
  announce(event)
  countSessions('ended')
  return true
}

/** Ends all of the member's sessions but this one. @returns how many; none when this one has ended meanwhile. */
export async function endOtherSessions(member: Member, attempt: Attempt): Promise<number> {
  const { userId, session } = member
  const event = { kind: 'otherSessionsEnded', userId, ...attempt } as const
  const work = transaction(async (tx) => {
    await holdSession(tx, member)
    const { count } = await tx.session.deleteMany({ where: { userId, id: { not: session.id } } })
    if (count > 0) await record(tx, event)
    return count
  })
  const ended = (await unlessGone(work)) ?? 0
  if (ended > 0) announce(event)
  countSessions('ended', ended)
  return ended
}

/**
 * Notes that the password was just given, and gives the session a new token (ASVS 5.0, 7.2.4); its kind and its end stay.
 * @param proof As the password verified it, and the token that the request carried.
 * @returns null when the session has ended, or the password or the token was changed meanwhile.
 */
export async function renewSudo(member: Member, proof: Proof, attempt: Attempt): Promise<IssuedToken | null> {
  const { account, presented } = proof
  const issued = await unlessGone(
    transaction(async (tx) => {
      // Holds the account, as a log-in does: who proves the old password while it is being changed is too late.
      if (!(await replacePassword(tx, account, account.passwordHash))) return null
      return rotateToken(tx, member, presented, attempt.now)
    }),
  )
  if (issued) announce({ kind: 'passwordGiven', userId: member.userId, ...attempt })
  return issued
}

/** That the member was just proved: the account as it was verified, and the token that the request carried. */
type Proof = { account: VerifiedAccount; presented: string }

/**
 * Changes the password, ends every other session, and gives this one a new token, all or nothing (ASVS 5.0, 6.2.2,
 * 7.4.3). Whoever knew the old password is out, and a log-in that is under way with it does not get in.
 * @returns null when the session has ended, or the password or the token was changed meanwhile; nothing has happened.
 */
export async function changePassword(
  member: Member,
  { account, presented }: Proof,
  passwordHash: string,
  attempt: Attempt,
): Promise<IssuedToken | null> {
  const { userId, session } = member
  const event = { kind: 'passwordChanged', userId, ...attempt } as const
  const changed = await unlessGone(
    transaction(async (tx) => {
      if (!(await replacePassword(tx, account, passwordHash))) return null
      const issued = await rotateToken(tx, member, presented, attempt.now)
      const others = await tx.session.deleteMany({ where: { userId, id: { not: session.id } } })
      await tellOfNewPassword(tx, userId, attempt.now)
      await record(tx, event)
      return { issued, ended: others.count }
    }),
  )
  if (!changed) return null
  announce(event)
  countSessions('ended', changed.ended)
  return changed.issued
}

/** Only where the token is still the one presented: of two requests that carry one, the first makes the other's worthless. */
async function rotateToken(tx: Tx, { session: { id }, userId }: Member, presented: string, now: Date) {
  const token = newToken()
  const { expiresAt, keep } = await tx.session.update({
    where: { id, userId, tokenHash: hashOf(presented) },
    data: { tokenHash: hashOf(token), sudoAt: now },
    select: { expiresAt: true, keep: true },
  })
  return { token, expiresAt, persistent: keep } satisfies IssuedToken
}

/** null where the row to change was gone, and everything with it rolled back. */
function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error) => {
    if (isGone(error)) return null
    throw error
  })
}
