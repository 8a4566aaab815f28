/**
 * A person who likes, removes, signs up, logs in and out, ends sessions and forgets, with one or two browsers, one thing
 * after the other, and who knows at every moment what must be in the database.
 */
import { createHash, randomUUID } from 'node:crypto'
import { hiddenFields } from '../raw-form'
import { type Answer, Browser } from './browser'
import { type Fates, type Journal, type Outcome, unlessCut } from './journal'

type Kind = 'stranger' | 'visitor' | 'member'

/** One browser, and what its person believes of it. */
export class Device {
  kind: Kind = 'stranger'
  /** A visitor's list. */
  list: Fates = new Map()
  /** What was sent and not answered, and may have changed who this browser is. */
  pending: 'first like' | 'enter' | 'leave' | 'forget' | null = null
  readonly browser: Browser

  constructor(door: () => string) {
    this.browser = new Browser(door)
  }
}

let people = 0

export class Person {
  readonly credentials = { username: `p-${randomUUID().slice(0, 18)}`, password: `four words ${randomUUID()}` }
  readonly name = `person ${++people}`
  readonly devices: Device[]
  hasAccount: 'yes' | 'no' | 'unsure' = 'no'
  userId = ''
  /** The account's list. */
  list: Fates = new Map()
  /** Tokens that were ended, by their hashes. */
  readonly ended = new Set<string>()
  /** Liked by nobody known: the first likes of which no answer brought the cookie. */
  readonly strays = new Set<string>()
  /** How often a list was taken into the account. */
  merges = 0
  #things = 0

  constructor(
    readonly journal: Journal,
    door: () => string,
    devices = 1,
  ) {
    this.devices = Array.from({ length: devices }, () => new Device(door))
  }

  /** Whether something is open that only a look into the database can settle. */
  get isUnsure() {
    return this.devices.some((device) => device.pending !== null)
  }

  listOf(device: Device): Fates {
    return device.kind === 'member' ? this.list : device.list
  }

  /** Does one thing or another; seldom what needs a password, since each takes a third of a second of a core. */
  act(): Promise<Outcome> {
    const device = pick(this.devices)
    const chance = Math.random()
    if (device.kind === 'member') {
      const other = this.devices.find((one) => one !== device && one.kind === 'member')
      if (other && chance < 0.02) return this.endOthers(device)
      if (chance < 0.035) return this.logOut(device)
    } else {
      if (chance < 0.05) return this.enter(device)
      if (device.kind === 'visitor' && chance < 0.07) return this.forget(device)
      if (chance < 0.08) return this.guess(device)
    }
    return Math.random() < 0.2 && device.kind !== 'stranger' ? this.remove(device) : this.like(device)
  }

  async like(device: Device, thing = this.#newThing(device)): Promise<Outcome> {
    const { kind } = device
    const list = this.listOf(device)
    if (kind === 'member' && !(await this.#learnId(device))) return 'unsure'
    const fields = { thing, shownTo: this.#markOf(device) }
    const outcome = await this.journal.write(
      () => device.browser.send('/', 'Like', fields),
      (answer) =>
        (answer.status === 303 && /^\/(\?notice=first-like)?$/.test(answer.location)) ||
        // On an account's list from another browser, or by a try that was not answered.
        (answer.status === 200 && list.has(thing) && answer.text.includes('is on your list already')),
    )
    if (outcome === 'done') {
      list.set(thing, 'there')
      if (kind === 'stranger') device.kind = 'visitor'
    } else if (outcome === 'unsure') {
      // The cookie came with no answer, so nobody will ever see the list that may have begun.
      if (kind === 'stranger') this.strays.add(thing)
      else if (list.get(thing) !== 'there') list.set(thing, 'unsure')
    }
    return outcome
  }

  /** Opens the list, compares it with what it must be, and removes something that stands there. */
  async remove(device: Device): Promise<Outcome> {
    const page = await this.look(device)
    const thing = page && pick(shownOn(page))
    const form = page && thing && hiddenFields(page.text, new RegExp(`>${thing}</span>`))
    if (!form) return page ? 'refused' : 'unsure'
    const list = this.listOf(device)
    const outcome = await this.journal.write(
      () => device.browser.post('/', form),
      ({ status, location }) => status === 303 && location === '/',
    )
    if (outcome !== 'refused') list.set(thing, outcome === 'done' ? 'gone' : 'unsure')
    return outcome
  }

  /** What the list shows, which is what was acknowledged; null when there is no answer, or one that says why not. */
  async look(device: Device): Promise<Answer | null> {
    const page = await unlessCut(device.browser.get('/'))
    if (page?.status !== 200) return null
    const shown = new Set(shownOn(page))
    const list = this.listOf(device)
    for (const thing of shown) {
      if ((list.get(thing) ?? 'gone') === 'gone') throw new Error(`${this.name} sees “${thing}”, which was removed`)
    }
    const isWhole = shown.size < 50
    for (const [thing, fate] of list) {
      if (isWhole && fate === 'there' && !shown.has(thing)) throw new Error(`${this.name} does not see “${thing}”`)
    }
    return page
  }

  /** Signs up, or logs in when there is an account; what this browser keeps comes along. */
  async enter(device: Device, { keep = false } = {}): Promise<Outcome> {
    const isNew = this.hasAccount === 'no'
    const [path, button] = isNew ? ['/signup', 'Sign up'] : ['/login', 'Log in']
    const before = device.browser.cookie
    const fields = { ...this.credentials, ...(keep && { keep: 'on' }) }
    const outcome = await this.journal.write(
      () => device.browser.send(path, button, fields),
      ({ status, location }) => status === 303 && location === '/',
    )
    if (outcome === 'done') this.#arrive(device, before)
    else if (outcome === 'unsure') {
      device.pending = 'enter'
      if (isNew) this.hasAccount = 'unsure'
    }
    return outcome
  }

  #arrive(device: Device, before: string) {
    this.end(before)
    if (device.list.size > 0) this.merges++
    this.merge(device)
    this.hasAccount = 'yes'
    device.kind = 'member'
  }

  /** The union of the two lists, which is the account's from now on. */
  merge(device: Device) {
    for (const [thing, fate] of device.list) {
      if (fate !== 'gone' && this.list.get(thing) !== 'there') this.list.set(thing, fate)
    }
    device.list = new Map()
  }

  async logOut(device: Device): Promise<Outcome> {
    const before = device.browser.cookie
    const outcome = await this.journal.write(
      () => device.browser.send('/logout', 'Log out', {}),
      ({ status, location }) => status === 303 && location === '/?notice=logged-out',
    )
    if (outcome === 'done') this.leave(device, before)
    if (outcome === 'unsure') device.pending = 'leave'
    return outcome
  }

  /** Ends the sessions of the other browsers. */
  async endOthers(device: Device): Promise<Outcome> {
    const page = await unlessCut(device.browser.get('/account'))
    if (!page) return 'unsure'
    const form = hiddenFields(page.text, 'End all other sessions')
    if (!form) throw new Error(`${this.name} is not shown the other sessions: ${page.status} ${page.location}`)
    const outcome = await this.journal.write(
      () => device.browser.post('/account', form, { end: 'others' }),
      ({ status, location }) => status === 303 && location === '/account?notice=others-ended',
    )
    const others = this.devices.filter((other) => other !== device && other.kind === 'member')
    for (const other of others) {
      if (outcome === 'done') await this.#findOut(other)
      if (outcome === 'unsure') other.pending = 'leave'
    }
    return outcome
  }

  /** At the next request, wherever it arrives, an ended session is a stranger's. */
  async #findOut(device: Device) {
    const fields = { thing: 'after the end', shownTo: this.#markOf(device) }
    const answer = await unlessCut(device.browser.send('/', 'Like', fields))
    if (answer && !answer.location.startsWith('/login?notice=log-in-again'))
      throw new Error(`${this.name} still likes with an ended session: ${answer.status} ${answer.location}`)
    this.leave(device, device.browser.cookie)
  }

  leave(device: Device, token: string) {
    this.end(token)
    device.kind = 'stranger'
  }

  end(token: string) {
    if (token) this.ended.add(hashOf(token))
  }

  async forget(device: Device): Promise<Outcome> {
    const before = device.browser.cookie
    const outcome = await this.journal.write(
      () => device.browser.post('/forget', new FormData(), { shownTo: '' }),
      ({ status, location }) => status === 303 && location.startsWith('/forgotten?likes='),
    )
    if (outcome === 'done') {
      this.end(before)
      device.kind = 'stranger'
      device.list = new Map()
    }
    if (outcome === 'unsure') device.pending = 'forget'
    return outcome
  }

  async subscribe(device: Device, email: string): Promise<Outcome> {
    const outcome = await this.journal.write(
      () => device.browser.send('/', 'Subscribe', { email, shownTo: this.#markOf(device) }),
      ({ status, location }) => status === 303 && /^\/(\?notice=first-address)?$/.test(location),
    )
    if (outcome === 'done' && device.kind === 'stranger') device.kind = 'visitor'
    return outcome
  }

  /** Guesses at somebody's password, and must soon wait. */
  guess(device: Device): Promise<Outcome> {
    const fields = { username: 'somebody-else', password: 'a guess at it' }
    return this.journal.write(
      () => new Browser(device.browser.door).send('/login', 'Log in', fields),
      () => false,
    )
  }

  async #learnId(device: Device) {
    if (!this.userId) {
      const page = await this.look(device)
      this.userId = /value="member ([^"]+)"/.exec(page?.text ?? '')?.[1] ?? ''
    }
    return this.userId !== ''
  }

  #markOf(device: Device) {
    // What was shown to nobody is for the visitor whom a browser has become since.
    return device.kind === 'member' ? `member ${this.userId}` : 'nobody'
  }

  #newThing(device: Device) {
    // Now and then a visitor likes what stands on the account's list, so that the two lists overlap.
    const double = device.kind === 'visitor' && Math.random() < 0.1 ? pick([...this.list.keys()]) : undefined
    return double ?? `${this.name} likes ${++this.#things}`
  }
}

export function hashOf(token: string) {
  return createHash('sha256').update(Buffer.from(token, 'base64url')).digest('hex')
}

function shownOn({ text }: Answer): string[] {
  return [...text.matchAll(/<li[^>]*><bdi>([^<]*)<\/bdi>/g)].map(([, thing = '']) => thing)
}

function pick<T>(from: T[]): T {
  return from[Math.floor(Math.random() * from.length)] as T
}
