/** `reset --user NAME`: a link to a new password, for the operator to hand over. */
import { env } from '../lib/env.ts'
import { resetLinkFor } from '../lib/operator.ts'
import { attemptAt, memberNamed } from './operator.ts'
import { momentInWords, type Result } from './output.ts'

/** @throws Error when there is no such member, or their account is disabled. */
export async function run({ user }: { user: string }, _: string, now = new Date()): Promise<Result> {
  const { id, username } = await memberNamed(user)
  const made = await resetLinkFor(id, attemptAt(now))
  if (!made) throw new Error(`The account of ${username} is disabled. Enable it on the admin page first.`)
  const link = `${env().appUrl}/reset/${made.token}`
  const { endsAt } = made
  return {
    data: { username, link, endsAt },
    text: `${link}\nFor ${username}. It works once, until ${momentInWords(endsAt)}.`,
  }
}
