/**
 * The session law, in histories that nobody thought of: the real actions act them out, and a machine of the law beside
 * them says what must come of it.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, test, vi } from 'vitest'
import { db } from './db.ts'
import { DAY, HOUR, MINUTE } from './testing/people.ts'
import { ACTS, type Acts, BROWSERS, type Given, type Outcome, type Step, World } from './testing/session-acts.ts'
import { compareAnswer, compareCookie, comparePage, compareRows } from './testing/session-comparison.ts'
import type { Proof } from './testing/session-law.ts'

// Hashes of the smallest cost: everything else about passwords is real.
vi.mock('./password.ts', async (original) => {
  const real = await original<typeof import('./password.ts')>()
  const nobodys = await real.hashPassword('nobody’s password', 4)
  return {
    ...real,
    hashPassword: (password: string) => real.hashPassword(password, 4),
    isOutdated: (hash: string) => real.isOutdated(hash, 4),
    verifyPassword: (password: string, hash: string | null) => real.verifyPassword(password, hash ?? nobodys),
  }
})

/** `npm run test:all` plays 2,000. */
const RUNS = 10 * Number(process.env.TEST_ROUNDS ?? 10)
// Two thousand take minutes, and so does making one that fails short.
vi.setConfig({ testTimeout: 3_600_000 })

/** Histories that once went wrong: put here what a failure prints as its counterexample. */
const REGRESSIONS: Step[][] = []

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterAll(() => {
  vi.useRealTimers()
})

// What needs several acts in a row of one browser would be rare if all did equally much.
const browser = fc.constantFrom(0, 0, 0, 1, 1, 2)
const username = fc.constantFrom('ada', 'ada', 'ada', 'bob')
const thing = fc.constantFrom('tea', 'rain', 'Tea', 'moss')
const which = fc.nat(6)
const mostly = fc.constantFrom(true, true, true, false)
const rarely = fc.constantFrom(false, false, true)
const proof = fc.constantFrom<Proof[]>('the password', 'the password', 'the password', 'nothing', 'another')
const off = fc.constantFrom(-1, 0, 1)
const junk = ['', 'x', 'x'.repeat(43), 'x'.repeat(10_000), `${'A'.repeat(42)}B`]

const step = fc.oneof(
  often(3, 'visit'),
  often(8, 'like', thing),
  often(4, 'remove', which),
  often(3, 'undoRemove'),
  often(2, 'signUp', username, mostly),
  often(12, 'logIn', username, mostly, mostly),
  often(3, 'bring', thing, fc.constantFrom(1, MINUTE, 31 * DAY, 90 * DAY - 1, 90 * DAY), username),
  often(4, 'undoClaim'),
  often(2, 'logOut'),
  often(1, 'forget'),
  often(4, 'changePassword', mostly),
  often(3, 'endSession', which, proof),
  often(2, 'endOthers', proof),
  often(1, 'deleteAccount', proof),
  often(3, 'copy', which),
  often(1, 'respell', which),
  often(1, 'plant', fc.constantFrom(...junk)),
  often(1, 'close'),
  often(3, 'pass', fc.constantFrom(MINUTE, 11 * MINUTE, HOUR, 13 * HOUR, 31 * DAY), rarely),
  often(5, 'passUntil', which, off, rarely),
  often(1, 'useToTheEnd', off),
)

function often<Name extends keyof Acts>(weight: number, act: Name, ...given: Arbitraries<Given<Name>>) {
  const arbitrary = fc.tuple(fc.constant(act), browser, ...given)
  // TypeScript does not see that the tuple of a name and of what belongs to it is a step.
  return { weight, arbitrary: arbitrary as unknown as fc.Arbitrary<Step> }
}

type Arbitraries<T extends unknown[]> = { [I in keyof T]: fc.Arbitrary<T[I]> }

test('7.2.4 7.3.1 7.3.2 7.4.1 7.4.3 in any order of visits, likes, log-ins and endings, in several browsers, the session law holds', async () => {
  // Thirty steps on average.
  const histories = fc.array(step, { maxLength: 60, size: 'max' })
  const examples = REGRESSIONS.map((history) => [history] as [Step[]])
  await fc.assert(fc.asyncProperty(histories, play), { numRuns: RUNS, unbiased: true, examples })
})

/** Most of the law is about members. */
const BEGINNING: Step = ['signUp', 0, 'ada', true]

/** Plays a history from an empty site; after each step everything must be as the law has it. */
async function play(history: Step[]) {
  await db().$transaction([db().user.deleteMany(), db().session.deleteMany()])
  const world = new World()
  world.pass(0)
  for (const [act, browser, ...given] of [BEGINNING, ...history]) {
    world.law.said = null
    // How often something may be tried is another law.
    await db().$executeRaw`DELETE FROM "Throttle"`
    const outcome = await (ACTS[act] as Act)(world, browser, ...given)
    if (outcome) compareAnswer(world, ...outcome)
    await compareRows(world)
    for (const one of BROWSERS) compareCookie(world, one)
    // What the others would see follows from the rows.
    await comparePage(world, browser)
    // No two things at the same moment, so that every list has one order.
    world.pass(1)
  }
}

type Act = (world: World, browser: number, ...given: unknown[]) => Promise<Outcome>
