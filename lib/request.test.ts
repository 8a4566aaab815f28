import { expect, test } from 'vitest'
import { isOwnOrigin, safeNext } from './request.ts'

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

test('a request of foreign, null or unknown origin is refused', () => {
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

test('an address elsewhere, in any spelling, becomes the home page', () => {
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
