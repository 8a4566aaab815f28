/** Secrets of the site's own settings, which whoever asks must know. */
import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether the two are the same. Compared by their hashes, so that the time tells neither length nor beginning. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(secret))
}

function digestOf(secret: string) {
  return createHash('sha256').update(secret.normalize('NFKC')).digest()
}
