/** A browser without script that is no more than HTTP: one cookie, an address of its own, and whole answers. */
import { hiddenFields } from '../raw-form'

/** Where everybody believes the site to be, so that it does not matter which instance answers. */
export const APP_URL = 'http://localhost:4000'

export type Answer = {
  status: number
  location: string
  /** The whole of it. */
  text: string
}

/** How many posts of one browser have one address: fewer than any limit by address. */
const POSTS_PER_ADDRESS = 8
let addresses = 0

/** Forms are the same for everybody on one build, but for the mark. */
const forms = new Map<string, FormData>()

/** The server answered something that is a bug, whatever else goes on. */
export class Fault extends Error {
  override name = 'Fault'
}

/** Failures that are no fault of the site's, as long as they come with words. */
export const tolerated = new Set([503])

export class Browser {
  cookie = ''
  /** @param door Which instance takes the next request. */
  constructor(readonly door: () => string) {}
  #posts = 0
  #address = ''

  get(path: string): Promise<Answer> {
    return this.#ask(path)
  }

  /** Fills in the form with this button and sends it. @throws TypeError when no whole answer came. */
  async send(path: string, button: string, fields: Record<string, string>): Promise<Answer> {
    const known = forms.get(button)
    if (known) return this.post(path, known, fields)
    const page = await this.get(path)
    if (tolerated.has(page.status)) return page
    const form = hiddenFields(page.text, button)
    if (!form) throw new Error(`${path} has no form with the button ${button}: ${page.status} ${page.location}`)
    forms.set(button, form)
    return this.post(path, form, fields)
  }

  /** Sends a form as it is but for `fields`. */
  post(path: string, form: FormData, fields: Record<string, string> = {}): Promise<Answer> {
    const body = new FormData()
    for (const [name, value] of form) if (!(name in fields)) body.append(name, value)
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    return this.#ask(path, { method: 'POST', body })
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Answer> {
    if (this.#posts++ % POSTS_PER_ADDRESS === 0) this.#address = newAddress()
    const headers = {
      origin: APP_URL,
      'x-forwarded-for': this.#address,
      ...(this.cookie && { cookie: `session=${this.cookie}` }),
    }
    const response = await fetch(this.door() + path, { ...init, headers, redirect: 'manual' })
    const text = await response.text()
    const { status } = response
    if (status >= 500 && !tolerated.has(status))
      throw new Fault(`${init.method ?? 'GET'} ${path}: ${status} ${text.slice(0, 500)}`)
    for (const header of response.headers.getSetCookie()) {
      this.cookie = /^session=([^;]*)/.exec(header)?.[1] ?? this.cookie
    }
    return { status, location: response.headers.get('location') ?? '', text }
  }
}

export function newAddress() {
  addresses++
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`
}
