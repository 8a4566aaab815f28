/** People and moments for the tests, made through the same functions as real ones. */
import { newAccount, verifyCredentials } from '../accounts.ts'
import { like, listLikes } from '../likes.ts'
import { findSession, openSession, openVisitorSession } from '../session-store.ts'
import type { Keeper, Member, Visitor } from '../viewer.ts'

export const NOW = new Date('2026-05-04T12:00:00.000Z')
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const PASSWORD = 'correct horse battery staple'

/** bcrypt's smallest cost: these tests are about everything but its strength. */
const QUICK = 4

let people = 0

export function later(ms: number): Date {
  return new Date(NOW.getTime() + ms)
}

export function newUsername(): string {
  people++
  return `person-${people}`
}

/** A visitor who likes these things, one a minute, the last one now. */
export async function visitor(...things: string[]): Promise<{ token: string; viewer: Visitor }> {
  const { token } = await openVisitorSession(later(-DAY))
  const viewer = await findSession(token, NOW)
  if (viewer?.kind !== 'visitor') throw new Error('not a visitor')
  await likeAll(viewer, things)
  return { token, viewer }
}

/** A member who likes these things. */
export async function member(...things: string[]): Promise<{ username: string; token: string; viewer: Member }> {
  const username = newUsername()
  const opened = await signUp(username)
  const viewer = await asMember(opened.token)
  await likeAll(viewer, things)
  return { username, token: opened.token, viewer }
}

export async function signUp(username: string, presented: string | null = null, now = NOW) {
  const account = await newAccount({ username, password: PASSWORD }, QUICK)
  const opened = await openSession(account, { keep: false, presented, now })
  if (!opened) throw new Error('a new account is always admitted')
  return opened
}

export async function logIn(username: string, presented: string | null = null, now = NOW) {
  const account = await verifyCredentials({ username, password: PASSWORD })
  if (!account) throw new Error(`${username} cannot log in`)
  const opened = await openSession(account, { keep: false, presented, now })
  if (!opened) throw new Error(`${username} changed meanwhile`)
  return opened
}

export async function asMember(token: string, now = NOW): Promise<Member> {
  const viewer = await findSession(token, now)
  if (viewer?.kind !== 'member') throw new Error('not a member')
  return viewer
}

/** What stands on a list, newest first. */
export async function thingsOf(keeper: Keeper): Promise<string[]> {
  const { likes } = await listLikes(keeper, null)
  return likes.map((row) => row.thing)
}

async function likeAll(keeper: Keeper, things: string[]) {
  for (const [i, thing] of things.entries()) await like(keeper, thing, later((i + 1 - things.length) * MINUTE))
}
