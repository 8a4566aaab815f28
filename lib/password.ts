/** Passwords: bcrypt in worker threads, behind a queue that refuses rather than piling up. */
import { createHmac, scryptSync } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { getRounds } from 'bcryptjs'
import Piscina from 'piscina'
import { env } from './env.ts'
import { showQueue } from './metrics.ts'
import { Unavailable } from './unavailable.ts'

/** OWASP's floor is 10; 12 takes about 300 ms here (ASVS 5.0, 11.4.2). */
export const HASH_COST = 12

// Some ten seconds of waiting for the last in the queue: beyond that it is kinder to say so.
const QUEUE_AT_MOST = 32

// A real hash of cost 12 of nobody's password: bcrypt returns at once on a malformed one, and the time would tell
// which usernames exist.
const DECOY = '$2b$12$StunFvPktxZTPdR2457T8OnpXCidmDEeQf6gEfvX1uZGobhTf87RS'

let workers: Piscina | undefined

/**
 * Hashes a password. The result is bcrypt's, after the name of the pepper that went into it, if there is one.
 * @param cost bcrypt's, log2 of the rounds; tests pass a small one.
 * @throws Unavailable when too many are waiting.
 */
export async function hashPassword(password: string, cost = HASH_COST): Promise<string> {
  const pepper = env().peppers[0]
  const hash = await work<string>({ digest: digestOf(password, pepper), cost })
  return pepper ? `${nameOf(pepper)}:${hash}` : hash
}

/**
 * Whether `password` is the one `hash` was made of. With no hash it does the same work and is false, so that the time
 * does not tell an unknown username from a wrong password (ASVS 6.3.8). A hash whose pepper is not set any more matches
 * nothing.
 * @throws Unavailable when too many are waiting.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const { pepper, isLost, bcrypt } = readHash(hash ?? DECOY)
  const matches = await work<boolean>({ digest: digestOf(password, pepper), hash: bcrypt })
  return matches && hash !== null && !isLost
}

/** Whether a hash was made with less cost or another pepper than one would be now. */
export function isOutdated(hash: string, cost = HASH_COST): boolean {
  const { pepper, bcrypt } = readHash(hash)
  return pepper !== env().peppers[0] || getRounds(bcrypt) < cost
}

/** Ends the worker threads, so that a process can end. */
export async function closeWorkers(): Promise<void> {
  await workers?.destroy()
  workers = undefined
}

function readHash(stored: string) {
  const [, name, bcrypt = ''] = /^(?:([\da-f]{8}):)?(.*)$/.exec(stored) ?? []
  const pepper = env().peppers.find((candidate) => nameOf(candidate) === name)
  return { pepper, isLost: name !== undefined && !pepper, bcrypt }
}

const names = new Map<string, string>()

// Tells peppers apart. Slow to make, so that the names in a stolen database are no short cut to a weak pepper.
function nameOf(pepper: string) {
  const name = names.get(pepper) ?? scryptSync(pepper, 'the name of a pepper', 4).toString('hex')
  names.set(pepper, name)
  return name
}

// bcrypt looks at 72 bytes and stops at NUL: hashing first makes every character count (ASVS 6.2.8, 6.2.9).
function digestOf(password: string, pepper = 'likes') {
  return createHmac('sha256', pepper).update(password.normalize('NFKC')).digest('base64')
}

async function work<T>(task: object): Promise<T> {
  workers ??= new Piscina({
    filename: resolve('lib/password-worker.mjs'),
    minThreads: 1,
    // One core stays free for pages.
    maxThreads: Math.max(1, availableParallelism() - 1),
    maxQueue: QUEUE_AT_MOST,
    // Otherwise whoever finds no free worker goes to the end of the queue again: of eight at once three waited for ever.
    stricterFIFO: true,
  })
  try {
    const result = workers.run(task)
    showQueue(workers.queueSize)
    return await result
  } catch (error) {
    if (!(error instanceof Error && error.message === 'Task queue is at limit')) throw error
    throw new Unavailable('Many people are logging in just now. Please try again in a few seconds.', { cause: error })
  } finally {
    showQueue(workers?.queueSize ?? 0)
  }
}
