/** The ways out: to PostgreSQL and to the mail server, encrypted, to the right one, or not at all. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { migrate, migrationsAt } from '../prepare.mjs'
import { sqliteAdapter } from './sqlite.ts'
import { MailServer } from './testing/mail-server.ts'

const pem = readFileSync('lib/testing/localhost.pem', 'utf8')
const ownDatabase = process.env.DATABASE_URL

afterEach(() => {
  process.env.DATABASE_URL = ownDatabase
  delete process.env.SMTP_URL
})

/** A PostgreSQL server as far as its first bytes: whether it has TLS, and all that it is told after that. */
async function startDoor({ hasTls }: { hasTls: boolean }) {
  const told: string[] = []
  const hear = (socket: Socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      told.push(data.toString())
      socket.destroy()
    })
  }
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (asked) => {
      // The request for TLS is 8 bytes, and always the same.
      if (asked.toString('hex') !== '0000000804d2162f') told.push(asked.toString())
      socket.write(hasTls ? 'S' : 'N')
      hear(hasTls ? new TLSSocket(socket, { isServer: true, key: pem, cert: pem }) : socket)
    })
  })
  return { told, port: await listen(server) }
}

async function listen(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** What the site, and what prepares it, say of a database that they cannot use. */
async function complaintsOf(url: string) {
  process.env.DATABASE_URL = url
  vi.resetModules()
  const { closeDatabase, db } = await import('./db.ts')
  const works = [() => db().$queryRaw`SELECT 1`, () => migrationsAt(url)]
  const said = await Promise.all(works.map((work) => work().catch((error: Error) => error.message)))
  await closeDatabase()
  return said.map(String)
}

test('12.3.1 a PostgreSQL server without TLS is told neither a name nor a password', async () => {
  const { told, port } = await startDoor({ hasTls: false })
  const said = await complaintsOf(`postgresql://likes:geheim@localhost:${port}/likes?sslmode=verify-full`)
  for (const complaint of said) expect(complaint).toContain('does not support SSL')
  expect(told).toEqual([])
})

test('12.3.2 12.3.4 nor one whose certificate nobody vouches for, or that is of another name', async () => {
  const { told, port } = await startDoor({ hasTls: true })
  const url = `postgresql://likes:geheim@localhost:${port}/likes?sslmode=verify-full`
  for (const complaint of await complaintsOf(url)) expect(complaint).toMatch(/self-signed certificate/)
  expect(told).toEqual([])
  const trusting = `${url}&sslrootcert=lib/testing/localhost.pem`
  // Another name of this machine, which is not in the certificate.
  for (const complaint of await complaintsOf(trusting.replace('localhost', '0.0.0.0'))) {
    expect(complaint).toMatch(/not in the cert's list/)
  }
  expect(told).toEqual([])
  await complaintsOf(trusting)
  expect(told).toEqual([expect.stringContaining('likes'), expect.stringContaining('likes')])
})

test('12.3.1 whether a PostgreSQL server elsewhere is asked for TLS has to be said', async () => {
  const refused = /^must say sslmode=verify-full, or sslmode=disable where nobody else is on the way/
  for (const url of ['postgresql://a:b@db.invalid/likes', 'postgresql://a@db.invalid:1/likes?host=10.0.0.1']) {
    await expect(
      migrate(url, () => {}),
      url,
    ).rejects.toThrow(refused)
  }
  for (const url of [
    'postgresql://a:b@db.invalid/likes?sslmode=disable',
    'postgresql://a:b@localhost:1/likes',
    'postgresql://a:b@[::1]:1/likes',
    'postgresql:///likes?host=/nowhere',
    'postgresql://%2Fnowhere/likes',
    'postgresql://a@/likes?host=/nowhere',
  ]) {
    await expect(
      migrate(url, () => {}),
      url,
    ).rejects.toThrow(/^the database cannot be used: /)
  }
})

/** Hands a message to the server at `url`. */
async function sendBy(url: string) {
  process.env.SMTP_URL = url
  vi.resetModules()
  const { closeTransport, send } = await import('./smtp.ts')
  onTestFinished(closeTransport)
  return send({ subject: 'Hello', text: 'Hello', html: '<p>Hello</p>', headers: {} }, 'ada@example.org')
}

test('12.3.1 a mail server elsewhere gets a message by TLS, or none, unless SMTP_URL says that it need not', async () => {
  const mails = await new MailServer().start()
  onTestFinished(() => mails.stop())
  const { port } = new URL(mails.url)
  // A name of this machine that is not one of the three by which it counts as this one.
  const elsewhere = `smtp://0.0.0.0:${port}`
  expect(await sendBy(elsewhere)).toEqual({ is: 'unsent', reason: expect.anything() })
  expect(await sendBy(`${elsewhere}?ignoreTLS=true`)).toMatchObject({ is: 'unsent' })
  expect(mails.received).toEqual([])
  expect(await sendBy(`${elsewhere}?requireTLS=false`)).toEqual({ is: 'sent' })
  expect(await sendBy(mails.url)).toEqual({ is: 'sent' })
})

test('12.3.2 a mail server whose certificate nobody vouches for gets no message, by STARTTLS or smtps', async () => {
  for (const secure of [false, true]) {
    let hasBegun = false
    const server = new SMTPServer({
      ...{ secure, key: pem, cert: pem, authOptional: true, closeTimeout: 100 },
      onMailFrom: (_, __, done) => {
        hasBegun = true
        done()
      },
    })
    server.on('error', () => {})
    const url = `smtp${secure ? 's' : ''}://localhost:${await listen(server.server)}`
    expect(await sendBy(url)).toEqual({ is: 'unsent', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(hasBegun).toBe(false)
    expect(await sendBy(`${url}?tls.rejectUnauthorized=false`)).toEqual({ is: 'sent' })
    expect(hasBegun).toBe(true)
  }
})

test('13.2.2 14.2.4 a new database file, its log included, is for its owner alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'likes-mode-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const before = process.umask(0)
  onTestFinished(() => void process.umask(before))
  const file = join(folder, 'likes.db')
  await migrationsAt(`file:${file}`)
  const adapter = await sqliteAdapter(`file:${file}`).connect()
  await adapter.executeScript('CREATE TABLE t (a)')
  for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777, name).toBe(0o600)
  await adapter.dispose()
})
