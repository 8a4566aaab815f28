/** What people and time may do to sessions: each act done to the real site and by the law beside it, to be compared. */
import { vi } from 'vitest'
import * as ways from '../../app/(auth)/actions.ts'
import * as account from '../../app/account/actions.ts'
import * as list from '../../app/actions.ts'
import { POST as forget } from '../../app/forget/route.ts'
import { cleanUp } from '../cleanup.ts'
import { db } from '../db.ts'
import { getViewer } from '../session.ts'
import { type Answer, Browser } from './browser.ts'
import { MINUTE, NOW } from './people.ts'
import { Law, type Proof } from './session-law.ts'
import { type Account, limitsOf, listOf, momentsOf, type Session } from './session-rows.ts'

export const BROWSERS = [0, 1, 2]

/** The site and its law side by side. */
export class World {
  readonly browsers = BROWSERS.map((browser) => new Browser(`192.0.2.${browser + 1}`))
  readonly law = new Law(NOW.getTime(), (browser) => this.cookieOf(browser)?.value ?? 'none')
  /** By what each is known outside: what forms post. */
  readonly ids = new Map<Session | Account, string>()

  at(browser: number) {
    return this.browsers[browser] as Browser
  }

  cookieOf(browser: number) {
    return this.at(browser).cookie('session')
  }

  /** Sends a form of the page as it is now. */
  submit(browser: number, action: Parameters<Browser['submit']>[0], fields: Record<string, string> = {}) {
    return this.at(browser).submit(action, { ...this.marked(browser), ...fields })
  }

  /** For whom the page at hand was made. */
  marked(browser: number) {
    const session = this.law.who(browser)
    if (!session) return { shownTo: 'nobody' }
    const { account } = session
    return { shownTo: account ? `member ${this.ids.get(account)}` : `visitor ${this.ids.get(session)}` }
  }

  credentials(username: string, proof: Proof) {
    const { password = 0 } = this.law.accounts.find((candidate) => candidate.username === username) ?? {}
    return {
      username,
      password: proof === 'nothing' ? '' : wordsOf(proof === 'the password' ? password : password + 1),
    }
  }

  proven(browser: number, proof: Proof) {
    return this.credentials(this.law.who(browser)?.account?.username ?? '', proof)
  }

  pass(ms: number) {
    this.law.now += ms
    vi.setSystemTime(this.law.now)
  }
}

function wordsOf(password: number) {
  return `four words number ${password} in a row`
}

/** What the site answered, and what the law says that it should; nothing where there is no answer. */
export type Outcome = readonly [Answer, string] | undefined

/** What may happen: to the site, and by the law. */
export const ACTS = {
  async visit(world: World, browser: number) {
    await world.at(browser).see(getViewer)
    world.law.visit(browser)
  },
  async like(world: World, browser: number, thing: string) {
    return [await world.submit(browser, list.addLike, { thing }), world.law.like(browser, thing)]
  },
  async remove(world: World, browser: number, which: number) {
    const session = world.law.who(browser)
    const things = session ? listOf(session) : []
    const { thing } = things[which % things.length] ?? {}
    if (!session || !thing) return
    const owner = session.account ? { userId: world.ids.get(session.account) } : { sessionId: world.ids.get(session) }
    const { id } = await db().like.findFirstOrThrow({ where: { thing, ...owner } as object })
    return [await world.submit(browser, list.removeLike, { id }), world.law.remove(browser, thing)]
  },
  async undoRemove(world: World, browser: number) {
    const at = String(world.law.who(browser)?.removed?.at ?? world.law.removedAt)
    return [await world.submit(browser, list.undoRemove, { at }), world.law.undoRemove(browser)]
  },
  async signUp(world: World, browser: number, username: string, keep: boolean) {
    const fields = { username, password: wordsOf(0), ...ticked(keep) }
    return [await world.submit(browser, ways.signUp, fields), world.law.signUp(browser, username, keep)]
  },
  async logIn(world: World, browser: number, username: string, isRight: boolean, keep: boolean) {
    const fields = { ...world.credentials(username, isRight ? 'the password' : 'another'), ...ticked(keep) }
    return [await world.submit(browser, ways.logIn, fields), world.law.logIn(browser, username, isRight, keep)]
  },
  /** Likes, and logs in later, which is common among people and rare by chance. */
  async bring(world: World, browser: number, thing: string, ms: number, username: string): Promise<unknown> {
    await ACTS.logOut(world, browser)
    await ACTS.like(world, browser, thing)
    world.pass(ms)
    world.law.said = null
    return ACTS.logIn(world, browser, username, true, true)
  },
  async undoClaim(world: World, browser: number) {
    return [await world.submit(browser, list.undoClaim), world.law.undoClaim(browser)]
  },
  async logOut(world: World, browser: number) {
    return [await world.submit(browser, ways.logOut), world.law.logOut(browser)]
  },
  async forget(world: World, browser: number) {
    return [await world.at(browser).post(forget, world.marked(browser)), world.law.forget(browser)]
  },
  async changePassword(world: World, browser: number, isRight: boolean) {
    const { username, password } = world.proven(browser, isRight ? 'the password' : 'another')
    const next = (world.law.accounts.find((account) => account.username === username)?.password ?? 0) + 1
    const fields = { password, newPassword: wordsOf(next) }
    return [await world.submit(browser, account.changePassword, fields), world.law.changePassword(browser, isRight)]
  },
  async endSession(world: World, browser: number, which: number, proof: Proof) {
    const { begun } = world.law
    const target = begun[which % begun.length]
    const end = target && world.ids.get(target)
    if (!target || !end) return
    const fields = { ...world.proven(browser, proof), end }
    return [await world.submit(browser, account.endSessions, fields), world.law.endSession(browser, target, proof)]
  },
  async endOthers(world: World, browser: number, proof: Proof) {
    const fields = { ...world.proven(browser, proof), end: 'others' }
    return [await world.submit(browser, account.endSessions, fields), world.law.endOthers(browser, proof)]
  },
  async deleteAccount(world: World, browser: number, proof: Proof) {
    const fields = world.proven(browser, proof)
    return [await world.submit(browser, account.deleteAccount, fields), world.law.deleteAccount(browser, proof)]
  },
  /** A copy of any cookie there ever was, in another browser's hands. */
  async copy(world: World, browser: number, which: number) {
    const { tokens } = world.law
    await ACTS.plant(world, browser, tokens[which % tokens.length] ?? 'none')
  },
  /** The same bytes, spelt as base64url allows in its last character: to the law it is no token at all. */
  async respell(world: World, browser: number, which: number) {
    const { tokens } = world.law
    const token = tokens[which % tokens.length] ?? 'none'
    await ACTS.plant(world, browser, token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1))
  },
  async plant(world: World, browser: number, token: string) {
    world.at(browser).plant('session', token)
    world.law.plant(browser, token)
  },
  async close(world: World, browser: number) {
    world.at(browser).close()
    world.law.close(browser)
  },
  /** And the clean-up, which runs every hour, or not yet. */
  async pass(world: World, _browser: number, ms: number, isCleaned: boolean) {
    world.pass(ms)
    if (!isCleaned) return
    await cleanUp(new Date(world.law.now))
    world.law.cleanUp()
  },
  /** Until something of this browser's session ends or falls due, or the millisecond before or after that. */
  async passUntil(world: World, browser: number, which: number, off: number, isCleaned: boolean) {
    const { law } = world
    const session = law.who(browser)
    const waits = session ? momentsOf(session).map((at) => at + off - law.now) : []
    const due = waits.filter((wait) => wait > 0).toSorted((one, other) => one - other)
    await ACTS.pass(world, browser, due[which % due.length] ?? 0, isCleaned)
  },
  /**
   * Uses the session so often that it is never idle for too long, until its end or the millisecond before or after that;
   * with a copy of the cookie, which has no Max-Age, so that the row alone decides.
   */
  async useToTheEnd(world: World, browser: number, off: number) {
    const { law } = world
    const session = law.who(browser)
    if (session) await ACTS.plant(world, browser, session.token)
    for (let left = 1; session && left > 0; ) {
      await ACTS.visit(world, browser)
      left = session.ends + off - law.now
      world.pass(Math.max(0, Math.min(left, limitsOf(session).idle - 11 * MINUTE)))
    }
  },
} satisfies Record<string, (world: World, ...given: never[]) => Promise<unknown>>

function ticked(keep: boolean) {
  return keep ? { keep: 'on' } : {}
}

export type Acts = typeof ACTS
export type Given<Name extends keyof Acts> =
  Parameters<Acts[Name]> extends [World, number, ...infer Rest] ? Rest : never
export type Step = { [Name in keyof Acts]: [Name, browser: number, ...Given<Name>] }[keyof Acts]
