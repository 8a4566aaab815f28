/** One mailbox is one spelling, and what is not one mailbox is refused with a reason. */
import { expect, test } from 'vitest'
import { mailboxOf, parseAddress } from './email-address.ts'

test.each([
  ['ada@example.org', 'ada@example.org'],
  ['  Ada.Lovelace+likes@Example.ORG ', 'ada.lovelace+likes@example.org'],
  ["o'brien@example.co.uk", "o'brien@example.co.uk"],
  ['=cmd@example.org', '=cmd@example.org'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ['ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah'],
  [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
])('%s is the address %s', (typed, address) => {
  expect(parseAddress(typed)).toEqual({ ok: true, address })
})

test.each([
  ['nothing', ''],
  ['no @', 'ada.example.org'],
  ['nothing before the @', '@example.org'],
  ['nothing after the @', 'ada@'],
  ['two @', 'ada@home@example.org'],
  ['a list', 'ada@example.org,eve@example.org'],
  ['a list by semicolon', 'ada@example.org;eve@example.org'],
  ['a name', 'Ada <ada@example.org>'],
  ['a comment', 'ada(home)@example.org'],
  ['a quoted local part', '"ada lovelace"@example.org'],
  ['a quote that hides an @', '"eve@evil.example,"@example.org'],
  ['a header after a line break', 'ada@example.org\r\nBcc: eve@example.org'],
  ['a lone line feed', 'ada@example.org\nx'],
  ['a zero byte', 'ada\0@example.org'],
  ['a fullwidth @', 'ada＠example.org'],
  ['a fullwidth @ in the domain', 'ada@evil＠example.org'],
  ['an invisible character', 'ada\u200b@example.org'],
  ['an address literal', 'ada@[127.0.0.1]'],
  ['an IPv4 address', 'ada@127.0.0.1'],
  ['no dot', 'ada@localhost'],
  ['two dots', 'ada..lovelace@example.org'],
  ['a dot in front', '.ada@example.org'],
  ['a hyphen at the edge of a label', 'ada@-example.org'],
  ['a dot at the end', 'ada@example.org.'],
  ['a source route', '@a,@b:ada@example.org'],
  ['a path', 'ada@example.org/x'],
  ['a query', 'ada@example.org?x'],
  ['a fragment', 'ada@example.org#x'],
  ['a port', 'ada@example.org:25'],
  ['a backslash', 'ada@example.org\\x'],
  ['an escaped letter', 'ada@ex%61mple.org'],
  ['a percent in the domain', 'ada@example.org%0d'],
  ['letters beyond ASCII before the @', 'jürgen@example.org'],
  ['65 characters before the @', `${'a'.repeat(65)}@example.org`],
  ['255 characters', `ada@${`${'a'.repeat(61)}.`.repeat(4)}org`],
])('%s is refused with a reason', (_, typed) => {
  expect(parseAddress(typed)).toEqual({ ok: false, reason: expect.stringMatching(/^[A-Z].+\.$/) })
})

test('a label after a plus sign is the same mailbox', () => {
  expect(mailboxOf('ada+likes+more@example.org')).toBe('ada@example.org')
  expect(mailboxOf('ada@example.org')).toBe('ada@example.org')
})

test('1.3.12 15.2.2 a megabyte of almost an address is refused within a tenth of a second', () => {
  // What takes longest to spell in ASCII.
  const manyScripts = Array.from({ length: 20_000 }, (_, i) => String.fromCodePoint(0x9c1f - i)).join('')
  const began = performance.now()
  for (const typed of [
    'a.'.repeat(500_000),
    `${'a'.repeat(1_000_000)}@b`,
    `a@${'b.'.repeat(500_000)}`,
    `a@${manyScripts}`,
  ]) {
    expect(parseAddress(typed).ok).toBe(false)
  }
  expect(performance.now() - began).toBeLessThan(300)
})
