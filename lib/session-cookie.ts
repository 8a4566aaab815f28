/** The cookie that holds a session's token: its name and attributes, to read it, to set it and to delete it. */
import 'server-only'
import { cookies } from 'next/headers'
import { env } from './env.ts'
import type { IssuedToken } from './session-store.ts'

/**
 * The cookie's name and attributes, once, to set it and to delete it. SameSite=Lax is half of the defence against
 * forged requests (the other is `requireOwnOrigin`): see docs/decisions/0003-session-cookie.md before changing it.
 */
function sessionCookie() {
  const { isSecure } = env()
  return {
    // The prefix makes browsers refuse a cookie of this name from a subdomain or over http (ASVS 5.0, 3.3.1, 3.3.3).
    name: isSecure ? '__Host-session' : 'session',
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: isSecure,
  } as const
}

/** The token that the request brought, of whatever worth; or the one that this answer has set already. */
export async function presentedToken(): Promise<string | null> {
  return (await cookies()).get(sessionCookie().name)?.value ?? null
}

/** Gives the browser a session's token; a persistent cookie for as long as the session can last. */
export async function setCookie({ token, expiresAt, persistent }: IssuedToken, now: Date): Promise<void> {
  const maxAge = Math.floor((expiresAt.getTime() - now.getTime()) / 1000)
  const jar = await cookies()
  jar.set({ ...sessionCookie(), value: token, ...(persistent && { maxAge }) })
}

/** The same where a session may have been issued. @returns whether it was. */
export async function issueCookie(issued: IssuedToken | null, now: Date): Promise<boolean> {
  if (issued) await setCookie(issued, now)
  return issued !== null
}

/** Deletes the cookie of a session that has ended. */
export async function clearCookie(): Promise<void> {
  const jar = await cookies()
  jar.set({ ...sessionCookie(), value: '', maxAge: 0 })
}
