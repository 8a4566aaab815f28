import { expect, test } from 'vitest'
import { audit } from './audit'
import { Journal } from './journal'
import { type Device, Person } from './person'
import { newFile, open, report, withClock } from './sites'

const DAY = 24 * 60 * 60_000

test('the clock is 31 days ahead, then right again, then a day behind: nobody is logged in for more than 30 days, and visitors keep their lists', async () => {
  const began = performance.now()
  const databaseUrl = newFile()
  const journal = new Journal()
  let url = ''
  const newPerson = () => new Person(journal, () => url)
  const [kept, brief, late, visitor] = [newPerson(), newPerson(), newPerson(), newPerson()]
  const everyone = [kept, brief, late, visitor]

  await onDay(0, async () => {
    for (const person of everyone) await goOn(person)
    expect(await kept.enter(one(kept), { keep: true })).toBe('done')
    expect(await brief.enter(one(brief))).toBe('done')
  })
  await onDay(31, async () => {
    expect([await isIn(kept), await isIn(brief)]).toEqual([false, false])
    expect(await late.enter(one(late), { keep: true })).toBe('done')
  })
  // Thirty days of the right clock after somebody logged in while it was ahead.
  await onDay(0, async () => void (await isIn(late)))
  await onDay(-1, async () => void (await isIn(late)))
  await onDay(30.01, async () => expect(await isIn(late)).toBe(false))
  await onDay(32, async () => expect(await isIn(late)).toBe(false))
  report('the clock +31, 0, −1 days', journal, began)

  async function onDay(day: number, what: () => Promise<void>) {
    const site = await open({ DATABASE_URL: databaseUrl, ...withClock(day * DAY) })
    url = site.url
    await what()
    for (const person of everyone) await goOn(person)
    await audit(journal, everyone, site.database)
    expect(await site.stop()).toBe(0)
  }
})

function one(person: Person): Device {
  const [device] = person.devices
  if (!device) throw new Error('nobody is there')
  return device
}

/** Sees the list that must be there, likes, removes and likes again. */
async function goOn(person: Person) {
  await isIn(person)
  const device = one(person)
  expect(await person.like(device)).toBe('done')
  expect(await person.remove(device)).toBe('done')
  expect(await person.like(device)).toBe('done')
}

/** Whether the site knows a member in this browser, by its own page. The person knows it, too, from now on. */
async function isIn(person: Person) {
  const device = one(person)
  const page = await device.browser.get('/')
  expect(page.status).toBe(200)
  const isMember = page.text.includes('value="member ')
  if (device.kind === 'member' && !isMember) device.kind = 'stranger'
  return isMember
}
