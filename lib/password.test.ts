import { availableParallelism } from 'node:os'
import { getRounds } from 'bcryptjs'
import { expect, test } from 'vitest'
import { HASH_COST, hashPassword, verifyPassword } from './password.ts'
import { Unavailable } from './unavailable.ts'

const QUICK = 4

async function opens(set: string, given: string) {
  return verifyPassword(given, await hashPassword(set, QUICK))
}

test('6.2.8 6.2.9 a password is verified as a whole: no character is dropped, trimmed or changed in case', async () => {
  const long = 'é'.repeat(36) + 'x'.repeat(92)
  expect(await opens(long, long)).toBe(true)
  expect(await opens(long, `${long}x`)).toBe(false)
  expect(await opens(long, `${long.slice(0, -1)}y`)).toBe(false)
  expect(await opens('🦊'.repeat(64), '🦊'.repeat(64))).toBe(true)
  expect(await opens('with a space ', 'with a space')).toBe(false)
  expect(await opens('Correct Horse', 'correct horse')).toBe(false)
})

test('6.2.8 the same password typed on another keyboard is the same', async () => {
  expect(await opens('caf\u00e9 au lait', 'cafe\u0301 au lait')).toBe(true)
})

test('11.2.1 11.4.2 hashes cost 12, and so does the answer for nobody', async () => {
  expect(HASH_COST).toBe(12)
  // The first one also starts a worker.
  await hashPassword('warm', QUICK)
  const started = performance.now()
  expect(getRounds(await hashPassword('correct horse battery'))).toBe(12)
  const oneHash = performance.now() - started
  const asked = performance.now()
  expect(await verifyPassword('correct horse battery', null)).toBe(false)
  // bcrypt answers a malformed hash in a hundredth of the time; a fifth is far from both, on a busy machine too.
  expect(performance.now() - asked).toBeGreaterThan(oneHash / 5)
})

test('13.2.6 15.2.2 15.4.4 the queue refuses rather than piling up, and works again afterwards', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => hashPassword('x', 6)))
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  for (const outcome of refused) expect(outcome.reason).toBeInstanceOf(Unavailable)
  expect(await opens('tea', 'tea')).toBe(true)
})

test('15.4.4 whoever waits is served in turn: nobody who comes later is let in before', async () => {
  // As many as there are threads may end in any order.
  const threads = Math.max(1, availableParallelism() - 1)
  const served: number[] = []
  await Promise.all(
    Array.from({ length: 24 }, async (_, place) => {
      await hashPassword('x', 6)
      served.push(place)
    }),
  )
  const overtaken = served.map((place, i) => Math.abs(place - i))
  expect(Math.max(...overtaken)).toBeLessThanOrEqual(threads)
})
