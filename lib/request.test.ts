import { expect, test } from 'vitest'
import { deviceOf, isOwnOrigin, networkOf, safeNext } from './request.ts'

const OURS = ['https://likes.example']

function isOurs(headers: Record<string, string>) {
  return isOwnOrigin(new Headers(headers), OURS)
}

test('a request that proves to come from a page of ours is let through', () => {
  expect(isOurs({ 'sec-fetch-site': 'same-origin', origin: 'https://likes.example' })).toBe(true)
  expect(isOurs({ 'sec-fetch-site': 'same-origin' })).toBe(true)
  expect(isOurs({ origin: 'https://likes.example' })).toBe(true)
  expect(isOurs({ referer: 'https://likes.example/login?next=/' })).toBe(true)
})

test('3.5.1 3.7.5 a request of foreign, null or unknown origin is refused', () => {
  const foreign: Record<string, string>[] = [
    {},
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: 'http://likes.example' },
    { origin: 'https://likes.example.evil.example' },
    { origin: 'https://likes.example:8443' },
    { referer: 'https://evil.example/https://likes.example' },
    { referer: 'not a url' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'https://likes.example' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin', origin: 'null' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
    { origin: 'https://evil.example', referer: 'https://likes.example/' },
    { 'x-forwarded-host': 'likes.example', host: 'likes.example' },
  ]
  for (const headers of foreign) expect(isOurs(headers), JSON.stringify(headers)).toBe(false)
})

test('after log-in one returns to a path of this site', () => {
  for (const path of ['/', '/account', '/?before=1.2', '/a/b?c=d&e=%2F%2Fx']) expect(safeNext(path)).toBe(path)
  expect(safeNext('/account#delete')).toBe('/account')
})

test('1.1.1 1.2.2 1.5.3 3.7.2 an address elsewhere, in any spelling, becomes the home page', () => {
  const elsewhere = [
    '',
    'account',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '%2f%2fevil.example',
    '/\t/evil.example',
    '\n//evil.example',
    '/\n/evil.example',
    '/x//..//evil.example\\',
    '/..//evil.example',
    '/.//evil.example',
    'http://host\\@evil.example',
    '@evil.example',
    '.evil.example',
    '/\u0000/evil.example',
  ]
  for (const next of elsewhere) expect(safeNext(next), JSON.stringify(next)).toBe('/')
})

test('an IPv6 address is counted by its /64, an IPv4 one by itself, in whatever spelling', () => {
  for (const [address, network] of [
    ['203.0.113.9', '203.0.113.9'],
    [' 203.0.113.9:4711 ', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
  ] as const) {
    expect(networkOf(address), address).toBe(network)
  }
})

test('2.2.1 all that is no address is counted as one', () => {
  for (const address of ['', 'unknown', '_hidden', '1', '0x7f.1', '256.1.1.1', '1.2.3.4, 5.6.7.8', "' OR 1=1"]) {
    expect(networkOf(address), address).toBe('unknown')
  }
})

test('1.3.3 a device is told in words, whatever a client says of itself', () => {
  const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'
  const iPhone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
  expect(deviceOf(firefox)).toBe('Firefox on Windows')
  expect(deviceOf(iPhone)).toBe('Safari on iOS')
  expect(deviceOf('w3m/0.5.3+git20230121')).toBe('w3m')
  expect(deviceOf('Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.8')).toBe('Lynx')
  for (const odd of [
    '',
    'curl/8',
    'Call +1 555 0100 or go to evil.example/1 ',
    '\r\nlog: forged/1 ',
    `${'x'.repeat(50_000)}/1 `,
  ]) {
    expect(deviceOf(odd)).toBe('An unknown browser')
  }
})
