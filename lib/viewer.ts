/** Who is asking, and whose likes are whose. The union of the two owners of a like lives here and nowhere else. */
import type { SessionData } from './session-data.ts'

export type LiveSession = {
  /** The public id: may be listed, logged and posted, unlike the token. */
  id: string
  lastSeenAt: Date
  /** The absolute limit. */
  expiresAt: Date
  /** When the password was last given in this session. */
  sudoAt: Date | null
  data: SessionData
}

/** Somebody of whom nothing is kept: no cookie, or one that means nothing any more. */
export type Stranger = { kind: 'stranger' }
export type Visitor = { kind: 'visitor'; session: LiveSession }
export type Member = { kind: 'member'; session: LiveSession; userId: string; username: string }

export type Viewer = Stranger | Visitor | Member
/** Somebody who can have a list. */
export type Keeper = Visitor | Member

/** The owner columns of a viewer's likes, to spread into a `where` or a `data`. A stranger has none, by type. */
export function ownerOf(keeper: Keeper): { userId: string } | { sessionId: string } {
  return keeper.kind === 'member' ? { userId: keeper.userId } : { sessionId: keeper.session.id }
}
