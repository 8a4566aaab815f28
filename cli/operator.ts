/** What the commands about members have in common. */
import { findMember, OPERATOR } from '../lib/operator.ts'
import type { Attempt } from '../lib/viewer.ts'
import { visible } from './output.ts'

/** By whom and when a command does something. */
export function attemptAt(now: Date): Attempt {
  return { client: OPERATOR, now }
}

/** @throws Error when there is no such member. */
export async function memberNamed(user: string): Promise<{ id: string; username: string }> {
  return (await findMember(user)) ?? noMember(user)
}

/** @throws Error always: there is no such member, or not any more. */
export function noMember(user: string): never {
  throw new Error(`There is no member named "${visible(user)}".`)
}
