/** The life of a session as the operator reads it, at the moments that matter. */
import { expect, test } from 'vitest'
import { db } from '../lib/db.ts'
import { LIMITS } from '../lib/session-limits.ts'
import { openSession, openVisitorSession } from '../lib/session-store.ts'
import { ATTEMPT, accountOf, asMember, DAY, HOUR, later, MINUTE, member, NOW } from '../lib/testing/people.ts'
import { run } from './explain.ts'
import { durationInWords } from './output.ts'
import { run as list } from './sessions.ts'

const { username } = await member('tea')

async function openMember(keep: boolean) {
  const opened = await openSession(await accountOf(username), { keep, presented: null, ...ATTEMPT })
  return (await asMember(opened?.token ?? '')).session.id
}

async function explain(id: string, now: Date) {
  return run({ id }, '', now)
}

test('a visitor’s session is told with its list, both limits, and when a like begins them again', async () => {
  const { viewer } = await openVisitorSession(NOW)
  const { id } = viewer.session
  for (const thing of ['chess', 'rain']) {
    await db().like.create({ data: { thing, thingKey: thing, createdAt: NOW, sessionId: id } })
  }
  expect((await explain(id, later(2 * DAY))).text).toBe(
    `A visitor’s session: a list without an account.
It began 2026-05-04 12:00:00 UTC (2 days ago), and was last seen 2026-05-04 12:00:00 UTC (2 days ago).
Without use it ends 2026-08-02 12:00:00 UTC (in 88 days): 90 days after it was last seen.
Used again, it ends 2027-06-08 12:00:00 UTC (in 398 days) at the latest: 400 days after its limits were set.
A like after 2026-06-03 12:00:00 UTC begins these limits again.
Its end erases its 2 likes.
Admin mode is off.`,
  )
})

test('a session that is kept is told to end without use, and later in any case', async () => {
  const id = await openMember(true)
  expect((await explain(id, later(3 * MINUTE))).text).toBe(
    `A session of ${username} on Firefox on Linux: “Keep me logged in” was ticked.
It began 2026-05-04 12:00:00 UTC (3 minutes ago), and was last seen 2026-05-04 12:00:00 UTC (3 minutes ago).
Without use it ends 2026-05-18 12:00:00 UTC (in 13 days): 14 days after it was last seen.
Used again, it ends 2026-06-03 12:00:00 UTC (in 29 days) at the latest: 30 days after it began.
No like hangs on it: the likes are the account’s, and stay.
The password was just given: it is not asked for again until 2026-05-04 12:10:00 UTC.
Admin mode is off.`,
  )
})

test('a session near its absolute limit is told to end there, used or not', async () => {
  const id = await openMember(false)
  await db().session.update({ where: { id }, data: { lastSeenAt: later(23 * HOUR) } })
  expect((await explain(id, later(23 * HOUR))).text).toBe(
    `A session of ${username} on Firefox on Linux: “Keep me logged in” was not ticked.
It began 2026-05-04 12:00:00 UTC (23 hours ago), and was last seen 2026-05-05 11:00:00 UTC (0 seconds ago).
It ends 2026-05-05 12:00:00 UTC (in 60 minutes), used or not: 24 hours after it began.
No like hangs on it: the likes are the account’s, and stay.
Whoever does something sensitive in it is asked for the password.
Admin mode is off.`,
  )
})

test('admin mode is told with the moment that ends it, and ends to the millisecond', async () => {
  const id = await openMember(true)
  await db().session.update({ where: { id }, data: { adminSince: NOW } })
  expect((await explain(id, NOW)).text).toContain('Admin mode is on, without use until 2026-05-04 12:15:00 UTC')
  await db().session.update({ where: { id }, data: { lastSeenAt: later(8 * HOUR - MINUTE) } })
  expect((await explain(id, later(8 * HOUR - 1))).data).toMatchObject({ adminUntil: later(8 * HOUR) })
  expect((await explain(id, later(8 * HOUR))).text).toContain('Admin mode is off.')
})

test('a session is alive until its limit, and from that moment told as ended, by which limit', async () => {
  const [brief, used] = [await openMember(false), await openMember(false)]
  const { viewer } = await openVisitorSession(NOW)
  expect((await explain(brief, later(LIMITS.brief.idle - 1))).data).toMatchObject({ hasEnded: false })
  expect((await explain(brief, later(LIMITS.brief.idle))).text.split('\n').slice(2)).toEqual([
    'It ended 2026-05-04 14:00:00 UTC (0 seconds ago): 2 hours without use.',
    'Its token opens nothing any more, and the next purge deletes it. No like hangs on it: the likes are the account’s, and stay.',
  ])
  await db().session.update({ where: { id: used }, data: { lastSeenAt: later(23 * HOUR) } })
  expect((await explain(used, later(2 * DAY))).text).toContain(
    'It ended 2026-05-05 12:00:00 UTC (24 hours ago): 24 hours are the most it could last.',
  )
  expect((await explain(viewer.session.id, later(LIMITS.visitor.idle))).text).toContain('deletes it and its 0 likes.')
})

test('as data it is the same facts, and neither a token nor a hash', async () => {
  const id = await openMember(true)
  const { tokenHash } = await db().session.findUniqueOrThrow({ where: { id } })
  const { data } = await explain(id, NOW)
  expect(data).toEqual({
    ...{ id, username, kind: 'kept', device: 'Firefox on Linux', begunAt: NOW, lastSeenAt: NOW },
    ...{ endsIdleAt: later(14 * DAY), endsAtLatest: later(30 * DAY), endsBy: 'idle', hasEnded: false },
    ...{ renewableAfter: null, sudoUntil: later(10 * MINUTE), adminUntil: null, likes: 0 },
  })
  const shown = JSON.stringify([await explain(id, NOW), await list({ user: username }, '', NOW)])
  expect(shown).toContain(id)
  expect(shown).not.toContain(tokenHash)
  expect(shown).not.toContain('tokenHash')
})

test('an id that is not there, or is a token, a hash or a pattern, is said not to be there', async () => {
  for (const id of ['', 'x', '%', '01890000-0000-7000-8000-000000000000', 'A'.repeat(43), "' OR 1=1 --"]) {
    await expect(explain(id, NOW)).rejects.toThrow(
      'There is no session with this id; it may have ended, and ended sessions are not kept.',
    )
  }
})

test('a length of time is told in its largest unit, whole ones only', () => {
  const words = [0, 999, 1000, 119_999, 120_000, HOUR, 2 * HOUR - 1, 2 * HOUR, DAY, 2 * DAY - 1, 2 * DAY, 400 * DAY, -5]
  expect(words.map(durationInWords)).toEqual([
    ...['0 seconds', '0 seconds', '1 second', '119 seconds', '2 minutes', '60 minutes', '119 minutes'],
    ...['2 hours', '24 hours', '47 hours', '2 days', '400 days', '0 seconds'],
  ])
})
