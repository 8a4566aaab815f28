import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { hiddenFields } from '../raw-form'
import { audit } from './audit'
import { APP_URL, Browser, newAddress } from './browser'
import { Journal } from './journal'
import { Person } from './person'
import { everybody, newFile, open, report, until } from './sites'

const BEGUN = 20

test('SIGTERM under load: what was begun is finished, the exit code is 0, and nothing that was acknowledged is lost', async () => {
  const began = performance.now()
  const journal = new Journal()
  const site = await open({ DATABASE_URL: newFile() })
  const people = Array.from({ length: 8 }, () => new Person(journal, () => site.url))
  const load = everybody(people, () => true)
  await until(() => journal.acknowledged > 100)

  const form = hiddenFields((await new Browser(() => site.url).get('/')).text, 'Like') ?? new FormData()
  const requests = await Promise.all(Array.from({ length: BEGUN }, (_, i) => begin(site.url, form, `begun ${i}`)))
  const ended = site.stop('SIGTERM')
  await load
  for (const { finish } of requests) finish()
  const answers = await Promise.all(requests.map(({ answer }) => answer))
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 303 [\s\S]*\r\n\r\n/)
  expect(await ended).toBe(0)

  const after = await open({ DATABASE_URL: site.databaseUrl })
  await audit(journal, people, after.database)
  const kept = await after.database.rows(`SELECT thing FROM "Like" WHERE thing LIKE 'begun %'`)
  expect(kept).toHaveLength(BEGUN)
  report('SIGTERM under load', journal, began, `${BEGUN} half-sent requests were answered`)
})

/** Sends the head of a post, and waits until the server has read it and asks for the rest. */
async function begin(url: string, form: FormData, thing: string) {
  form.set('thing', thing)
  const request = new Request(url, { method: 'POST', body: form })
  const body = Buffer.from(await request.arrayBuffer())
  const socket = connect(Number(new URL(url).port), 'localhost')
  const head = [
    'POST / HTTP/1.1',
    `host: ${new URL(APP_URL).host}`,
    `origin: ${APP_URL}`,
    `x-forwarded-for: ${newAddress()}`,
    `content-type: ${request.headers.get('content-type')}`,
    `content-length: ${body.length}`,
    'expect: 100-continue',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  const [first] = await once(socket, 'data')
  expect(String(first)).toMatch(/^HTTP\/1.1 100 /)
  return { finish: () => socket.write(body), answer: wholeAnswer(socket) }
}

async function wholeAnswer(socket: Socket) {
  let text = ''
  for await (const piece of socket) text += piece
  return text
}
