/**
 * The session law, first half: who somebody is by a cookie, for how long, and how a session begins, changes its token
 * and ends. What people do with that is in `session-law.ts`. Neither imports anything of what it judges, so that they
 * cannot be wrong in the same way. Times are milliseconds since the epoch.
 */
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const LIMITS = {
  visitor: { idle: 90 * DAY, absolute: 400 * DAY },
  kept: { idle: 14 * DAY, absolute: 30 * DAY },
  brief: { idle: 2 * HOUR, absolute: 24 * HOUR },
}
const TOUCHED_EVERY = 10 * MINUTE
const RENEWED_AFTER = 30 * DAY
const SUDO_FOR = 10 * MINUTE
export const UNDO_FOR = 10 * MINUTE
export const RECEIPT_FOR = DAY

type Claim = { at: number; count: number }
export type Like = { thing: string; at: number; claim?: Claim }
export type Account = { username: string; password: number; likes: Like[] }
/** A row. A visitor's has no account, and likes of its own. */
export type Session = {
  token: string
  account: Account | null
  keep: boolean
  seen: number
  ends: number
  sudo: number
  likes: Like[]
  removed?: { like: Like; at: number } | undefined
  claim?: Claim | undefined
}
type Cookie = { token: string; until: number | null }

export class SessionRows {
  sessions: Session[] = []
  /** Every session there ever was, and every token. */
  readonly begun: Session[] = []
  readonly tokens: string[] = []
  readonly cookies: (Cookie | null)[] = []
  /** The value and the Max-Age of the cookie that the answer sets. */
  said: { value: string; maxAge: number | null } | null = null

  /** @param issued The token that a browser was given just now, which nobody can foresee. */
  constructor(
    public now: number,
    private readonly issued: (browser: number) => string,
  ) {}

  cookie(browser: number): Cookie | null {
    const cookie = this.cookies[browser]
    return cookie && (cookie.until === null || cookie.until > this.now) ? cookie : null
  }

  /** The session of a token, as long as it has passed no limit. */
  at(token: string | undefined): Session | undefined {
    return this.sessions.find((session) => session.token === token && this.isAlive(session))
  }

  who(browser: number) {
    return this.at(this.cookie(browser)?.token)
  }

  isAlive({ seen, ends, ...session }: Session) {
    return this.now < ends && this.now < seen + limitsOf(session).idle
  }

  isSudo({ sudo }: Session) {
    return this.now < sudo + SUDO_FOR
  }

  /** A visit stores nothing. It is noted, every ten minutes at most, that a session was used. */
  visit(browser: number) {
    const session = this.who(browser)
    if (session && this.now >= session.seen + TOUCHED_EVERY) session.seen = this.now
    return session
  }

  cleanUp() {
    this.end((session) => !this.isAlive(session))
  }

  /** A cookie from somewhere else, such as a copy or one that somebody planted. */
  plant(browser: number, token: string) {
    this.cookies[browser] = { token, until: null }
  }

  close(browser: number) {
    if (this.cookies[browser]?.until === null) this.cookies[browser] = null
  }

  protected begin(browser: number, { absolute, ...whose }: Pick<Session, 'account' | 'keep'> & { absolute: number }) {
    const times = { seen: this.now, sudo: this.now, ends: this.now + absolute }
    const session: Session = { ...whose, ...times, token: this.newToken(browser), likes: [] }
    this.sessions.push(session)
    this.begun.push(session)
    this.setCookie(browser, session)
    return session
  }

  protected rotate(browser: number, session: Session) {
    session.token = this.newToken(browser)
    session.sudo = this.now
    this.setCookie(browser, session)
  }

  private newToken(browser: number) {
    const token = this.issued(browser)
    if (this.tokens.includes(token)) throw new Error('a new token was due, and this one is known')
    this.tokens.push(token)
    return token
  }

  /** Max-Age is what is left, in whole seconds; none where "Keep me logged in" was not ticked. */
  protected setCookie(browser: number, { token, keep, ends }: Session) {
    const maxAge = keep ? Math.floor((ends - this.now) / 1000) : null
    this.cookies[browser] = { token, until: maxAge === null ? null : this.now + maxAge * 1000 }
    this.said = { value: token, maxAge }
  }

  protected clearCookie(browser: number) {
    this.cookies[browser] = null
    this.said = { value: '', maxAge: 0 }
  }

  protected end(isMeant: (session: Session) => boolean) {
    this.sessions = this.sessions.filter((session) => !isMeant(session))
  }
}

export function limitsOf({ account, keep }: Pick<Session, 'account' | 'keep'>) {
  return account === null ? LIMITS.visitor : keep ? LIMITS.kept : LIMITS.brief
}

/** When something of a session ends or falls due. */
export function momentsOf(session: Session) {
  return [
    session.seen + limitsOf(session).idle,
    session.seen + TOUCHED_EVERY,
    session.ends,
    session.account ? session.sudo + SUDO_FOR : renewableAfter(session),
    ...(session.removed ? [session.removed.at + UNDO_FOR] : []),
    ...(session.claim ? [session.claim.at + RECEIPT_FOR] : []),
  ]
}

/** After when a like makes a visitor's limits begin again: 30 days after they were set. */
export function renewableAfter({ ends }: Session) {
  return ends - LIMITS.visitor.absolute + RENEWED_AFTER
}

/** Newest first. */
export function listOf({ account, likes }: Session) {
  return (account?.likes ?? likes).toSorted((one, other) => other.at - one.at)
}

export function has(likes: Like[], thing: string) {
  return likes.some((like) => like.thing.toLowerCase() === thing.toLowerCase())
}

export function add(session: Session, like: Like) {
  const { likes } = session.account ?? session
  likes.push(like)
}

export function keepOnly(session: Session, isKept: (like: Like) => boolean) {
  const owner = session.account ?? session
  owner.likes = owner.likes.filter(isKept)
}
