import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, test } from '../fixtures'
import { startSite } from '../site'

/** Sends these bytes, and waits for the first of the answer. */
async function firstLine(url: string, bytes: string): Promise<string> {
  const socket = await dial(url)
  socket.write(bytes)
  const [data] = await once(socket, 'data')
  socket.destroy()
  return String(data).split('\r\n')[0] ?? ''
}

async function dial(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), 'localhost')
  await once(socket, 'connect')
  return socket
}

test('a request to upgrade is answered like any other, wherever it leads', async ({ baseURL }) => {
  const upgrade = 'host: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'
  expect(await firstLine(baseURL ?? '', `GET /nowhere HTTP/1.1\r\n${upgrade}`)).toContain(' 404 ')
  expect(await firstLine(baseURL ?? '', `GET /_next/webpack-hmr HTTP/1.1\r\n${upgrade}`)).toContain(' 404 ')
  expect(await firstLine(baseURL ?? '', `GET / HTTP/1.1\r\n${upgrade}`)).toContain(' 200 ')
})

test('4.1.4 13.4.4 methods and addresses that are not ours are refused at the door', async ({ baseURL }) => {
  expect(await firstLine(baseURL ?? '', 'TRACE / HTTP/1.1\r\nhost: x\r\n\r\n')).toContain(' 405 ')
  expect(await firstLine(baseURL ?? '', 'DELETE / HTTP/1.1\r\nhost: x\r\n\r\n')).toContain(' 405 ')
  expect(await firstLine(baseURL ?? '', 'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n')).toContain(' 405 ')
  expect(await firstLine(baseURL ?? '', 'GET http://evil.example/x/ HTTP/1.1\r\nhost: x\r\n\r\n')).toContain(' 400 ')
})

test('a connection on which nothing is asked does not keep the server from stopping', async () => {
  const site = await startSite()
  const silent = await dial(site.url)
  const started = Date.now()
  await site.stop()
  // Real work is waited for up to 20 seconds.
  expect(Date.now() - started).toBeLessThan(10_000)
  silent.destroy()
})

test('whoever goes on asking on an open connection does not keep the server from stopping', async () => {
  const site = await startSite()
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  let answers = 0
  const asking = Array.from({ length: 8 }, async () => {
    for (;;) {
      const request = get(`${site.url}/health`, { agent })
      const [response] = await once(request, 'response')
      for await (const _ of response);
      answers++
    }
  })
  const ended = Promise.allSettled(asking)
  await expect.poll(() => answers).toBeGreaterThan(20)
  expect(await site.stop()).toBe(0)
  await ended
  agent.destroy()
})

test('a form of an earlier build is told so, by a page that leads on', async ({ request, baseURL }) => {
  const answer = await request.post('/', {
    headers: { origin: baseURL ?? '' },
    multipart: { [`$ACTION_ID_${'a'.repeat(42)}`]: '', thing: 'Tea' },
  })
  expect(answer.status()).toBe(409)
  expect(await answer.text()).toContain('This page has changed.')
})

test('a proxy that keeps its connections for a minute never meets one that is being closed', async ({ baseURL }) => {
  const answer = await fetch(`${baseURL}/health/live`)
  expect(answer.headers.get('keep-alive')).toBe('timeout=65')
})
