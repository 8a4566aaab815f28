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
  /** When the admin password was given in this session; see `isAdmin`. */
  adminSince: Date | null
  data: SessionData
}

/** Somebody of whom nothing is kept: no cookie, or one that means nothing any more. */
export type Stranger = { kind: 'stranger' }
export type Visitor = { kind: 'visitor'; session: LiveSession }
export type Member = {
  kind: 'member'
  session: LiveSession
  userId: string
  username: string
  /** Whether everybody may read the list, on its page. */
  isPublished: boolean
}

export type Viewer = Stranger | Visitor | Member
/** Somebody who can have a list. */
export type Keeper = Visitor | Member

export type Owner = { userId: string } | { sessionId: string }

/** The owner columns of a viewer's likes, to spread into a `where` or a `data`. A stranger has none, by type. */
export function ownerOf(keeper: Keeper): Owner {
  return keeper.kind === 'member' ? { userId: keeper.userId } : { sessionId: keeper.session.id }
}

/** What asks on somebody's behalf, as far as a request tells. */
export type Client = {
  /** An IPv4 address, or the /64 network of an IPv6 one. */
  address: string
  /** A browser in words, such as "Firefox on Linux". */
  device: string
}

/** By whom and when something is tried: what limits are counted by and events are recorded with. */
export type Attempt = { client: Client; now: Date }

/** The mark of a stranger, to whom nothing private is shown. */
const NOBODY = 'nobody'

/**
 * Names a viewer in a form, so that the action knows for whom the page was made. Public, and never proof of anything:
 * it is compared with who is asking, and can only make an action refuse.
 */
export function markOf(viewer: Viewer): string {
  if (viewer.kind === 'stranger') return NOBODY
  return viewer.kind === 'visitor' ? `visitor ${viewer.session.id}` : `member ${viewer.userId}`
}

/**
 * Whether what carries this mark was made for the viewer. What was shown to nobody is for the visitor whom this browser
 * has become since, too.
 */
export function isShownTo(mark: string, viewer: Viewer): boolean {
  return mark === markOf(viewer) || (mark === NOBODY && viewer.kind === 'visitor')
}

/** Whether it was made for a member, whoever that was. */
export function isMembers(mark: string): boolean {
  return mark.startsWith('member ')
}
