/**
 * Sets the Content-Security-Policy, refuses forged requests before Next does so with a bare 500, and answers for pages
 * that this site does not have. It never decides who somebody is: that is each page's and each action's own business.
 */
import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { env } from '#lib/env'
import { announce } from '#lib/log'
import { findPublishedList } from '#lib/published-list'
import { attemptOf, isOwnOrigin } from '#lib/request'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

export async function proxy(request: NextRequest) {
  if (!SAFE_METHODS.includes(request.method)) {
    if (!isOneClick(request) && !isOwnOrigin(request.headers, env().origins)) {
      announce({ kind: 'originRefused', userId: null, ...attemptOf(request.headers) })
      return refuse(403, foreignOrigin())
    }
    if (await isBrokenForm(request)) {
      announce({ kind: 'refused', userId: null, detail: 'broken form', ...attemptOf(request.headers) })
      return refuse(400, 'That form did not arrive whole. Please go back and try again.')
    }
  }

  const nonce = randomBytes(16).toString('base64')
  const policy = contentSecurityPolicy(nonce)
  const headers = new Headers(request.headers)
  // Next takes the nonce for its own scripts from the request's policy.
  headers.set('content-security-policy', policy)
  const [, name] = /^\/u\/([^/]+)\/?$/.exec(request.nextUrl.pathname) ?? []
  // The page asks as well, and what fails there is told in words.
  const list = name && (await findPublishedList(name).catch(() => undefined))
  const response =
    list === null || isAbsent(request)
      ? NextResponse.rewrite(new URL('/nothing-here', request.url), { request: { headers } })
      : NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  // Here too, since what a page says of itself may come after its beginning.
  if (list && !list.isIndexable) response.headers.set('x-robots-tag', 'noindex, nofollow')
  return response
}

/** Pages that this site does not have. The answer to their own `notFound()` is blank until a script fills it. */
function isAbsent({ nextUrl: { pathname } }: NextRequest) {
  if (pathname === '/outbox') return process.env.NODE_ENV !== 'development'
  return /^\/admin(\/|$)/.test(pathname) && !env().adminPassword
}

export const config = {
  matcher: '/((?!_next/static/).*)',
}

function contentSecurityPolicy(nonce: string) {
  // React's development build evaluates strings to rebuild stack traces.
  const development = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * Whether a form was cut off or garbled on the way, or names an action as no page of ours does. Next would answer it with
 * an error of ours, and write the name into the output as it is.
 */
async function isBrokenForm(request: NextRequest) {
  const called = request.headers.get('next-action')
  if (called !== null && !ACTION_ID.test(called)) return true
  if (!request.headers.get('content-type')?.startsWith('multipart/form-data')) return false
  const form = await request
    .clone()
    .formData()
    .catch(() => null)
  return form === null || [...form].some(([name, value]) => isBrokenReference(name, value))
}

const ACTION_ID = /^[\da-f]{42}$/
/** Read as text, since Next does so: of two ids in one JSON it takes the first, and a parser the last. */
const REFERENCE = /^\{"id":"[\da-f]{42}"(?![\s\S]*"id")/

function isBrokenReference(name: string, value: FormDataEntryValue) {
  if (name.startsWith('$ACTION_ID_')) return !ACTION_ID.test(name.slice('$ACTION_ID_'.length))
  return name.startsWith('$ACTION_') && name.endsWith(':0') && !REFERENCE.test(String(value))
}

/** A mail program's request to unsubscribe (RFC 8058), which no page sends. Only a handler answers there, no action. */
function isOneClick({ nextUrl, headers }: NextRequest) {
  return /^\/unsubscribe\/[\w-]+\/one-click$/.test(nextUrl.pathname) && !headers.has('next-action')
}

function foreignOrigin() {
  return `This request did not come from a page of this site, so nothing was done.

If you own the site: set APP_URL to the address people see. Now it is ${env().origins.join(' or ')}.`
}

function refuse(status: number, message: string) {
  return new NextResponse(`${message}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}
