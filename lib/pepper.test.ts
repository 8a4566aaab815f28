/** The pepper: a secret outside the database, without which its hashes are worth nothing. */
import { afterEach, expect, test, vi } from 'vitest'

const QUICK = 4
const OLD = 'the pepper of last year'
const NEW = 'the pepper of this year'

const loaded: { closeWorkers(): Promise<void> }[] = []

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const { closeWorkers } of loaded.splice(0)) await closeWorkers()
})

/** Passwords as a process started with this variable knows them. */
async function startWith(peppers: string) {
  vi.resetModules()
  vi.stubEnv('PASSWORD_PEPPER', peppers)
  const password = await import('./password.ts')
  loaded.push(password)
  return password
}

test('11.2.2 11.2.5 a hash names its pepper, opens with it and with no other', async () => {
  const hash = await (await startWith(OLD)).hashPassword('four words in a row', QUICK)
  expect(hash).toMatch(/^[\da-f]{8}:\$2b\$04\$/)
  expect(hash).not.toContain(OLD)
  expect(await (await startWith(OLD)).verifyPassword('four words in a row', hash)).toBe(true)
  for (const other of [NEW, '']) {
    expect(await (await startWith(other)).verifyPassword('four words in a row', hash), other).toBe(false)
  }
})

test('11.2.2 a pepper can be set and changed later: old hashes open, and are outdated', async () => {
  const bare = await (await startWith('')).hashPassword('four words in a row', QUICK)
  expect(bare).toMatch(/^\$2b\$04\$/)
  const old = await (await startWith(OLD)).hashPassword('four words in a row', QUICK)
  const { hashPassword, isOutdated, verifyPassword } = await startWith(`${NEW},${OLD}`)
  for (const hash of [bare, old]) {
    expect(await verifyPassword('four words in a row', hash)).toBe(true)
    expect(await verifyPassword('four other words', hash)).toBe(false)
    expect(isOutdated(hash, QUICK)).toBe(true)
  }
  expect(isOutdated(await hashPassword('four words in a row', QUICK), QUICK)).toBe(false)
})
