/** Where an e-mail address may stand, and how one is found where it may not. In a log there is none. */
import type { Column } from './recordings'

/** The columns in which an e-mail address may stand; in JSON, below these names alone. */
const ADDRESS_COLUMNS: Record<string, string[]> = {
  'User.recoveryEmail': [],
  'Subscriber.address': [],
  'Mail.recipient': [],
  'Session.data': ['subscription', 'farewell'],
}

/** The answers in which one may stand, by the path that was asked for, and whose it is there. */
const ADDRESS_ANSWERS: [path: RegExp, whose: string][] = [
  [/^\/$/, 'what this session gave to the mailing list, or has just typed'],
  [/^\/(signup|login)$/, 'with a script the list comes with the answer, and what this session gave'],
  [/^\/account(\/export)?$/, 'the member’s own, or what has just been typed'],
  [/^\/forgot$/, 'what has just been typed'],
  [/^\/(confirm|unsubscribe)\//, 'whose link it is'],
  [/^\/admin(\/|$)/, 'everybody’s, for the owner of the site'],
]

export function mayShowAddresses(path: string): boolean {
  return ADDRESS_ANSWERS.some(([pattern]) => pattern.test(path))
}

/** What stands on both sides of an @; a pattern alone takes minutes, since scripts have words of many thousand letters. */
export function addressesIn(text: Buffer | string): string[] {
  const [first = '', ...rest] = text.toString('latin1').replaceAll('%40', '@').split('@')
  const sides = rest.map((after, i) => [rest[i - 1] ?? first, after] as const)
  const found = sides.map(([before, after]) => {
    const name = /[\w.+-]*$/.exec(before.slice(-64))?.[0]
    const domain = /^(?:[\w-]+\.)+[a-z]{2,}/i.exec(after.slice(0, 128))?.[0]
    return name && domain ? `${name}@${domain}` : ''
  })
  return [...new Set(found)].filter(Boolean)
}

/** What a column holds where no address may stand: in JSON, below all other names. */
export function restOf({ table, column, values }: Column): string {
  const names = ADDRESS_COLUMNS[`${table}.${column}`]
  if (!names) return values.join('\n')
  const without = (name: string, part: unknown) => (names.includes(name) ? undefined : part)
  return names.length === 0 ? '' : values.map((value) => JSON.stringify(JSON.parse(value), without)).join('\n')
}
