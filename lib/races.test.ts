/** What happens at the same moment as a claim: no like is lost, doubled or left without an owner. */
import { afterEach, expect, test, vi } from 'vitest'
import { db } from './db.ts'
import { like } from './likes.ts'
import { findSession, forget, openSession } from './session-store.ts'
import { ATTEMPT, accountOf, member, NOW, thingsOf, visitor } from './testing/people.ts'

/** `npm run test:all` races 200 times. */
const ROUNDS = Number(process.env.TEST_ROUNDS ?? 25)
vi.setConfig({ testTimeout: 240_000 })

// One account for all rounds; each begins with an empty list.
const ada = await member()
const account = await accountOf(ada.username)

afterEach(async () => {
  await db().session.deleteMany({ where: { id: { not: ada.viewer.session.id } } })
})

function logIn(presented: string) {
  return openSession(account, { keep: false, presented, ...ATTEMPT })
}

/** Runs each of the racers first as often as the others, from side by side to so far ahead that it has won. */
async function race<T extends readonly unknown[]>(round: number, ...racers: { [K in keyof T]: () => Promise<T[K]> }) {
  const results: Promise<unknown>[] = []
  for (let i = 0; i < racers.length; i++) {
    const next = (i + round) % racers.length
    results[next] = racers[next]?.() ?? Promise.reject(new Error('no racer'))
    for (let turn = 0; turn < (round % 25) ** 2; turn++) await new Promise(setImmediate)
  }
  return Promise.all(results) as Promise<{ [K in keyof T]: T[K] }>
}

async function startRound(...things: string[]) {
  await db().like.deleteMany({ where: { userId: ada.viewer.userId } })
  return visitor(...things)
}

test('a like in flight is in the account, or was refused', async () => {
  const outcomes = new Set<string>()
  for (let round = 0; round < ROUNDS; round++) {
    const { token, viewer } = await startRound('tea')
    const [, outcome] = await race(
      round,
      () => logIn(token),
      () => like(viewer, 'rain', NOW),
    )
    outcomes.add(outcome)
    expect((await thingsOf(ada.viewer)).sort()).toEqual(outcome === 'liked' ? ['rain', 'tea'] : ['tea'])
    expect(await db().like.count({ where: { sessionId: viewer.session.id } })).toBe(0)
  }
  expect(outcomes).toEqual(new Set(['liked', 'gone']))
})

test('twenty log-ins with one cookie move its likes once', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { token } = await startRound('tea', 'rain')
    const opened = await Promise.all(Array.from({ length: 20 }, () => logIn(token)))
    expect(opened.filter(Boolean).length).toBe(20)
    expect(await thingsOf(ada.viewer)).toEqual(['rain', 'tea'])
    expect(await findSession(token, NOW)).toBeNull()
  }
})

test('15.4.3 Forget me erases the likes, or finds them in the account: never half', async () => {
  const outcomes = new Set<number | null>()
  for (let round = 0; round < ROUNDS; round++) {
    const { token, viewer } = await startRound('tea', 'rain')
    const [, erased] = await race(
      round,
      () => logIn(token),
      () => forget(viewer, ATTEMPT),
    )
    outcomes.add(erased?.likes ?? null)
    expect(await thingsOf(ada.viewer)).toEqual(erased?.likes === 2 ? [] : ['rain', 'tea'])
    expect(await db().like.count({ where: { sessionId: viewer.session.id } })).toBe(0)
  }
  expect(outcomes).toEqual(new Set([null, 2]))
})

test('the same thing liked on another device at that moment stands on the list once', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { token } = await startRound('tea', 'rain')
    const [opened] = await race(
      round,
      () => logIn(token),
      () => like(ada.viewer, 'TEA', NOW),
    )
    expect(opened).not.toBeNull()
    expect((await thingsOf(ada.viewer)).map((thing) => thing.toLowerCase()).sort()).toEqual(['rain', 'tea'])
  }
})
