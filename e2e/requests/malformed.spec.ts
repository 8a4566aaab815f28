import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { alertsOf, openForm } from '../raw-form'

const REFUSAL = /a character we cannot keep|Please type text here|did not arrive whole/

test('NUL, a file or a list where one text belongs is refused in words', async ({ request }) => {
  const like = await openForm(request, '/', 'Like')
  const logIn = await openForm(request, '/login', 'Log in')
  const signUp = await openForm(request, '/signup', 'Sign up')
  for (const odd of ['a\0b', new File(['x'], 'x.txt'), ['Tea', 'Rain']]) {
    const answers = [
      await like.send({ thing: odd }),
      await logIn.send({ username: odd, password: 'x' }),
      await logIn.send({ username: 'ada', password: odd }),
      await signUp.send({ ...newCredentials(), password: odd }),
      await signUp.send({ ...newCredentials(), keep: odd }),
    ]
    for (const answer of answers) {
      expect(answer.status()).toBe(200)
      expect.soft(await alertsOf(answer)).toEqual([expect.stringMatching(REFUSAL)])
      expect(answer.headers()['set-cookie']).toBeUndefined()
    }
  }
})

test('an action called with anything but a form is refused in words', async ({ request, baseURL }) => {
  const { hidden } = await openForm(request, '/', 'Like')
  const { id } = JSON.parse(String(hidden.get('$ACTION_1:0')))
  const headers = { origin: baseURL ?? '', 'next-action': id, 'content-type': 'text/plain;charset=UTF-8' }
  for (const data of ['[null,{"thing":["Tea"]}]', '[null,"Tea"]', '[null]', '[]']) {
    const answer = await request.post('/', { headers, data })
    expect(answer.status()).toBe(200)
    expect(await answer.text()).toContain('That form did not arrive whole. Please try again.')
  }
})

test('a form that is cut off or garbled is refused, not an error of ours', async ({ request, baseURL }) => {
  for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x', 'text/plain', 'application/json']) {
    const headers = { origin: baseURL ?? '', 'content-type': type }
    const answer = await request.post('/', { headers, data: '--x\r\nContent-Disp' })
    expect.soft(answer.status(), type).toBeLessThan(500)
  }
})

test('a password is never sent back', async ({ request }) => {
  const { password } = newCredentials()
  for (const [path, button] of [
    ['/login', 'Log in'],
    ['/signup', 'Sign up'],
  ] as const) {
    const form = await openForm(request, path, button)
    const answer = await form.send({ username: '!', password })
    expect(answer.status()).toBe(200)
    expect(await alertsOf(answer)).not.toEqual([])
    expect((await answer.text()).includes(password)).toBe(false)
  }
})

test('a cookie that is no token, even of 10 kB, is a stranger', async ({ request, baseURL }) => {
  for (const value of ['', 'x', 'a'.repeat(43), 'a'.repeat(10_000), '%00', "' OR 1=1 --", '"']) {
    const headers = { cookie: `session=${value}` }
    const home = await request.get('/', { headers })
    expect(home.status()).toBe(200)
    expect((await home.text()).includes('Nothing yet.')).toBe(true)
    const account = await request.get('/account', { headers, maxRedirects: 0 })
    expect(account.headers().location).toBe('/login?next=%2Faccount')
    const forget = await request.post('/forget', { headers: { ...headers, origin: baseURL ?? '' }, maxRedirects: 0 })
    expect(forget.headers().location).toBe('/forgotten')
  }
})

test('a body that no form of ours sends is refused before it is read', async ({ request, baseURL }) => {
  for (const path of ['/', '/forget', '/login']) {
    const answer = await request.post(path, { headers: { origin: baseURL ?? '' }, data: 'x'.repeat(70_000) })
    expect(answer.status()).toBe(413)
    expect(await answer.text()).toContain('That is too much at once.')
  }
})
