/** `forget --user NAME`: deletes a member with everything of theirs. */
import { deleteMember } from '../lib/accounts.ts'
import { attemptAt, memberNamed, noMember } from './operator.ts'
import { counted, type Result } from './output.ts'

/** @throws Error when there is no such member. */
export async function run({ user }: { user: string }, _: string, now = new Date()): Promise<Result> {
  const { id, username } = await memberNamed(user)
  const erased = (await deleteMember(id, attemptAt(now))) ?? noMember(user)
  const list = erased.isUnsubscribed ? ' What their sessions brought to the mailing list is off it.' : ''
  return { data: { username, ...erased }, text: `Deleted ${username}, with ${counted(erased.likes, 'like')}.${list}` }
}
