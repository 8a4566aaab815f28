/**
 * What Next gives to an action, a handler or a page, for tests that call the real ones without a server.
 * `vitest.config.ts` puts it in the place of `next/headers`, `next/cache` and `next/server`.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { NextRequest, NextResponse } from 'next/server.js'

export * from 'next/server.js'

/** In a page nothing may be set; only an action may make its page anew. */
type Kind = 'page' | 'action' | 'handler'

const running = new AsyncLocalStorage<{
  kind: Kind
  request: NextRequest
  answer: NextResponse
  later: (() => unknown)[]
}>()

function current() {
  const store = running.getStore()
  if (!store) throw new Error('there is no request')
  return store
}

/**
 * Runs `work` as Next would for this request.
 * @returns what it returned or threw, the Set-Cookie headers of the answer, and what it left for after the answer.
 */
export async function answerTo<T>(kind: Kind, request: Request, work: () => Promise<T>) {
  const store = {
    kind,
    request: new NextRequest(request.url, { headers: request.headers }),
    answer: new NextResponse(),
    later: [],
  }
  const [outcome] = await Promise.allSettled([running.run(store, work)])
  const finish = async () => {
    for (const task of store.later as (() => unknown)[]) await running.run(store, task)
  }
  return { outcome, setCookies: store.answer.headers.getSetCookie(), finish }
}

export async function headers() {
  return current().request.headers
}

export async function cookies() {
  const { kind, request, answer } = current()
  return {
    get: (name: string) => answer.cookies.get(name) ?? request.cookies.get(name),
    set(cookie: Parameters<typeof answer.cookies.set>[0]) {
      if (kind === 'page') throw new Error('a page sets no cookie')
      answer.cookies.set(cookie as never)
    },
  }
}

export function refresh() {
  if (current().kind !== 'action') throw new Error('only an action refreshes its page')
}

export function after(task: () => unknown) {
  current().later.push(task)
}
