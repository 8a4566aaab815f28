/** Looks for tens of thousands of texts in a hundred megabytes, in about a second. */

/** In bytes: every text must have as many. Its end is what it is found by, since many passwords begin alike. */
const TAIL = 8
const SLOTS = 1 << 21

/** @returns what finds each place in a haystack where one of the texts ends. */
export function searchFor(texts: Iterable<string>): (haystack: Buffer) => { text: string; end: number }[] {
  const byTail = new Map<string, Buffer[]>()
  const maybe = new Uint8Array(SLOTS)
  for (const text of texts) {
    const bytes = Buffer.from(text)
    if (bytes.length < TAIL) throw new Error(`too short to look for: ${text}`)
    const tail = bytes.toString('latin1', bytes.length - TAIL)
    byTail.set(tail, [...(byTail.get(tail) ?? []), bytes])
    maybe[slotOf(bytes.readInt32BE(bytes.length - 4))] = 1
  }
  return (haystack) => {
    const found: { text: string; end: number }[] = []
    let last4 = 0
    for (let end = 1; end <= haystack.length; end++) {
      last4 = (last4 << 8) | (haystack[end - 1] as number)
      if (!maybe[slotOf(last4)] || end < TAIL) continue
      for (const bytes of byTail.get(haystack.toString('latin1', end - TAIL, end)) ?? []) {
        const isThere = end >= bytes.length && bytes.equals(haystack.subarray(end - bytes.length, end))
        if (isThere) found.push({ text: bytes.toString(), end })
      }
    }
    return found
  }
}

/** Knuth's multiplicative hash of four bytes. */
function slotOf(four: number) {
  return Math.imul(four, 0x9e3779b1) >>> 11
}
