/** `stats`: what is there now. */
import { inventory } from '../lib/figures.ts'
import { type Result, table } from './output.ts'

export async function run(_: object, __: string, now = new Date()): Promise<Result> {
  const data = await inventory(now)
  const { database, members, sessions, likes, subscribers, messages } = data
  const rows: [what: string, count: number][] = [
    ['Members', members.all],
    ['Members who are disabled', members.disabled],
    ['Sessions of visitors', sessions.visitors],
    ['Sessions of members, kept logged in', sessions.keptMembers],
    ['Sessions of members, not kept', sessions.briefMembers],
    ['Sessions that have ended, for the purge', sessions.ended],
    ['Likes of members', likes.members],
    ['Likes of visitors', likes.visitors],
    ['Subscribers, confirmed', subscribers.confirmed],
    ['Subscribers, not yet confirmed', subscribers.pending],
    ['Messages on their way', messages.waiting],
    ['Messages that failed', messages.failed],
    ['Messages of which nothing is known', messages.unknown],
    ['Counts of tries', data.throttles],
    ['Security events', data.securityEvents],
    [`Bytes of the ${database.kind} database`, database.bytes],
  ]
  const named = rows.map(([what, count]) => ({ what, count }))
  return { data, text: table({ what: 'What', count: 'Now' }, named) }
}
