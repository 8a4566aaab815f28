/** The commands about members and sessions: what they print, and what they refuse. */
import { beforeEach, expect, test } from 'vitest'
import { db } from '../lib/db.ts'
import { findReset } from '../lib/recovery.ts'
import { findSession } from '../lib/session-store.ts'
import { likes } from '../lib/testing/cli.ts'
import { ATTEMPT, DAY, HOUR, later, logIn, member, NOW, thingsOf, visitor } from '../lib/testing/people.ts'
import { run as exportMember } from './export.ts'
import { run as forget } from './forget.ts'
import { run as purge } from './purge.ts'
import { run as reset } from './reset.ts'
import { run as revoke } from './revoke.ts'
import { run as sessions } from './sessions.ts'
import { run as stats } from './stats.ts'

beforeEach(async () => {
  await db().session.deleteMany()
})

test('sessions lists a member’s, the ended ones too, and nobody else’s', async () => {
  const ada = await member()
  const old = await logIn(ada.username, null, later(-3 * HOUR))
  await member()
  const { data, text } = await sessions({ user: ada.username.toUpperCase() }, '', NOW)
  expect((data as { hasEnded: boolean }[]).map(({ hasEnded }) => hasEnded)).toEqual([false, true])
  const [head, alive, ended, ...rest] = text.split('\n')
  expect(head).toMatch(/^Session +Device +Kind +Begun +Last seen +Ends if unused +Ends at the latest +State/)
  const times = '2026-05-04 12:00:00 UTC +2026-05-04 12:00:00 UTC +2026-05-04 14:00:00 UTC +2026-05-05 12:00:00 UTC'
  expect(alive).toMatch(new RegExp(`^${ada.viewer.session.id} +Firefox on Linux +not kept +${times} +alive`))
  expect(ended).toMatch(/ended *$/)
  expect(rest).toEqual([])
  for (const { token } of [ada, old]) expect(text).not.toContain(token)
})

test('each command about a member names the one that is not there', async () => {
  for (const run of [sessions, revoke, forget, exportMember, reset]) {
    await expect(run({ user: 'no\u001bbody' }, '')).rejects.toThrow('There is no member named "no\\u{1b}body".')
  }
})

test('revoke takes exactly one of the three, and ends nothing otherwise', async () => {
  const ada = await member()
  const user = ada.username
  const session = ada.viewer.session.id
  for (const typed of [
    {},
    { user, session },
    { user, all: true },
    { session, all: true },
    { user, session, all: true },
  ]) {
    await expect(revoke(typed, '')).rejects.toThrow('by one of --user, --session and --all')
  }
  expect(await findSession(ada.token, NOW)).not.toBeNull()
})

test('revoke ends what it was told to, at the next request, and says what', async () => {
  const [ada, grace, eve] = [await member('tea'), await member(), await visitor('chess', 'rain')]
  await logIn(ada.username)
  expect(await revoke({ session: ada.viewer.session.id }, '', NOW)).toMatchObject({
    text: `Ended a session of ${ada.username}.`,
  })
  expect(await findSession(ada.token, NOW)).toBeNull()
  expect((await revoke({ user: ada.username }, '', NOW)).text).toBe(`Ended 1 session of ${ada.username}.`)
  expect((await revoke({ user: ada.username }, '', NOW)).text).toBe(`${ada.username} has no sessions.`)
  expect(await revoke({ all: true }, '', NOW)).toEqual({
    data: { sessions: 1 },
    text: 'Ended 1 session, all that members had.',
  })
  expect(await findSession(grace.token, NOW)).toBeNull()
  expect(await thingsOf(eve.viewer)).toEqual(['rain', 'chess'])
  const { id } = eve.viewer.session
  expect(await revoke({ session: id }, '', NOW)).toEqual({
    data: { id, kind: 'visitor', username: null, sessions: 1, likesErased: 2 },
    text: 'Ended a visitor’s session, and erased the 2 likes on its list.',
  })
  await expect(revoke({ session: id }, '')).rejects.toThrow('There is no session with this id')
})

test('forget deletes the member, and says how much went', async () => {
  const ada = await member('tea')
  expect(await forget({ user: ada.username }, '', NOW)).toEqual({
    data: { username: ada.username, likes: 1, isUnsubscribed: false },
    text: `Deleted ${ada.username}, with 1 like.`,
  })
  expect(await db().user.count({ where: { username: ada.username } })).toBe(0)
})

test('reset prints a link that works, or why there is none', async () => {
  const { username, viewer } = await member()
  const { data, text } = await reset({ user: username }, '', NOW)
  const [link = '', words] = text.split('\n')
  expect(data).toEqual({ username, link, endsAt: later(30 * 60_000) })
  expect(words).toBe(`For ${username}. It works once, until 2026-05-04 12:30:00 UTC.`)
  const [, token = ''] = /^http:\/\/localhost:\d+\/reset\/([\w-]{43})$/.exec(link) ?? []
  expect(await findReset(token, ATTEMPT.now)).toEqual([username])
  await db().user.update({ where: { id: viewer.userId }, data: { disabledAt: NOW } })
  await expect(reset({ user: username }, '', NOW)).rejects.toThrow(/is disabled\. Enable it on the admin page first\.$/)
})

test('purge says how much of each kind went, and stats how much waits for it', async () => {
  await visitor('chess')
  await db().session.updateMany({ data: { expiresAt: later(DAY) } })
  const [ended, size] = [
    /^Sessions that have ended, for the purge +(\d+) *$/m,
    /^Bytes of the SQLite database +[\d,]+ *$/m,
  ]
  expect((await stats({}, '', NOW)).text).toMatch(size)
  expect(ended.exec((await stats({}, '', later(DAY))).text)?.[1]).toBe('1')
  const { data, text } = await purge({}, '', later(DAY))
  expect(data).toEqual({ sessions: 1, likes: 1, events: 0, throttles: 0, messages: 0, unconfirmed: 0 })
  expect(text).toMatch(/^What +Deleted *\nSessions that had ended +1 *\nLikes that went with them +1 *\n/)
  expect(ended.exec((await stats({}, '', later(DAY))).text)?.[1]).toBe('0')
})

test('what export prints is JSON and nothing else; the line of the event is on stderr', async () => {
  const { username } = await member('tea')
  const { code, out, err } = await likes(['export', '--user', username], { env: { LOG_LEVEL: 'info' } })
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ account: { username }, likes: [{ thing: 'tea' }] })
  expect(out).toContain('The owner of this site downloaded the data')
  const lines = err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event)
  expect(lines).toEqual(['memberExported', 'exportedByOwner'])
})
