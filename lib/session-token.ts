/** What a token is: the secret in the cookie, of which the database holds only a hash. */
import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, base64url (ASVS 5.0, 7.2.2, 7.2.3, 11.5.1). */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 in hex. With 256 random bits there is nothing to guess, so a fast unsalted hash is enough. */
export function hashOf(token: string): string {
  return createHash('sha256').update(Buffer.from(token, 'base64url')).digest('hex')
}

/**
 * The hash of what a client presented, or null for what cannot be a token; also for a second spelling of one, which
 * base64url allows in its last character.
 */
export function hashOfPresented(token: string): string | null {
  const isCanonical = /^[\w-]{43}$/.test(token) && Buffer.from(token, 'base64url').toString('base64url') === token
  return isCanonical ? hashOf(token) : null
}
