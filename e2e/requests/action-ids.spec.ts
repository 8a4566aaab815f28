/** The ids of actions stand in scripts that anybody can read: knowing one must be worth nothing. */
import type { APIRequestContext } from 'playwright/test'
import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'

/** Every action id in these pages and in their scripts. */
async function scrapeIds(request: APIRequestContext, pages: string[]): Promise<string[]> {
  const scripts = new Set<string>()
  const ids = new Set<string>()
  for (const page of pages) {
    const html = await (await request.get(page)).text()
    for (const [path] of html.matchAll(/\/_next\/static\/[^"'\\]+\.js/g)) scripts.add(path)
    // The forms of both ways in name theirs in the page.
    for (const [, id = ''] of html.matchAll(/&quot;id&quot;:&quot;([\da-f]{42})&quot;/g)) ids.add(id)
  }
  for (const script of scripts) {
    for (const [, id = ''] of (await (await request.get(script)).text()).matchAll(/["']([\da-f]{42})["']/g)) ids.add(id)
  }
  return [...ids]
}

test('1.5.2 8.2.1 8.3.1 16.5.1 an action called by its id does nothing for nobody, for another member, or in a broken way', async ({
  playwright,
  quietSite,
}) => {
  test.slow()
  const { url, database } = quietSite
  const open = (i: number) => playwright.request.newContext({ extraHTTPHeaders: { 'x-forwarded-for': `10.78.1.${i}` } })
  const [owner, other, nobody] = [await open(1), await open(2), await open(3)]
  await (await openForm(owner, `${url}/`, 'Like')).send({ thing: 'Tea' })
  const stranger = newCredentials()
  await (await openForm(owner, `${url}/signup`, 'Sign up')).send(newCredentials())
  await (await openForm(other, `${url}/signup`, 'Sign up')).send(stranger)
  const pages = ['/', '/account', '/logout'].map((path) => url + path)
  const ids = [
    ...new Set([...(await scrapeIds(owner, pages)), ...(await scrapeIds(nobody, [`${url}/login`, `${url}/signup`]))]),
  ]
  expect(ids.length).toBeGreaterThanOrEqual(11)

  const session = await database.sessionOf(owner)
  const [like] = await database.rows('SELECT id FROM "Like" WHERE "userId" = ?', session?.userId ?? '')
  const everyField = {
    ...{
      shownTo: `member ${session?.userId}`,
      id: String(like?.id),
      end: 'others',
      at: '1',
      thing: 'Bait',
      view: '',
    },
    ...{ userId: String(session?.userId), sessionId: String(session?.id), role: 'admin' },
  }
  const call = (who: APIRequestContext, id: string) => {
    const multipart = new FormData()
    for (const [name, value] of Object.entries(everyField)) multipart.append(`_1_${name}`, value)
    // Last, as React sends it: it is read as soon as it is there.
    multipart.append('0', '["$undefined","$K1"]')
    return who.post(`${url}/account`, { headers: { 'next-action': id, origin: url }, multipart, maxRedirects: 0 })
  }
  const before = await rowsOf(String(session?.userId))
  for (const id of ids) {
    // One of these is the log-out, after which this would be nobody.
    if (!(await database.sessionOf(other))) await (await openForm(other, `${url}/login`, 'Log in')).send(stranger)
    for (const who of [nobody, other]) expect((await call(who, id)).status(), id).toBeLessThan(500)
    for (const data of [
      '[]',
      '["$1:__proto__"]',
      '[{"shownTo":{"$ne":null}}]',
      '["$K1"]',
      '{',
      '',
      '[null,"$undefined"]',
    ]) {
      const headers = { 'next-action': id, origin: url, 'content-type': 'text/plain;charset=UTF-8' }
      const answer = await nobody.post(`${url}/`, { headers, data, maxRedirects: 0 })
      expect(await answer.text(), `${id} ${data}`).not.toMatch(/node_modules|Prisma|at async|\.ts:/)
    }
    const headers = { 'next-action': id, origin: 'https://evil.example' }
    expect((await owner.post(`${url}/`, { headers, data: '[]' })).status(), id).toBe(403)
  }
  expect(await rowsOf(String(session?.userId))).toEqual(before)
  // The same calls are understood where they come from the owner.
  for (const id of ids) await call(owner, id)
  expect(await rowsOf(String(session?.userId))).not.toEqual(before)
  expect((await nobody.get(`${url}/`)).status()).toBe(200)
  for (const request of [owner, other, nobody]) await request.dispose()

  async function rowsOf(userId: string) {
    const columns = [
      ['User', 'id'],
      ['Session', 'userId'],
      ['Like', 'userId'],
      ['SecurityEvent', 'userId'],
    ] as const
    return Promise.all(
      columns.map(([table, column]) => database.rows(`SELECT * FROM "${table}" WHERE "${column}" = ?`, userId)),
    )
  }
})

test('2.2.2 8.2.3 15.3.3 nothing but a form’s own fields reaches a row', async ({ request, database }) => {
  await (await openForm(request, '/', 'Like')).send({
    ...{ thing: 'Tea', userId: 'x', sessionId: 'x', id: 'x', claimId: 'x', createdAt: '2000-01-01' },
  })
  const session = await database.sessionOf(request)
  const rows = await database.rows('SELECT * FROM "Like" WHERE "sessionId" = ?', session?.id ?? '')
  expect(rows).toMatchObject([{ thing: 'Tea', userId: null, claimId: null }])
  expect(rows[0]?.id).toMatch(/^[\da-f-]{36}$/)
  expect(String(rows[0]?.createdAt)).not.toMatch(/^2000/)
})
