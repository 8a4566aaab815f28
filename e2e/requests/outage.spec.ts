import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { expect, test } from '../fixtures'
import { alertsOf, openForm } from '../raw-form'
import { startSite } from '../site'

/** A way to the database that can be cut and restored. */
class Line {
  #server: Server | undefined
  #sockets = new Set<Socket>()

  async open(port = 0): Promise<number> {
    this.#server = createServer((near) => {
      const far = connect(Number(process.env.E2E_POSTGRES_PORT), 'localhost')
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from)
        from.pipe(to)
        from.on('error', () => to.destroy())
      }
    }).listen(port)
    await once(this.#server, 'listening')
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  async cut() {
    for (const socket of this.#sockets) socket.destroy()
    this.#server?.close()
    await once(this.#server as Server, 'close')
  }
}

test('16.5.2 16.5.3 while the database is away people are told so, and when it is back all is well again', async ({
  request,
}) => {
  const line = new Line()
  const port = await line.open()
  const site = await startSite({
    DATABASE_URL: `postgresql://likes:likes@localhost:${port}/outage_${Date.now()}`,
  })
  const form = await openForm(request, site.url, 'Like')
  expect((await form.send({ thing: 'Tea' })).status()).toBe(303)
  const again = await openForm(request, site.url, 'Like')

  await line.cut()
  const page = await request.get(site.url)
  expect(page.status()).toBe(503)
  expect(page.headers()['retry-after']).toBe('30')
  expect(await page.text()).toContain('We cannot reach our database just now.')
  // Which is not the same as a list that is not there.
  expect((await request.get(`${site.url}/u/somebody`)).status()).toBe(503)
  const health = await request.get(`${site.url}/health`)
  expect([health.status(), await health.text()]).toEqual([503, '{"status":"unavailable"}'])
  // The process itself is well: to start it again would help nobody.
  expect((await request.get(`${site.url}/health/live`)).status()).toBe(200)
  const refused = await again.send({ thing: 'Rain' })
  expect(refused.status()).toBe(503)
  const forget = await request.post(`${site.url}/forget`, { headers: { origin: site.url }, maxRedirects: 0 })
  expect([forget.status(), forget.headers().location]).toEqual([303, '/?notice=not-forgotten'])
  expect(forget.headers()['set-cookie']).toBeUndefined()
  // Who has no cookie needs no database to read the page.
  expect((await fetch(site.url)).status).toBe(200)

  await line.open(port)
  await expect.poll(async () => (await request.get(`${site.url}/health`)).status()).toBe(200)
  const back = await request.get(site.url)
  expect(back.status()).toBe(200)
  expect(await back.text()).toContain('Tea')
  expect((await again.send({ thing: 'Rain' })).status()).toBe(303)
  expect(await alertsOf(await request.get(site.url))).toEqual([])
  await site.stop()
  await line.cut()
})
