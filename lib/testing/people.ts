/** People and moments for the tests, made through the same functions as real ones. */
import { newAccount } from '../accounts.ts'
import type { VerifiedAccount } from '../credentials.ts'
import { db } from '../db.ts'
import { like, listLikes } from '../likes.ts'
import { findSession, openSession, openVisitorSession } from '../session-store.ts'
import type { Client, Keeper, Member, Visitor } from '../viewer.ts'

export const NOW = new Date('2026-05-04T12:00:00.000Z')
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const PASSWORD = 'correct horse battery staple'

/** bcrypt's smallest cost: these tests are about everything but its strength. */
export const QUICK = 4

/** Where requests of these tests come from, unless they say otherwise. */
export const CLIENT: Client = { address: '192.0.2.1', device: 'Firefox on Linux' }

let people = 0

/** A try of these people, now. */
export const ATTEMPT = { client: CLIENT, now: NOW }

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
  const opened = await openSession(account, { keep: false, presented, client: CLIENT, now })
  if (!opened) throw new Error('a new account is always admitted')
  return opened
}

/** As if the password had just been verified. */
export async function accountOf(username: string): Promise<VerifiedAccount> {
  const { id, passwordHash } = await db().user.findUniqueOrThrow({ where: { username } })
  return { isNew: false, userId: id, passwordHash }
}

export async function logIn(username: string, presented: string | null = null, now = NOW) {
  const opened = await openSession(await accountOf(username), { keep: false, presented, client: CLIENT, now })
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
