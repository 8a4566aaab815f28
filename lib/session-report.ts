/** What is known of a session, for whoever runs the site: neither its token nor the hash of it, nor what it remembers. */
import { db } from './db.ts'
import { adminUntil, endsOf, hasEnded, kindOf, renewableAfter, sudoUntil } from './session-limits.ts'

export type SessionReport = ReturnType<typeof asReport>

/** The report of one session, with how many likes go with it, or null when it is not there. */
export async function reportOf(id: string, now: Date): Promise<(SessionReport & { likes: number }) | null> {
  const [row] = await find({ id })
  return row ? { ...asReport(row, now), likes: await db().like.count({ where: { sessionId: id } }) } : null
}

/** Those of a member's sessions, also of the ended ones that wait for the clean-up; as they were last seen. */
export async function listReports(userId: string, now: Date): Promise<SessionReport[]> {
  return (await find({ userId })).map((row) => asReport(row, now))
}

function find(where: { id: string } | { userId: string }) {
  return db().session.findMany({
    where,
    orderBy: { lastSeenAt: 'desc' },
    omit: { tokenHash: true, data: true },
    include: { user: { select: { username: true } } },
  })
}

function asReport(row: Awaited<ReturnType<typeof find>>[number], now: Date) {
  const { idle, absolute } = endsOf(row)
  const kind = kindOf(row)
  const isOver = hasEnded(row, now)
  return {
    id: row.id,
    username: row.user?.username ?? null,
    kind,
    device: row.device,
    begunAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
    endsIdleAt: idle,
    endsAtLatest: absolute,
    /** Which limit comes first, or came. */
    endsBy: idle < absolute ? ('idle' as const) : ('absolute' as const),
    hasEnded: isOver,
    /** After when a like makes a visitor's limits begin again. */
    renewableAfter: kind === 'visitor' ? renewableAfter(row) : null,
    sudoUntil: isOver ? null : sudoUntil(row, now),
    adminUntil: isOver ? null : adminUntil(row, now),
  }
}
