/**
 * The session law, second half: what each act does, to whom, and where it leads. It says again what docs/security.md and
 * the decisions say, in the fewest words that run; `session-rows.ts` is the first half.
 */
import {
  type Account,
  add,
  has,
  keepOnly,
  LIMITS,
  limitsOf,
  listOf,
  RECEIPT_FOR,
  renewableAfter,
  type Session,
  SessionRows,
  UNDO_FOR,
} from './session-rows.ts'

const NOTHING_ERASED = '/?notice=nothing-erased'

/** What is given in the field "Current password". */
export type Proof = 'nothing' | 'the password' | 'another'

const TO_LOG_IN = '/login?next=%2Faccount'
const REFUSED = 'refused'

export class Law extends SessionRows {
  accounts: Account[] = []
  /** When anybody removed a like last. */
  removedAt = 0

  /** What pages show whoever presents a token. */
  page(token: string) {
    const session = this.at(token)
    if (!session) return { kind: 'stranger' }
    const { account, removed, claim } = session
    return {
      kind: account ? 'member' : 'visitor',
      things: listOf(session).map(({ thing }) => thing),
      undo: removed && this.now < removed.at + UNDO_FOR ? removed.like.thing : null,
      ...(account && {
        username: account.username,
        receipt: claim && this.now < claim.at + RECEIPT_FOR ? claim.count : null,
        isPasswordAsked: !this.isSudo(session),
        sessions: this.sessions.filter((other) => other.account === account && this.isAlive(other)).length,
      }),
    }
  }

  /** A stranger's session begins with the first like; a visitor's limits begin again with one 30 days later. */
  like(browser: number, thing: string) {
    const before = this.visit(browser)
    const session = before ?? this.begin(browser, { account: null, keep: true, absolute: LIMITS.visitor.absolute })
    if (has(listOf(session), thing)) return REFUSED
    add(session, { thing, at: this.now })
    session.removed = undefined
    if (!session.account && this.now > renewableAfter(session)) {
      session.seen = this.now
      session.ends = this.now + LIMITS.visitor.absolute
      this.setCookie(browser, session)
    }
    return before ? '/' : '/?notice=first-like'
  }

  remove(browser: number, thing: string) {
    const session = this.visit(browser)
    const like = session && listOf(session).find((one) => one.thing === thing)
    if (!session || !like) return REFUSED
    keepOnly(session, (one) => one !== like)
    this.removedAt = this.now
    session.removed = { like, at: this.now }
    return '/'
  }

  /** Only what this session removed last, and for ten minutes; it comes back as it was. */
  undoRemove(browser: number) {
    const session = this.visit(browser)
    const { like, at = 0 } = session?.removed ?? {}
    if (!session || !like || this.now >= at + UNDO_FOR) return REFUSED
    if (!has(listOf(session), like.thing)) add(session, like)
    session.removed = undefined
    return '/'
  }

  // Ways in.

  signUp(browser: number, username: string, keep: boolean) {
    if (this.accounts.some((account) => account.username === username)) return REFUSED
    const account = { username, password: 0, likes: [] }
    this.accounts.push(account)
    return this.enter(browser, account, keep)
  }

  logIn(browser: number, username: string, isRight: boolean, keep: boolean) {
    const account = this.accounts.find((candidate) => candidate.username === username)
    return account && isRight ? this.enter(browser, account, keep) : REFUSED
  }

  /** Ends what this browser was. A living visitor's likes come along, except those that the account has. */
  private enter(browser: number, account: Account, keep: boolean) {
    const token = this.cookie(browser)?.token
    const visitor = this.at(token)?.account === null ? this.at(token) : undefined
    const claim = { at: this.now, count: 0 }
    for (const like of visitor?.likes ?? []) {
      if (has(account.likes, like.thing)) continue
      account.likes.push({ ...like, claim })
      claim.count++
    }
    // A visitor's row that has passed a limit waits for the clean-up.
    this.end((session) => session === visitor || (session.token === token && session.account !== null))
    const session = this.begin(browser, { account, keep, absolute: limitsOf({ account, keep }).absolute })
    if (claim.count > 0) session.claim = claim
    return '/'
  }

  /** Takes back what the log-in brought and is still there, for a day. */
  undoClaim(browser: number) {
    const session = this.visit(browser)
    if (!session?.account) return '/login?next=%2F'
    const { claim } = session
    if (!claim || this.now >= claim.at + RECEIPT_FOR) return NOTHING_ERASED
    const before = session.account.likes.length
    keepOnly(session, (like) => like.claim !== claim)
    session.claim = undefined
    session.removed = undefined
    return session.account.likes.length < before ? '/' : NOTHING_ERASED
  }

  // Ways out.

  logOut(browser: number) {
    const session = this.visit(browser)
    // A visitor's list could never be reached again.
    if (session && !session.account) return '/'
    const token = this.cookie(browser)?.token
    this.end((candidate) => candidate.token === token)
    this.clearCookie(browser)
    return '/?notice=logged-out'
  }

  forget(browser: number) {
    const session = this.visit(browser)
    if (!session) return '/forgotten'
    if (session.account) return '/account#delete'
    this.end((candidate) => candidate === session)
    this.clearCookie(browser)
    return `/forgotten?likes=${session.likes.length}`
  }

  deleteAccount(browser: number, proof: Proof) {
    const session = this.visit(browser)
    if (!session?.account) return TO_LOG_IN
    if (!this.isSudo(session) && proof !== 'the password') return REFUSED
    const { account } = session
    this.accounts = this.accounts.filter((candidate) => candidate !== account)
    this.end((candidate) => candidate.account === account)
    this.clearCookie(browser)
    return `/forgotten?account=1&likes=${account.likes.length}`
  }

  /** What is done to sessions on the page of the account; a password given ten minutes ago is asked for again. */
  endSession(browser: number, target: Session, proof: Proof) {
    const session = this.visit(browser)
    if (!session?.account) return TO_LOG_IN
    if (!this.prove(browser, session, proof)) return REFUSED
    const isTheirs = target !== session && target.account === session.account && this.sessions.includes(target)
    if (isTheirs) this.end((candidate) => candidate === target)
    return isTheirs ? '/account?notice=session-ended' : '/account?notice='
  }

  endOthers(browser: number, proof: Proof) {
    const session = this.visit(browser)
    if (!session?.account) return TO_LOG_IN
    if (!this.prove(browser, session, proof)) return REFUSED
    this.end((other) => other.account === session.account && other !== session)
    return '/account?notice=others-ended'
  }

  /** Always asks for the current password. Every other session ends, this one gets a new token. */
  changePassword(browser: number, isRight: boolean) {
    const session = this.visit(browser)
    if (!session?.account) return TO_LOG_IN
    if (!isRight) return REFUSED
    session.account.password++
    this.end((other) => other.account === session.account && other !== session)
    this.rotate(browser, session)
    return '/account?notice=password-changed'
  }

  private prove(browser: number, session: Session, proof: Proof) {
    if (this.isSudo(session)) return true
    if (proof === 'the password') this.rotate(browser, session)
    return proof === 'the password'
  }
}
