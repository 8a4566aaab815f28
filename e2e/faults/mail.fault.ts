import { expect, onTestFinished, test } from 'vitest'
import { MailServer } from '../../lib/testing/mail-server'
import { audit } from './audit'
import { Journal } from './journal'
import { Person } from './person'
import { newFile, open, report, until, withClock } from './sites'

const MINUTE = 60_000

test('the mail server is gone: a subscription is acknowledged, and its message arrives once when the server is back', async () => {
  const began = performance.now()
  const journal = new Journal()
  const mails = await new MailServer().start()
  await mails.stop()
  const settings = { DATABASE_URL: newFile(), SMTP_URL: mails.url }
  let site = await open(settings)
  const people = Array.from({ length: 5 }, () => new Person(journal, () => site.url))
  for (const person of people) {
    const [device] = person.devices
    if (device) expect(await person.subscribe(device, `${person.name.replace(' ', '-')}@example.org`)).toBe('done')
  }
  const states = () => site.database.rows('SELECT state, tries FROM "Mail"')
  await until(async () => (await states()).every(({ tries }) => Number(tries) > 0))
  // It dies, too, and is started again while there is still nobody to take a message.
  await site.stop('SIGKILL')
  // Its clock makes the next try due.
  site = await open({ ...settings, ...withClock(10 * MINUTE) })
  await until(async () => (await states()).every(({ state, tries }) => state === 'waiting' && Number(tries) > 1))

  await mails.start()
  onTestFinished(() => mails.stop())
  await site.stop()
  site = await open({ ...settings, ...withClock(30 * MINUTE) })
  await until(async () => (await states()).every(({ state }) => state === 'sent'))
  // Whatever could be due later is due now; the journey of one more message shows that it would have come.
  await site.stop()
  site = await open({ ...settings, ...withClock(24 * 60 * MINUTE) })
  const last = new Person(journal, () => site.url)
  const [device] = last.devices
  if (device) expect(await last.subscribe(device, 'last@example.org')).toBe('done')
  await mails.until(people.length + 1)
  await until(async () => (await states()).every(({ state }) => state === 'sent'))

  const recipients = mails.received.flatMap(({ to }) => to).toSorted()
  const names = people.map((person) => `${person.name.replace(' ', '-')}@example.org`)
  expect(recipients).toEqual([...names, 'last@example.org'].toSorted())
  await audit(journal, [...people, last], site.database)
  report('the mail server gone', journal, began, `${recipients.length} messages, each once`)
})
