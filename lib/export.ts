/** Everything that is kept about somebody, for them to take along. */
import { db } from './db.ts'
import { listActivity, note } from './security-log.ts'
import { parseData } from './session-data.ts'
import { type Attempt, type Keeper, ownerOf } from './viewer.ts'

/**
 * All that is held about a visitor or a member: no hash, no token, and no id, since none means anything elsewhere. A
 * member's is recorded, because whoever has stolen a session would want it (ASVS 5.0, 7.5.3, 16.3.1).
 */
export async function exportData(keeper: Keeper, attempt: Attempt) {
  if (keeper.kind === 'member') await note({ kind: 'exported', userId: keeper.userId, ...attempt })
  const [account, likes, sessions, activity] = await Promise.all([
    keeper.kind === 'member' ? accountOf(keeper.userId) : null,
    likesOf(keeper),
    sessionsOf(keeper),
    keeper.kind === 'member' ? listActivity(keeper, { all: true }) : [],
  ])
  const securityActivity = activity.map(({ id: _, ...event }) => event)
  return { exportedAt: attempt.now, ...(account && { account }), likes, sessions, securityActivity }
}

async function accountOf(id: string) {
  const { username, createdAt, recoveryEmail } = await db().user.findUniqueOrThrow({ where: { id } })
  return { username, signedUpAt: createdAt, recoveryEmail }
}

async function likesOf(keeper: Keeper) {
  const rows = await db().like.findMany({ where: ownerOf(keeper), orderBy: { createdAt: 'desc' } })
  return rows.map(({ thing, createdAt, claimId }) => ({
    thing,
    likedAt: createdAt,
    ...(claimId && { cameFromAVisitorsList: true }),
  }))
}

async function sessionsOf(keeper: Keeper) {
  const where = keeper.kind === 'member' ? { userId: keeper.userId } : { id: keeper.session.id }
  const rows = await db().session.findMany({ where, orderBy: { createdAt: 'desc' } })
  return rows.map((row) => ({
    device: row.device,
    begunAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
    endsAt: row.expiresAt,
    keptLoggedIn: row.keep,
    passwordGivenAt: row.sudoAt,
    ...(row.adminSince && { adminSince: row.adminSince }),
    remembers: inWords(row.data),
  }))
}

function inWords(data: string) {
  const { removed, claim, subscription, farewell } = parseData(data)
  const likedAt = removed && new Date(removed.likedAt)
  return {
    ...(removed && { lastRemoved: { thing: removed.thing, likedAt, at: new Date(removed.at) } }),
    ...(claim && { broughtAlong: { likes: claim.count, at: new Date(claim.at) } }),
    ...(subscription && { givenToTheMailingList: subscription.address }),
    ...(farewell && { takenBackFromTheMailingList: { address: farewell.address, at: new Date(farewell.at) } }),
  }
}
