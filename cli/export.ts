/** `export --user NAME`: all that is kept about a member. */
import { exportMember } from '../lib/operator.ts'
import { attemptAt, memberNamed, noMember } from './operator.ts'
import type { Result } from './output.ts'

/** @throws Error when there is no such member. */
export async function run({ user }: { user: string }, _: string, now = new Date()): Promise<Result> {
  const { id } = await memberNamed(user)
  const data = (await exportMember(id, attemptAt(now))) ?? noMember(user)
  return { data, text: JSON.stringify(data, null, 2) }
}
