/** Limits: exactly as many get through as they say, however many come at once. */
import { expect, test } from 'vitest'
import { cleanUp } from './cleanup.ts'
import { db, transaction } from './db.ts'
import { ATTEMPT, CLIENT, DAY, later, MINUTE, NOW } from './testing/people.ts'
import { countTry, forgetTries, giveBack, THROTTLES, Throttled, type ThrottleName } from './throttle.ts'

const NAMES = Object.keys(THROTTLES) as ThrottleName[]
const SECOND = 1000

let subjects = 0

/** Somebody of whom nothing is counted yet. */
function somebody() {
  subjects++
  const subject = [`subject ${subjects}`]
  return { subject, at: (now: Date) => ({ client: CLIENT, now, subject }) }
}

async function waitOf(name: ThrottleName, attempt: Parameters<typeof countTry>[1]) {
  const refusal = await countTry(name, attempt).catch((error: Error) => error)
  if (refusal === undefined) return null
  expect(refusal).toBeInstanceOf(Throttled)
  return (refusal as Error).message.replace(/.*Please wait (.*), then try again\./, '$1')
}

test('2.1.3 2.4.1 15.2.2 there are these limits, and no others', () => {
  const simple = NAMES.map((name) => `${name}: ${THROTTLES[name].free} in ${THROTTLES[name].within / MINUTE} minutes`)
  expect(simple).toEqual([
    'passwordByAccount: 5 in 1440 minutes',
    'passwordByAddress: 20 in 10 minutes',
    'passwordCheckByAddress: 60 in 10 minutes',
    'signUpByAddress: 10 in 10 minutes',
    'likeByAddress: 60 in 1 minutes',
    'newVisitorByAddress: 20 in 1 minutes',
    'exportByOwner: 10 in 10 minutes',
    'publishByMember: 10 in 10 minutes',
    'adminPasswordByAddress: 5 in 10 minutes',
    'mailByAddress: 20 in 10 minutes',
    'mailToRecipient: 5 in 1440 minutes',
  ])
})

test.each(NAMES)('of 100 tries at once, %s lets exactly its number through', async (name) => {
  const { at } = somebody()
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => countTry(name, at(NOW))))
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  for (const { reason } of refused) expect(reason).toBeInstanceOf(Throttled)
  expect(outcomes.length - refused.length).toBe(THROTTLES[name].free)
})

test('a limit without waits lasts until its time is over, and then begins anew', async () => {
  await db().throttle.deleteMany()
  const { at } = somebody()
  for (let i = 0; i < 19; i++) await countTry('passwordByAddress', at(later(i * SECOND)))
  await countTry('passwordByAddress', at(later(4 * MINUTE)))
  expect(await waitOf('passwordByAddress', at(later(4 * MINUTE)))).toBe('6 minutes')
  expect(await waitOf('passwordByAddress', at(later(10 * MINUTE - 1)))).toBe('1 second')
  expect(await waitOf('passwordByAddress', at(later(10 * MINUTE)))).toBeNull()
  const row = await db().throttle.findFirstOrThrow()
  expect(row).toMatchObject({ count: 1, expiresAt: later(20 * MINUTE) })
})

test('6.3.1 after five wrong passwords each further one waits longer, five minutes at most', async () => {
  const { at } = somebody()
  let now = NOW
  for (let i = 0; i < 5; i++) expect(await waitOf('passwordByAccount', at(now))).toBeNull()
  const waits: (string | null)[] = []
  for (const seconds of [10, 20, 40, 80, 160, 300, 300]) {
    waits.push(await waitOf('passwordByAccount', at(now)))
    now = new Date(now.getTime() + seconds * SECOND - 1)
    expect(await waitOf('passwordByAccount', at(now)), 'a moment too early').toBe('1 second')
    now = new Date(now.getTime() + 1)
    expect(await waitOf('passwordByAccount', at(now)), 'when the time is over').toBeNull()
  }
  expect(waits).toEqual(['10 seconds', '20 seconds', '40 seconds', '80 seconds', '3 minutes', '5 minutes', '5 minutes'])
})

test('a refused try counts nothing, so that asking again does not make the wait longer', async () => {
  const { at } = somebody()
  for (let i = 0; i < 5; i++) await countTry('passwordByAccount', at(NOW))
  const before = await db().throttle.findMany()
  for (let i = 0; i < 20; i++) expect(await waitOf('passwordByAccount', at(later(SECOND)))).toBe('9 seconds')
  expect(await db().throttle.findMany()).toEqual(before)
})

test('a try that is refused by one limit is not counted by the other', async () => {
  const [one, other] = [somebody(), somebody()]
  for (let i = 0; i < 5; i++) await countTry('passwordByAccount', one.at(NOW))
  const both = transaction(async (tx) => {
    await countTry('passwordByAddress', other.at(NOW), tx)
    await countTry('passwordByAccount', one.at(NOW), tx)
  })
  await expect(both).rejects.toThrow(Throttled)
  expect(await db().throttle.count({ where: { key: { startsWith: 'passwordByAddress' }, count: 0 } })).toBe(0)
  for (let i = 0; i < 20; i++) expect(await waitOf('passwordByAddress', other.at(NOW))).toBeNull()
})

test('what is given back can be used again, and never more than was taken', async () => {
  const { subject, at } = somebody()
  await transaction((tx) => giveBack(tx, 'signUpByAddress', subject))
  expect(await db().throttle.count({ where: { count: { lte: 0 } } })).toBe(0)
  for (let i = 0; i < 10; i++) await countTry('signUpByAddress', at(NOW))
  await transaction((tx) => giveBack(tx, 'signUpByAddress', subject))
  expect(await waitOf('signUpByAddress', at(NOW))).toBeNull()
  expect(await waitOf('signUpByAddress', at(NOW))).toBe('10 minutes')
})

test('forgetting an account’s tries forgets those from each address, and nobody else’s', async () => {
  await db().throttle.deleteMany()
  const tryAs = (...subject: string[]) => countTry('passwordByAccount', { ...ATTEMPT, subject })
  await tryAs('ada')
  await tryAs('ada', '192.0.2.7')
  await tryAs('ada-too')
  await transaction((tx) => forgetTries(tx, 'passwordByAccount', ['ada']))
  expect(await db().throttle.count()).toBe(1)
})

test('whom a limit counts cannot be read from its row', async () => {
  await countTry('passwordByAccount', { ...ATTEMPT, subject: ['a password typed as a username'] })
  expect(JSON.stringify(await db().throttle.findMany())).not.toMatch(/typed as|192\.0\.2/)
})

test('14.2.7 counts that would begin anew are cleaned up, and no others', async () => {
  await db().throttle.deleteMany()
  await countTry('likeByAddress', somebody().at(NOW))
  await countTry('passwordByAccount', somebody().at(NOW))
  await cleanUp(later(MINUTE))
  expect((await db().throttle.findMany()).map(({ key }) => key.split(' ')[0])).toEqual(['passwordByAccount'])
  await cleanUp(later(DAY))
  expect(await db().throttle.count()).toBe(0)
})

test('a clock that was ahead leaves nobody waiting longer than a limit lasts', async () => {
  const { at } = somebody()
  for (let i = 0; i < 10; i++) await countTry('signUpByAddress', at(later(300 * DAY)))
  expect(await waitOf('signUpByAddress', at(NOW))).toBeNull()
})

test.each(NAMES)('tries at %s that come in another order than they began are all counted', async (name) => {
  const { at } = somebody()
  const { free } = THROTTLES[name]
  for (let i = 0; i < free; i++) expect(await waitOf(name, at(later(-i)))).toBeNull()
  expect(await waitOf(name, at(later(-free)))).not.toBeNull()
})

test('several tries at once count each, and are let through or refused together', async () => {
  const { at } = somebody()
  const several = (tries: number, now = NOW) => waitOf('likeByAddress', { ...at(now), tries })
  expect(await several(50)).toBeNull()
  expect(await several(11)).toBe('60 seconds')
  expect(await several(10)).toBeNull()
  expect(await several(1)).toBe('60 seconds')
  expect(await several(50, later(MINUTE))).toBeNull()
})
