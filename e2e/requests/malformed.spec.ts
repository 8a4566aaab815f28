import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { alertsOf, openForm } from '../raw-form'
import { startSite } from '../site'

const REFUSAL = /a character we cannot keep|Please type text here|did not arrive whole/

test('15.3.7 NUL, a file or a list where one text belongs is refused in words', async ({ request }) => {
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

test('1.5.2 15.3.5 an action called with anything but a form is refused in words', async ({ request, baseURL }) => {
  const { hidden } = await openForm(request, '/', 'Like')
  const [, reference = ''] = [...hidden].find(([name]) => /^\$ACTION_\d+:0$/.test(name)) ?? []
  const { id } = JSON.parse(String(reference))
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

test('2.2.1 a cookie that is no token, even of 10 kB, is a stranger', async ({ request, baseURL }) => {
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

test('5.2.1 15.2.2 a body that no form of ours sends is refused before it is read', async ({ request, baseURL }) => {
  for (const path of ['/', '/forget', '/login']) {
    const answer = await request.post(path, { headers: { origin: baseURL ?? '' }, data: 'x'.repeat(70_000) })
    expect(answer.status()).toBe(413)
    expect(await answer.text()).toContain('That is too much at once.')
  }
})

test('1.4.3 15.2.2 thousands of fields and a password of megabytes are refused quickly, and memory stays flat', async ({
  request,
}) => {
  test.skip(process.platform !== 'linux', 'memory is read from /proc')
  test.slow()
  const site = await startSite()
  const origin = { origin: site.url }
  const many = Array.from({ length: 8_000 }, (_, i) => `f${i}=`).join('&')
  const logIn = await openForm(request, `${site.url}/login`, 'Log in')
  const megabytes = `password=${'x'.repeat(5_000_000)}`
  const first = memoryOf(site.pid)
  const started = Date.now()
  for (let i = 0; i < 30; i++) {
    const headers = { ...origin, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await request.post(`${site.url}/forget`, { headers, data: many, maxRedirects: 0 })).status()).toBe(303)
    expect(await statusOf(`${site.url}/login`, headers, megabytes)).toBe(413)
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, '']))
    expect((await logIn.send({ ...fields, username: 'ada', password: '' }, origin)).status()).toBe(200)
  }
  expect(Date.now() - started).toBeLessThan(20_000)
  expect(memoryOf(site.pid) - first).toBeLessThan(150)
  await site.stop()
})

/** Of a process, in MB. */
function memoryOf(pid: number) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** What a body that is long on its way is answered before its end. */
function statusOf(url: string, headers: Record<string, string>, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) }
    const sending = httpRequest(url, { method: 'POST', headers: { ...headers, ...length } }, (answer) => {
      resolve(answer.statusCode)
      sending.destroy()
    })
    sending.on('error', reject)
    sending.write(body.slice(0, 1000))
  })
}
