/** How much the site is used: counts by day, and nothing about anybody. The database counts; no rows are fetched. */
import { databaseSize, db } from './db.ts'
import { aliveAt, endedAt } from './session-limits.ts'

const DAY = 24 * 60 * 60_000
const DAYS = 30

/** Of each of the last thirty days in UTC, the oldest first and today last, how many there were. */
export type ByDay = { day: string; count: number }[]

export type Figures = {
  /** Those still on a list. */
  likes: ByDay
  /** Accounts that still exist. */
  signUps: ByDay
  /** Addresses still on the mailing list, by the day they were confirmed. */
  subscriptions: ByDay
  /** Wrong passwords at log-in. */
  refusedLogIns: ByDay
  /** Alive now. */
  sessions: { visitors: number; keptMembers: number; briefMembers: number }
}

/** The figures of the admin page. */
export async function figures(now: Date): Promise<Figures> {
  const since = new Date(startOfDay(now) - (DAYS - 1) * DAY)
  const [likes, signUps, subscriptions, refusedLogIns, sessions] = await Promise.all([
    db().$queryRaw<Row[]>`
      SELECT substr(CAST("createdAt" AS TEXT), 1, 10) AS "day", COUNT(*) AS "count"
      FROM "Like" WHERE "createdAt" >= ${since} GROUP BY 1`,
    db().$queryRaw<Row[]>`
      SELECT substr(CAST("createdAt" AS TEXT), 1, 10) AS "day", COUNT(*) AS "count"
      FROM "User" WHERE "createdAt" >= ${since} GROUP BY 1`,
    db().$queryRaw<Row[]>`
      SELECT substr(CAST("confirmedAt" AS TEXT), 1, 10) AS "day", COUNT(*) AS "count"
      FROM "Subscriber" WHERE "confirmedAt" >= ${since} GROUP BY 1`,
    db().$queryRaw<Row[]>`
      SELECT substr(CAST("at" AS TEXT), 1, 10) AS "day", COUNT(*) AS "count"
      FROM "SecurityEvent" WHERE "at" >= ${since} AND "kind" = 'logInFailed' GROUP BY 1`,
    countSessions(now),
  ])
  return {
    likes: everyDay(likes, since),
    signUps: everyDay(signUps, since),
    subscriptions: everyDay(subscriptions, since),
    refusedLogIns: everyDay(refusedLogIns, since),
    sessions,
  }
}

/** Counts everything that is kept; sessions that have ended wait for the clean-up. */
export async function inventory(now: Date) {
  const some = { not: null }
  const { user, session, like, subscriber, mail, throttle, securityEvent } = db()
  const mails = (...state: string[]) => mail.count({ where: { state: { in: state }, recipient: { not: '' } } })
  return {
    database: await databaseSize(),
    members: { all: await user.count(), disabled: await user.count({ where: { disabledAt: some } }) },
    sessions: { ...(await countSessions(now)), ended: await session.count({ where: endedAt(now) }) },
    likes: {
      members: await like.count({ where: { userId: some } }),
      visitors: await like.count({ where: { sessionId: some } }),
    },
    subscribers: {
      confirmed: await subscriber.count({ where: { confirmedAt: some } }),
      pending: await subscriber.count({ where: { confirmedAt: null } }),
    },
    messages: {
      waiting: await mails('waiting', 'sending'),
      failed: await mails('failed'),
      unknown: await mails('unknown'),
    },
    throttles: await throttle.count(),
    securityEvents: await securityEvent.count(),
  }
}

async function countSessions(now: Date) {
  const [visitors, keptMembers, briefMembers] = await Promise.all([
    db().session.count({ where: { userId: null, ...aliveAt('visitor', now) } }),
    db().session.count({ where: { userId: { not: null }, keep: true, ...aliveAt('kept', now) } }),
    db().session.count({ where: { userId: { not: null }, keep: false, ...aliveAt('brief', now) } }),
  ])
  return { visitors, keptMembers, briefMembers }
}

/** COUNT comes as a bigint. */
type Row = { day: string; count: bigint | number }

/** The days that had none have no row. */
function everyDay(rows: Row[], since: Date): ByDay {
  const counts = new Map(rows.map(({ day, count }) => [day, Number(count)]))
  return Array.from({ length: DAYS }, (_, i) => {
    const day = new Date(since.getTime() + i * DAY).toISOString().slice(0, 10)
    return { day, count: counts.get(day) ?? 0 }
  })
}

function startOfDay(now: Date) {
  return Math.floor(now.getTime() / DAY) * DAY
}
