/** Everything that is kept about somebody, for them to take along. */
import { db } from './db.ts'
import { listActivity, note } from './security-log.ts'
import { parseData } from './session-data.ts'
import { type Attempt, type Keeper, type Owner, ownerOf } from './viewer.ts'

/**
 * All that is held about a visitor or a member: no hash, no token, and no id, since none means anything elsewhere. A
 * member's is recorded, because whoever has stolen a session would want it (ASVS 5.0, 7.5.3, 16.3.1).
 */
export async function exportData(keeper: Keeper, attempt: Attempt) {
  if (keeper.kind === 'member') await note({ kind: 'exported', userId: keeper.userId, ...attempt })
  return dataOf(ownerOf(keeper), attempt.now)
}

/** The same without a record of it, which is the caller's. */
export async function dataOf(owner: Owner, now: Date) {
  const [account, likes, sessions, activity] = await Promise.all([
    'userId' in owner ? accountOf(owner.userId) : null,
    likesOf(owner),
    sessionsOf(owner),
    'userId' in owner ? listActivity(owner, { all: true }) : [],
  ])
  const securityActivity = activity.map(({ id: _, ...event }) => event)
  return { exportedAt: now, ...(account && { account }), likes, sessions, securityActivity }
}

async function accountOf(id: string) {
  const user = await db().user.findUniqueOrThrow({ where: { id } })
  const { username, createdAt, recoveryEmail, publishedAt, listTitle, isIndexable, takenDownAt } = user
  const publishedList = { publishedAt, title: listTitle, isIndexable, takenDownAt }
  return { username, signedUpAt: createdAt, recoveryEmail, publishedList }
}

async function likesOf(owner: Owner) {
  const rows = await db().like.findMany({ where: owner, orderBy: { createdAt: 'desc' } })
  return rows.map(({ thing, createdAt, claimId }) => ({
    thing,
    likedAt: createdAt,
    ...(claimId && { cameFromAVisitorsList: true }),
  }))
}

async function sessionsOf(owner: Owner) {
  const where = 'userId' in owner ? owner : { id: owner.sessionId }
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
