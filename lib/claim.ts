/** What a log-in takes along from a visitor's list: moved in its transaction, told by a receipt, and erased by Undo. */
import { type Tx, transaction } from './db.ts'
import { changeData } from './session-data.ts'
import type { Member } from './viewer.ts'

/** How long the receipt of a claim is shown, in milliseconds. */
const RECEIPT_FOR = 24 * 60 * 60_000

/**
 * Moves a visitor's likes to an account, inside the log-in's transaction. Of doubles the account's own row stays as it
 * was, and the visitor's goes with its session.
 * @returns how many moved.
 */
export async function claimLikes(
  tx: Tx,
  { from, to, claimId }: { from: string; to: string; claimId: string },
): Promise<number> {
  return tx.$executeRaw`
    UPDATE "Like" SET "userId" = ${to}, "sessionId" = NULL, "claimId" = ${claimId}
    WHERE "sessionId" = ${from}
      AND "thingKey" NOT IN (SELECT "thingKey" FROM "Like" WHERE "userId" = ${to})`
}

/** The receipt of what the log-in brought along, or null when there is none, or none any more. */
export function claimReceipt(member: Member, now: Date): { count: number } | null {
  const { claim } = member.session.data
  return claim && now.getTime() - claim.at < RECEIPT_FOR ? { count: claim.count } : null
}

/** Erases what the log-in brought along and is still there; everything since stays. @returns how many. */
export async function undoClaim(member: Member, now: Date): Promise<number> {
  const { claim } = member.session.data
  if (!claim || !claimReceipt(member, now)) return 0
  return transaction(async (tx) => {
    const { count } = await tx.like.deleteMany({ where: { userId: member.userId, claimId: claim.id } })
    // The like removed last may be one of these, and its Undo would bring it back.
    await changeData(tx, member.session.id, ({ claim: _, removed: __, ...data }) => data)
    return count
  })
}

/** Puts the receipt away and keeps the likes. */
export async function dismissClaim(member: Member): Promise<void> {
  await transaction((tx) => changeData(tx, member.session.id, ({ claim: _, ...data }) => data))
}
