/** The cookie on https. That it is the same on http but for the prefix and Secure, `session-law.test.ts` sees. */
import { beforeEach, expect, test, vi } from 'vitest'
import { addLike } from '../app/actions.ts'
import { POST as forget } from '../app/forget/route.ts'
import { getViewer } from './session.ts'
import { Browser } from './testing/browser.ts'
import { DAY } from './testing/people.ts'

vi.hoisted(() => {
  process.env.APP_URL = 'https://likes.example'
})

const NAME = '__Host-session'
const ATTRIBUTES = { path: '/', httponly: true, samesite: 'lax', secure: true }

let browser: Browser

beforeEach(() => {
  browser = new Browser('192.0.2.1', 'https://likes.example')
})

test('3.3.1 3.3.2 3.3.3 3.3.4 on https the cookie is Secure, HttpOnly, Lax, and of this host alone', async () => {
  const { setCookies } = await browser.submit(addLike, { thing: 'tea', shownTo: 'nobody' })
  const value = expect.stringMatching(/^[\w-]{43}$/)
  expect(setCookies).toEqual([
    { name: NAME, value, attributes: { ...ATTRIBUTES, 'max-age': String((400 * DAY) / 1000) } },
  ])
  expect(await browser.see(getViewer)).toMatchObject({ kind: 'visitor' })
})

test('it is deleted with the attributes with which it was set, or the browser would keep it', async () => {
  await browser.submit(addLike, { thing: 'tea', shownTo: 'nobody' })
  const { to, setCookies } = await browser.post(forget, {})
  expect(to).toBe('/forgotten?likes=1')
  expect(setCookies).toEqual([{ name: NAME, value: '', attributes: { ...ATTRIBUTES, 'max-age': '0' } }])
  expect(browser.cookie(NAME)).toBeNull()
})

test('3.3.3 on https a token under the name without the prefix is a stranger’s', async () => {
  await browser.submit(addLike, { thing: 'tea', shownTo: 'nobody' })
  const other = new Browser('192.0.2.2', 'https://likes.example')
  other.plant('session', browser.cookie(NAME)?.value ?? '')
  expect(await other.see(getViewer)).toEqual({ kind: 'stranger' })
})
