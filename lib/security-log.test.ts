import { expect, test } from 'vitest'
import { cleanUp } from './cleanup.ts'
import { db } from './db.ts'
import { EVENTS, listActivity, note } from './security-log.ts'
import { logOut } from './session-store.ts'
import { ATTEMPT, DAY, later, logIn, MINUTE, member, NOW } from './testing/people.ts'

test('16.4.2 a member reads what happened at the own door, newest first, and nothing of others’', async () => {
  const ada = await member()
  await member()
  await logIn(ada.username, null, later(MINUTE))
  await logOut(ada.viewer, { ...ATTEMPT, now: later(2 * MINUTE) })
  await logOut(ada.viewer, { ...ATTEMPT, now: later(3 * MINUTE) })
  const activity = await listActivity(ada.viewer)
  expect(activity.map(({ what, at }) => [what, at])).toEqual([
    ['Logged out', later(2 * MINUTE)],
    ['Logged in', later(MINUTE)],
    ['Signed up', NOW],
  ])
  expect(activity[0]).toMatchObject(ATTEMPT.client)
})

test('the latest twenty are listed, or all', async () => {
  const { viewer } = await member()
  const event = { userId: viewer.userId, kind: 'logInFailed', ...ATTEMPT.client }
  const data = Array.from({ length: 60 }, (_, i) => ({ ...event, at: later(i * MINUTE) }))
  await db().securityEvent.createMany({ data })
  const activity = await listActivity(viewer)
  expect(activity.length).toBe(20)
  expect((await listActivity(viewer, { all: true })).length).toBe(61)
  expect(activity[0]?.at).toEqual(later(59 * MINUTE))
})

test('14.2.4 14.2.7 events are kept for 180 days', async () => {
  await db().securityEvent.deleteMany()
  const { viewer } = await member()
  for (const kind of Object.keys(EVENTS) as (keyof typeof EVENTS)[]) {
    await note({ kind, userId: viewer.userId, ...ATTEMPT })
  }
  await note({ kind: 'logInFailed', userId: null, ...ATTEMPT })
  await cleanUp(later(180 * DAY - 1))
  expect(await db().securityEvent.count()).toBeGreaterThan(9)
  await cleanUp(later(180 * DAY))
  expect(await db().securityEvent.count()).toBe(0)
})
