/** A published list as requests see it: the same for everybody, and for nobody what is not published. */
import type { APIRequestContext } from 'playwright/test'
import { sessionCookie } from '../database'
import { expect, fromNewAddress, test } from '../fixtures'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'

/** A member with these likes, whose list is published. */
async function publish(request: APIRequestContext, url: string, fields: object, ...things: string[]) {
  const who = newCredentials()
  await (await openForm(request, `${url}/signup`, 'Sign up')).send({ ...who })
  for (const thing of things) await (await openForm(request, `${url}/`, 'Like')).send({ thing })
  const form = await openForm(request, `${url}/account`, 'Publish my list')
  const answer = await form.send({ act: 'publish', ...fields })
  expect(answer.headers().location).toBe('/account?notice=list-changed')
  return { ...who, path: `${url}/u/${who.username}` }
}

/** The things of a list, in their order. */
function thingsIn(html: string) {
  return [...html.matchAll(/<li>(.*?)<\/li>/g)].map(([, thing]) => thing)
}

/** What an answer says, but for what each has of its own: the nonce, and what the router tells two answers apart by. */
async function bytesOf(request: APIRequestContext, path: string, headers = {}) {
  const answer = await request.get(path, { headers })
  const text = await answer.text()
  const [, nonce = ''] = /'nonce-([^']+)'/.exec(answer.headers()['content-security-policy'] ?? '') ?? []
  expect(nonce).not.toBe('')
  expect(answer.headers()['set-cookie']).toBeUndefined()
  return { status: answer.status(), text: text.replaceAll(nonce, '<nonce>').replace(/"[\w-]{21}[vm]"/g, '"<key>"') }
}

test('a published list is the same for its member, any other, the owner of the site and nobody', async ({
  playwright,
  mailSite: { url, password, database },
}) => {
  const open = () => playwright.request.newContext({ extraHTTPHeaders: fromNewAddress() })
  const [nobody, visitor, ada, other, admin] = await Promise.all([open(), open(), open(), open(), open()])
  await (await openForm(visitor, `${url}/`, 'Like')).send({ thing: 'Snow' })
  await (await openForm(other, `${url}/signup`, 'Sign up')).send({ ...newCredentials() })
  await (await openForm(admin, `${url}/admin/login`, 'Log in')).send({ password })
  const { path } = await publish(ada, url, { title: 'Mine' }, 'Tea', 'https://example.org/tea')
  const session = await database.sessionOf(ada)
  // More than a page.
  await database.rows('BEGIN IMMEDIATE')
  for (let i = 0; i < 60; i++) {
    await database.rows(
      'INSERT INTO "Like" (id, thing, "thingKey", "userId", "createdAt") VALUES (?, ?, ?, ?, ?)',
      ...[
        crypto.randomUUID(),
        `Thing ${i}`,
        `thing ${i}`,
        session?.userId ?? '',
        `2026-01-01T00:00:00.0${10 + (i % 60)}+00:00`,
      ],
    )
  }
  await database.rows('COMMIT')
  // Long enough ago that a use would be noted, and short enough for admin mode.
  for (const who of [visitor, ada, other, admin]) await database.age(who, 'lastSeenAt', 11 * 60_000)
  const rows = await database.everything()
  const first = await bytesOf(nobody, path)
  expect(first.status).toBe(200)
  expect(first.text).toContain('Tea')
  for (const who of [nobody, visitor, ada, other, admin]) {
    expect(await bytesOf(who, path)).toEqual(first)
    // What our script asks for.
    expect(await bytesOf(who, path, { rsc: '1' })).toEqual(await bytesOf(nobody, path, { rsc: '1' }))
  }
  expect(await database.everything(), 'reading leaves no trace').toEqual(rows)
  const likes = await database.rows('SELECT id FROM "Like" WHERE "userId" = ?', session?.userId ?? '')
  expect(likes).toHaveLength(62)
  const second = await bytesOf(nobody, `${path}?page=2`)
  expect(first.text + second.text).toContain('Older</a>')
  expect(second.text).toContain('Newer</a>')
  expect(second.text).toContain('<title>Mine, page 2 · Likes</title>')
  const written = first.text + second.text
  for (const id of [session?.id, session?.userId, ...likes.map((row) => row.id)])
    expect(written).not.toContain(String(id))
  // Nor when anything was liked, not even by asking for what was liked before some moment, as in the own list.
  expect(written).not.toMatch(/before=|2026-01-01|17672\d{8}/)
  expect(thingsIn(first.text)).toHaveLength(50)
  for (const cursor of [`${Date.parse('2026-01-01T00:00:00.040Z')}.ffffffff-ffff-ffff-ffff-ffffffffffff`, 'thing+3']) {
    const asked = await bytesOf(nobody, `${path}?before=${cursor}`)
    expect(thingsIn(asked.text)).toEqual(thingsIn(first.text))
  }
  expect(await sessionCookie(nobody)).toBeUndefined()
  for (const who of [nobody, visitor, ada, other, admin]) await who.dispose()
})

test('a list that is not published, was taken back or down, or is of a disabled member or of nobody is missing in one way', async ({
  playwright,
  quietSite: { url, database },
}) => {
  const open = () => playwright.request.newContext({ extraHTTPHeaders: fromNewAddress() })
  const [nobody, never, back, down, disabled] = await Promise.all([open(), open(), open(), open(), open()])
  const hidden = newCredentials()
  await (await openForm(never, `${url}/signup`, 'Sign up')).send({ ...hidden })
  await (await openForm(never, `${url}/`, 'Like')).send({ thing: 'A secret' })
  const people = [
    await publish(back, url, {}, 'A secret'),
    await publish(down, url, {}, 'A secret'),
    await publish(disabled, url, {}, 'A secret'),
  ]
  await (await openForm(back, `${url}/account`, 'Take my list back')).send({})
  const now = new Date().toISOString()
  const [, second, third] = people
  await database.rows(
    'UPDATE "User" SET "publishedAt" = NULL, "takenDownAt" = ? WHERE username = ?',
    ...[now, second?.username ?? ''],
  )
  await database.rows('UPDATE "User" SET "disabledAt" = ? WHERE username = ?', now, third?.username ?? '')
  const missing = async (name: string, headers = {}) => {
    const { status, text } = await bytesOf(nobody, `${url}/u/${name}`, headers)
    expect(text).not.toContain('A secret')
    return { status, text: text.replaceAll(name, '<name>') }
  }
  for (const headers of [{}, { rsc: '1' }]) {
    const unknown = await missing('nobody-has-this', headers)
    for (const { username } of [hidden, ...people]) expect(await missing(username, headers)).toEqual(unknown)
  }
  const unknown = await missing('nobody-has-this')
  expect(unknown.status).toBe(404)
  expect(unknown.text, 'without a script too').toMatch(/<h1[^>]*>There is nothing here/)
  for (const odd of ['ab', '%00', '%F0%9F%8D%B5', '..%2faccount', `${'a'.repeat(31)}`, hidden.username.slice(0, -1)])
    expect((await nobody.get(`${url}/u/${odd}`)).status(), odd).toBe(404)
  for (const who of [nobody, never, back, down, disabled]) await who.dispose()
})

test('search engines are asked to leave a published list alone, unless its member lets them in', async ({
  request,
  playwright,
  quietSite: { url },
}) => {
  const robots = async (path: string) =>
    /<meta name="robots" content="([^"]*)"/.exec(await (await request.get(path)).text())?.[1]
  const shy = await publish(request, url, {}, 'Tea')
  expect(await robots(shy.path)).toBe('noindex, nofollow')
  expect((await request.get(shy.path)).headers()['x-robots-tag']).toBe('noindex, nofollow')
  const other = await playwright.request.newContext({ extraHTTPHeaders: fromNewAddress() })
  const open = await publish(other, url, { isIndexable: 'on' }, 'Tea')
  expect(await robots(open.path)).toBe('index, nofollow')
  expect((await request.get(open.path)).headers()['x-robots-tag']).toBeUndefined()
  const page = await (
    await request.get(open.path.toUpperCase().replace(/^HTTP:\/\/LOCALHOST:(\d+)\/U/, `http://localhost:$1/u`))
  ).text()
  expect(page, 'a picture beside the link, as of every page').toContain('<meta property="og:image"')
  expect(page, 'one address in search engines').toContain(`rel="canonical" href="${open.path}"`)
  await other.dispose()
})

test('publishing waits after ten times in ten minutes, and taking back never does', async ({ request, quietSite }) => {
  const { url } = quietSite
  const { path } = await publish(request, url, {}, 'Tea')
  const takeBack = async () => {
    await (await openForm(request, `${url}/account`, 'Take my list back')).send({})
    expect((await request.get(path)).status()).toBe(404)
  }
  const again = async () => (await openForm(request, `${url}/account`, 'Publish my list')).send({ act: 'publish' })
  for (let i = 2; i <= 10; i++) {
    await takeBack()
    expect((await again()).status(), `time ${i}`).toBe(303)
  }
  await takeBack()
  expect(await (await again()).text()).toContain('That was tried too often.')
  expect((await request.get(path)).status()).toBe(404)
})
