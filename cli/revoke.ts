/** `revoke`: ends the sessions of a member, one session, or those of all members. */
import { inventory } from '../lib/figures.ts'
import { endSessionsOf } from '../lib/members.ts'
import { endAllMembersSessions, endSession } from '../lib/operator.ts'
import { NO_SESSION } from './explain.ts'
import { attemptAt, memberNamed } from './operator.ts'
import { counted, progress, type Result } from './output.ts'

type Typed = { user?: string; session?: string; all?: boolean }

/** @throws Error when not exactly one of the three was typed, or nobody and nothing has that name or id. */
export async function run({ user, session, all }: Typed, _: string, now = new Date()): Promise<Result> {
  if ([user, session, all].filter((given) => given !== undefined).length !== 1) {
    throw new Error('Say which sessions to end by one of --user, --session and --all.')
  }
  if (user !== undefined) return revokeOf(user, now)
  return session === undefined ? revokeAll(now) : revokeOne(session, now)
}

async function revokeOf(user: string, now: Date): Promise<Result> {
  const { id, username } = await memberNamed(user)
  const sessions = (await endSessionsOf(id, attemptAt(now))) ?? 0
  const text = sessions === 0 ? `${username} has no sessions.` : `Ended ${counted(sessions, 'session')} of ${username}.`
  return { data: { username, sessions }, text }
}

async function revokeOne(id: string, now: Date): Promise<Result> {
  const ended = await endSession(id, attemptAt(now))
  if (!ended) throw new Error(NO_SESSION)
  const { kind, username, likes } = ended
  const text =
    kind === 'visitor'
      ? `Ended a visitor’s session, and erased the ${counted(likes, 'like')} on its list.`
      : `Ended a session of ${username}.`
  return { data: { id, kind, username, sessions: 1, likesErased: likes }, text }
}

async function revokeAll(now: Date): Promise<Result> {
  const { keptMembers, briefMembers } = (await inventory(now)).sessions
  const shown = progress('Ending sessions', keptMembers + briefMembers)
  try {
    const sessions = await endAllMembersSessions(attemptAt(now), (ended) => shown.show(ended))
    return { data: { sessions }, text: `Ended ${counted(sessions, 'session')}, all that members had.` }
  } finally {
    shown.end()
  }
}
