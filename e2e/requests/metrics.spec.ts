/** What a watcher of the site is told, by which token, and what never stands among the numbers. */
import { randomUUID } from 'node:crypto'
import type { APIRequestContext } from 'playwright/test'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'

test('8.2.1 13.4.5 the numbers are for the holder of the token alone', async ({ mailSite, request, baseURL }) => {
  const { url, metricsToken } = mailSite
  const ask = (authorization: string) => request.get(`${url}/metrics`, { headers: { authorization } })
  for (const wrong of ['', 'Bearer ', 'Bearer x', metricsToken, `Basic ${metricsToken}`, `Bearer ${metricsToken}x`]) {
    const answer = await ask(wrong)
    expect([answer.status(), await answer.text()], wrong).toEqual([401, 'Send METRICS_TOKEN as a bearer token.\n'])
    expect(answer.headers()['www-authenticate']).toBe('Bearer')
  }
  expect((await ask(`Bearer ${metricsToken}`)).status()).toBe(200)
  const unset = await request.get(`${baseURL}/metrics`, { headers: { authorization: 'Bearer undefined' } })
  expect(unset.status()).toBe(404)
})

test('sessions, log-ins, refusals and requests are counted, and nobody is named', async ({ mailSite, request }) => {
  const read = () => numbers(request, mailSite)
  const before = (await read()).values
  const [who, thing, token] = [newCredentials(), `a thing ${randomUUID()}`, `t${randomUUID().replaceAll('-', '')}`]
  await (await openForm(request, mailSite.url, 'Like')).send({ thing })
  await (await openForm(request, `${mailSite.url}/signup`, 'Sign up')).send(who)
  await (await openForm(request, `${mailSite.url}/logout`, 'Log out')).send({})
  await (await openForm(request, `${mailSite.url}/login`, 'Log in')).send({ ...who, password: 'wrong' })
  await request.get(`${mailSite.url}/reset/${token}`)
  await request.get(`${mailSite.url}/${token}`)

  const { values, text } = await read()
  for (const [name, times] of [
    ['likes_sessions_total{what="begun"}', 2],
    ['likes_sessions_total{what="claimed"}', 1],
    ['likes_sessions_total{what="ended"}', 1],
    ['likes_security_events_total{event="logInFailed"}', 1],
    ['likes_http_request_duration_seconds_count{method="GET",route="/reset/[token]",status="200"}', 1],
    ['likes_http_request_duration_seconds_count{method="GET",route="other",status="404"}', 1],
  ] as const) {
    expect((values.get(name) ?? 0) - (before.get(name) ?? 0), name).toBeGreaterThanOrEqual(times)
  }
  expect([...values.keys()]).toEqual(expect.arrayContaining(['likes_password_queue', 'nodejs_eventloop_lag_seconds']))
  for (const secret of [who.username, who.password, thing, token, '127.0.0.1']) expect(text).not.toContain(secret)
})

async function numbers(request: APIRequestContext, { url, metricsToken }: { url: string; metricsToken: string }) {
  const answer = await request.get(`${url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } })
  expect(answer.headers()['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  const text = await answer.text()
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  const values = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
  return { text, values }
}
