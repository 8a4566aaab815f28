/** A browser for tests that call actions and handlers in process: a jar of cookies, an address, and forms to send. */
import type { FormState } from '../forms.ts'
import { answerTo } from './next.ts'

/** A cookie as the answer's Set-Cookie gave it; without `maxAge` it ends with the browser. */
export type SetCookie = { name: string; value: string; attributes: Record<string, string | true> }

/** Where an action or a handler sent the browser, or what it said. */
export type Answer = { to: string | null; state: FormState | null; setCookies: SetCookie[] }

type Action = (state: FormState | null, form: FormData) => Promise<FormState | null>
type Handler = (request: Request) => Promise<Response>

export class Browser {
  /** Until when each is kept, in milliseconds since the epoch; null for as long as the browser is open. */
  readonly jar = new Map<string, { value: string; until: number | null }>()

  /** @param address Where its requests come from. @param origin Of the site. */
  constructor(
    readonly address: string,
    readonly origin = 'http://localhost:3000',
  ) {}

  /** Looks at a page. @param options.isNoted Whether what it leaves for after the answer is done. */
  async see<T>(page: () => Promise<T>, { isNoted = true } = {}): Promise<T> {
    const { outcome, setCookies, finish } = await answerTo('page', this.#request(), page)
    if (outcome.status === 'rejected') throw outcome.reason
    if (setCookies.length > 0) throw new Error('a page set a cookie')
    if (isNoted) await finish()
    return outcome.value
  }

  /** Sends a form without any script. */
  async submit(action: Action, fields: Record<string, string>): Promise<Answer> {
    const request = this.#request({ method: 'POST' })
    const { outcome, setCookies, finish } = await answerTo('action', request, () => action(null, formOf(fields)))
    const said = this.#keep(setCookies)
    await finish()
    if (outcome.status === 'fulfilled') return { to: null, state: outcome.value, setCookies: said }
    return { to: targetOf(outcome.reason), state: null, setCookies: said }
  }

  /** Sends a form to a handler, which answers with a redirect. */
  async post(handler: Handler, fields: Record<string, string>): Promise<Answer> {
    const request = this.#request({ method: 'POST', body: formOf(fields) })
    const { outcome, setCookies, finish } = await answerTo('handler', request, () => handler(request))
    const said = this.#keep(setCookies)
    await finish()
    if (outcome.status === 'rejected') throw outcome.reason
    return { to: outcome.value.headers.get('location'), state: null, setCookies: said }
  }

  /** What it would send: its cookies that have not ended. */
  cookie(name: string): { value: string; until: number | null } | null {
    const kept = this.jar.get(name)
    return kept && (kept.until === null || kept.until > Date.now()) ? kept : null
  }

  /** Puts a cookie there that no answer has set. */
  plant(name: string, value: string): void {
    this.jar.set(name, { value, until: null })
  }

  /** Closes it: what has no Max-Age is gone. */
  close(): void {
    for (const [name, { until }] of this.jar) if (until === null) this.jar.delete(name)
  }

  #request(init: RequestInit = {}) {
    const cookies = [...this.jar.keys()].flatMap((name) => {
      const kept = this.cookie(name)
      return kept ? [`${name}=${kept.value}`] : []
    })
    const headers = {
      cookie: cookies.join('; '),
      origin: this.origin,
      'sec-fetch-site': 'same-origin',
      // As the door overwrites it.
      'x-forwarded-for': this.address,
    }
    return new Request(this.origin, { ...init, headers })
  }

  #keep(lines: string[]) {
    const said = lines.map(parse)
    for (const { name, value, attributes } of said) {
      const maxAge = attributes['max-age']
      const until = maxAge === undefined ? null : Date.now() + Number(maxAge) * 1000
      const isRefused =
        name.startsWith('__Host-') && !(attributes.secure && attributes.path === '/' && !attributes.domain)
      if (!isRefused) this.jar.set(name, { value, until })
    }
    return said
  }
}

function formOf(fields: Record<string, string>) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

/** Expires is left out: it says the same as Max-Age, for browsers that are very old. */
function parse(line: string): SetCookie {
  const [pair = '', ...rest] = line.split('; ')
  const attributes = rest.map((attribute) => {
    const [name = '', value] = attribute.split('=')
    return [name.toLowerCase(), value ?? true] as const
  })
  const [name = '', value = ''] = pair.split('=')
  return { name, value, attributes: Object.fromEntries(attributes.filter(([key]) => key !== 'expires')) }
}

/** Where Next's `redirect` leads. @throws what was thrown when it is none. */
function targetOf(error: unknown) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : ''
  const [, target] = /^NEXT_REDIRECT;\w+;(.*);\d+;$/.exec(digest) ?? []
  if (target === undefined) throw error
  return target
}
