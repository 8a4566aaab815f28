/** `sessions --user NAME`: the sessions of a member. */
import { listReports } from '../lib/session-report.ts'
import { memberNamed } from './operator.ts'
import { type Result, table } from './output.ts'

/** @throws Error when there is no such member. */
export async function run({ user }: { user: string }, _: string, now = new Date()): Promise<Result> {
  const { id, username } = await memberNamed(user)
  const data = await listReports(id, now)
  if (data.length === 0) return { data, text: `${username} has no sessions.` }
  const rows = data.map(({ id, device, kind, begunAt, lastSeenAt, endsIdleAt, endsAtLatest, hasEnded }) => ({
    ...{ id, device, begunAt, lastSeenAt, endsIdleAt, endsAtLatest },
    kind: kind === 'kept' ? 'kept' : 'not kept',
    state: hasEnded ? 'ended' : 'alive',
  }))
  const headings = {
    ...{ id: 'Session', device: 'Device', kind: 'Kind', begunAt: 'Begun', lastSeenAt: 'Last seen' },
    ...{ endsIdleAt: 'Ends if unused', endsAtLatest: 'Ends at the latest', state: 'State' },
  }
  return { data, text: table(headings, rows) }
}
