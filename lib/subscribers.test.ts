/** The mailing list as its owner keeps it; and as its people use it where the site sends no e-mail. */
import { parse } from 'csv-parse/sync'
import { beforeEach, expect, test } from 'vitest'
import { db } from './db.ts'
import { subscribe, unregister } from './mailing-list.ts'
import { listAdminActivity } from './security-log.ts'
import { findSession } from './session-store.ts'
import { deleteSubscriber, exportSubscribers, listSubscribers } from './subscribers.ts'
import { ATTEMPT, later, NOW, visitor } from './testing/people.ts'
import type { Visitor } from './viewer.ts'

beforeEach(async () => {
  await db().subscriber.deleteMany()
})

async function add(...addresses: string[]) {
  const data = addresses.map((address, i) => ({ address, createdAt: later(i), confirmedAt: NOW }))
  await db().subscriber.createMany({ data })
}

const list = (search = '', after: string | null = null) => listSubscribers({ search, after })

async function csv() {
  let text = ''
  for await (const piece of await exportSubscribers(ATTEMPT)) text += piece
  return text
}

test('without e-mail an address counts at once, and the session takes it back at once', async () => {
  const guest = await visitor()
  const eve = await visitor()
  for (const { viewer } of [guest, eve]) await subscribe(viewer, 'ada@example.org', ATTEMPT)
  expect(await db().subscriber.findMany()).toMatchObject([{ address: 'ada@example.org', confirmedAt: NOW }])
  expect(await db().mail.count()).toBe(0)
  expect(await unregister((await findSession(eve.token, NOW)) as Visitor, ATTEMPT)).toBe('removed')
  expect(await unregister((await findSession(guest.token, NOW)) as Visitor, ATTEMPT)).toBe('absent')
})

test('addresses are listed newest first, fifty a page, each once', async () => {
  await add(...Array.from({ length: 120 }, (_, i) => `a${i}@example.org`))
  const seen: string[] = []
  for (let after: string | null = null, page = 0; page < 3; page++) {
    const found: Awaited<ReturnType<typeof list>> = await list('', after)
    expect(found.count).toBe(120)
    seen.push(...found.subscribers.map(({ address }) => address))
    after = found.next
    expect(after === null).toBe(page === 2)
  }
  expect(seen).toEqual(Array.from({ length: 120 }, (_, i) => `a${119 - i}@example.org`))
})

test('1.2.9 a search finds a part in any case, and takes no character for a pattern', async () => {
  await add('ada@example.org', 'grace_hopper@example.com', 'gracexhopper@example.com', 'a%b@example.org')
  const found = async (search: string) => (await list(search)).subscribers.map(({ address }) => address)
  expect(await found(' ADA@')).toEqual(['ada@example.org'])
  expect(await found('grace_')).toEqual(['grace_hopper@example.com'])
  expect(await found('%')).toEqual(['a%b@example.org'])
  expect(await found('\\')).toEqual([])
  expect(await found("' OR 1=1 --")).toEqual([])
  expect((await list('example.com')).count).toBe(2)
})

test('a place in the list that is not there is its beginning', async () => {
  await add('ada@example.org')
  for (const after of ['', 'x', "' OR 1=1", '00000000-0000-7000-8000-000000000000', '\0']) {
    expect((await list('', after)).subscribers, after).toHaveLength(1)
  }
})

test('16.2.5 a deleted address is gone, and the log has its hash only', async () => {
  await add('ada@example.org', 'grace@example.org')
  const { subscribers } = await list('ada@')
  expect(await deleteSubscriber(subscribers[0]?.id ?? '', ATTEMPT)).toBe('ada@example.org')
  expect(await deleteSubscriber(subscribers[0]?.id ?? '', ATTEMPT)).toBeNull()
  expect((await list()).count).toBe(1)
  const [event] = await listAdminActivity()
  expect(event).toMatchObject({ what: 'Deleted an address', detail: expect.stringMatching(/^SHA-256 [\da-f]{64}$/) })
  expect(JSON.stringify(await db().securityEvent.findMany())).not.toContain('ada@example.org')
})

test('1.1.2 1.2.10 the CSV is RFC 4180, has every address once, and no cell that a spreadsheet would calculate', async () => {
  const hostile = ['=cmd|x@example.org', '+1@example.org', '-2@example.org', "o'brien@example.org"]
  await add(...hostile, ...Array.from({ length: 2100 }, (_, i) => `a${i}@example.org`))
  const text = await csv()
  expect(text.split('\r\n').at(-1)).toBe('')
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  const rows: string[][] = parse(text)
  expect(rows[0]).toEqual(['email', 'subscribed at', 'confirmed at'])
  const addresses = rows.slice(1).map(([address = '']) => address)
  expect(addresses.filter((address) => /^[=+\-@\t]/.test(address))).toEqual([])
  expect(new Set(addresses).size).toBe(2104)
  for (const address of hostile) {
    expect(addresses).toContain(/^[=+-]/.test(address) ? `'${address}` : address)
  }
  expect((await listAdminActivity())[0]?.what).toBe('Downloaded the list')
})
