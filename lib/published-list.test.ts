/** A list that its member publishes: who reads what of it, and what puts an end to that. */
import { beforeEach, expect, test } from 'vitest'
import { deleteAccount } from './accounts.ts'
import { claimReceipt, undoClaim } from './claim.ts'
import { closeDatabase, db } from './db.ts'
import { like, listLikes, listPublishedLikes, removeLike, undoRemove } from './likes.ts'
import { allowList, disableMember, enableMember, takeListDown } from './members.ts'
import { changeCover, findPublishedList, publicationOf, publishList, takeListBack } from './published-list.ts'
import { listActivity } from './security-log.ts'
import { logOut } from './session-store.ts'
import { ATTEMPT, asMember, later, logIn, MINUTE, member, NOW, signUp, visitor } from './testing/people.ts'

beforeEach(() => closeDatabase())

const COVER = { title: '', isIndexable: false }
const NONE_HELD = { ...COVER, claims: [] }

/** The things that everybody reads, newest first; null where there is no page. */
async function readBy(username: string) {
  const list = await findPublishedList(username)
  return list && (await listPublishedLikes(list, 1)).things
}

async function publisher(...things: string[]) {
  const ada = await member(...things)
  expect(await publishList(ada.viewer, NONE_HELD, ATTEMPT)).toBe(true)
  return { ...ada, viewer: await asMember(ada.token) }
}

async function idOf(thing: string, userId: string) {
  return (await db().like.findFirstOrThrow({ where: { thing, userId } })).id
}

test('a list is nobody else’s to read until it is published, and what is liked later shows at once', async () => {
  const ada = await member('tea')
  expect(await readBy(ada.username)).toBe(null)
  expect(ada.viewer.isPublished).toBe(false)
  await publishList(ada.viewer, NONE_HELD, ATTEMPT)
  expect((await asMember(ada.token)).isPublished).toBe(true)
  await like(ada.viewer, 'rain', later(MINUTE))
  expect(await readBy(ada.username)).toEqual(['rain', 'tea'])
  expect(await readBy(ada.username.toUpperCase())).toEqual(['rain', 'tea'])
})

test('a published list that is taken back is gone at once, with its title', async () => {
  const ada = await member('tea')
  await publishList(ada.viewer, { title: 'Good things', isIndexable: true, claims: [] }, ATTEMPT)
  expect(await findPublishedList(ada.username)).toMatchObject({ title: 'Good things', isIndexable: true })
  expect(await takeListBack(ada.viewer, ATTEMPT)).toBe(true)
  expect(await readBy(ada.username)).toBe(null)
  expect(await publicationOf(ada.viewer)).toMatchObject({ title: '', isIndexable: false, isPublished: false })
  expect(await takeListBack(ada.viewer, ATTEMPT)).toBe(false)
})

test('what is liked after a list was taken back is not read by whoever was just reading it', async () => {
  const ada = await publisher('tea')
  const list = await findPublishedList(ada.username)
  await takeListBack(ada.viewer, ATTEMPT)
  await like(ada.viewer, 'a secret', later(MINUTE))
  expect(await listPublishedLikes(list ?? ada.viewer, 1)).toMatchObject({ things: [], count: 0 })
})

test('nothing of anybody else is on it', async () => {
  const ada = await publisher('tea')
  await publisher('chess')
  await visitor('rain')
  expect(await readBy(ada.username)).toEqual(['tea'])
})

test('only the whole username finds its list, and what no username can be finds none', async () => {
  const { username } = await publisher('tea')
  expect(await readBy(username)).toEqual(['tea'])
  const nearly = [username.slice(0, -1), `${username} `, `${username}0`, username.replace('p', '_'), `%${username}`]
  for (const name of [...nearly, '', 'ab', '%', '%%%', 'a'.repeat(31), `${username}\0`, `../${username}`, 'ádá'])
    expect(await findPublishedList(name), name).toBe(null)
})

test('a list of 120 is read in pages, each like once, and beyond the last is the first', async () => {
  const ada = await publisher()
  const rows = Array.from({ length: 120 }, (_, i) => ({ thing: `t${i}`, thingKey: `t${i}`, userId: ada.viewer.userId }))
  await db().like.createMany({ data: rows.map((row, i) => ({ ...row, createdAt: later(i) })) })
  const pages = await Promise.all([1, 2, 3].map((number) => listPublishedLikes(ada.viewer, number)))
  expect(pages.flatMap(({ things }) => things)).toEqual(rows.map(({ thing }) => thing).reverse())
  expect(pages.map(({ number, isLast }) => [number, isLast])).toEqual([
    [1, false],
    [2, false],
    [3, true],
  ])
  for (const { count, hasMore } of pages) expect([count, hasMore]).toEqual([120, false])
  expect(await listPublishedLikes(ada.viewer, 4)).toEqual(pages[0])
})

test('what a log-in brings along is not published, counted or paged before its member publishes it', async () => {
  const ada = await publisher('tea')
  const guest = await visitor('rain', 'trains')
  const opened = await logIn(ada.username, guest.token)
  const viewer = await asMember(opened.token)
  expect(await readBy(ada.username)).toEqual(['tea'])
  expect((await listPublishedLikes(viewer, 1)).count).toBe(1)
  const { heldBack } = await publicationOf(viewer)
  expect(heldBack.count).toBe(2)
  const { likes } = await listLikes(viewer, null)
  expect(
    likes
      .filter(({ isHeldBack }) => isHeldBack)
      .map(({ thing }) => thing)
      .sort(),
  ).toEqual(['rain', 'trains'])

  expect(await changeCover(viewer, { title: 'New', isIndexable: false }, ATTEMPT)).toBe(true)
  expect(await readBy(ada.username), 'a new title publishes nothing').toEqual(['tea'])

  expect(await publishList(viewer, NONE_HELD, ATTEMPT)).toBe(true)
  expect(await readBy(ada.username), 'nor does publishing what was shown without them').toEqual(['tea'])
  expect(await publishList(viewer, { ...COVER, claims: heldBack.claims }, ATTEMPT)).toBe(true)
  expect((await readBy(ada.username))?.sort()).toEqual(['rain', 'tea', 'trains'])
  expect((await publicationOf(viewer)).heldBack).toEqual({ count: 0, claims: [] })
})

test('what a log-in brings after the form was shown stays held back when that is sent', async () => {
  const ada = await publisher('tea')
  const [first, second] = [await visitor('rain', 'snow'), await visitor('a surprise')]
  const viewer = await asMember((await logIn(ada.username, first.token)).token)
  const shown = (await publicationOf(viewer)).heldBack
  // As many as were shown, but others.
  await removeLike(viewer, await idOf('snow', viewer.userId), NOW)
  await logIn(ada.username, second.token)
  expect((await publicationOf(viewer)).heldBack.count).toBe(shown.count)
  await publishList(viewer, { ...COVER, claims: shown.claims }, ATTEMPT)
  expect((await readBy(ada.username))?.sort()).toEqual(['rain', 'tea'])
  expect((await publicationOf(viewer)).heldBack.count).toBe(1)
})

test('of publishing and a log-in at once, nothing that it brings is read by others', async () => {
  for (let round = 0; round < 10; round++) {
    const ada = await member('tea')
    const guest = await visitor('a surprise')
    await Promise.all([publishList(ada.viewer, NONE_HELD, ATTEMPT), logIn(ada.username, guest.token)])
    expect(await readBy(ada.username)).toEqual(['tea'])
    expect((await publicationOf(ada.viewer)).heldBack.count).toBe(1)
  }
})

test('publishing puts the receipts away, in every session, and their Undo erases nothing any more', async () => {
  const ada = await publisher('tea')
  const guest = await visitor('rain')
  const opened = await logIn(ada.username, guest.token)
  const before = await asMember(opened.token)
  expect(claimReceipt(before, NOW)).toEqual({ count: 1 })
  const other = await visitor('snow')
  const later = await logIn(ada.username, other.token)
  const [claim = ''] = [before.session.data.claim?.id]
  await publishList(ada.viewer, { ...COVER, claims: [claim] }, ATTEMPT)
  expect(claimReceipt(await asMember(opened.token), NOW)).toBe(null)
  expect(claimReceipt(await asMember(later.token), NOW), 'of what is still held back').toEqual({ count: 1 })
  // A page that is behind.
  expect(await undoClaim(before, NOW)).toBe(0)
  expect((await readBy(ada.username))?.sort()).toEqual(['rain', 'tea'])
})

test('a like that is held back stays so when it is removed and put back', async () => {
  const ada = await publisher('tea')
  const guest = await visitor('rain')
  const opened = await logIn(ada.username, guest.token)
  const viewer = await asMember(opened.token)
  await removeLike(viewer, await idOf('rain', viewer.userId), NOW)
  const back = await asMember(opened.token)
  expect(await undoRemove(back, NOW.getTime(), NOW)).toBe(true)
  expect(await readBy(ada.username)).toEqual(['tea'])
  expect((await publicationOf(viewer)).heldBack.count).toBe(1)
})

test('the likes of a sign-up are published with the rest', async () => {
  const guest = await visitor('tea', 'rain')
  const ada = await asMember((await signUp('ada-who-publishes', guest.token)).token)
  const { claims } = (await publicationOf(ada)).heldBack
  await publishList(ada, { ...COVER, claims }, ATTEMPT)
  expect(await readBy(ada.username)).toEqual(['rain', 'tea'])
})

test('a list that the owner of the site took down stays down until they allow it and its member publishes it', async () => {
  const ada = await publisher('tea')
  const { userId } = ada.viewer
  expect(await takeListDown(userId, ATTEMPT)).toBe(true)
  expect(await takeListDown(userId, ATTEMPT)).toBe(false)
  expect(await readBy(ada.username)).toBe(null)
  expect(await publishList(ada.viewer, NONE_HELD, ATTEMPT)).toBe(false)
  expect(await readBy(ada.username)).toBe(null)
  expect(await publicationOf(ada.viewer)).toMatchObject({ isPublished: false, isTakenDown: true })
  expect(await allowList(userId, ATTEMPT)).toBe(true)
  expect(await allowList(userId, ATTEMPT)).toBe(false)
  expect(await readBy(ada.username)).toBe(null)
  expect(await publishList(ada.viewer, NONE_HELD, ATTEMPT)).toBe(true)
  expect(await readBy(ada.username)).toEqual(['tea'])
})

test('a list that was taken back just before is taken down all the same', async () => {
  const ada = await publisher('tea')
  await takeListBack(ada.viewer, ATTEMPT)
  expect(await takeListDown(ada.viewer.userId, ATTEMPT)).toBe(true)
  expect(await publishList(ada.viewer, NONE_HELD, ATTEMPT)).toBe(false)
})

test('of publishing and taking down at once, the page is down in the end', async () => {
  for (let round = 0; round < 10; round++) {
    const ada = round % 2 === 0 ? await publisher('tea') : await member('tea')
    await Promise.all([publishList(ada.viewer, NONE_HELD, ATTEMPT), takeListDown(ada.viewer.userId, ATTEMPT)])
    expect(await readBy(ada.username)).toBe(null)
  }
})

test('a disabled member’s page is gone while it lasts', async () => {
  const ada = await publisher('tea')
  await disableMember(ada.viewer.userId, ATTEMPT)
  expect(await readBy(ada.username)).toBe(null)
  await enableMember(ada.viewer.userId, ATTEMPT)
  expect(await readBy(ada.username)).toEqual(['tea'])
})

test('a deleted member’s page is gone', async () => {
  const ada = await publisher('tea')
  await deleteAccount(ada.viewer, ATTEMPT)
  expect(await readBy(ada.username)).toBe(null)
})

test('a session that has just been ended publishes nothing, changes no title and takes nothing back', async () => {
  const ada = await member('tea')
  await logOut(ada.viewer, ATTEMPT)
  expect(await publishList(ada.viewer, NONE_HELD, ATTEMPT)).toBe(false)
  expect(await readBy(ada.username)).toBe(null)
  const grace = await publisher('rain')
  await logOut(grace.viewer, ATTEMPT)
  expect(await changeCover(grace.viewer, { title: 'Other', isIndexable: true }, ATTEMPT)).toBe(false)
  expect(await takeListBack(grace.viewer, ATTEMPT)).toBe(false)
  expect(await findPublishedList(grace.username)).toMatchObject(COVER)
})

test('a member reads who published, took back, took down and allowed', async () => {
  const ada = await publisher()
  await takeListBack(ada.viewer, ATTEMPT)
  await publishList(ada.viewer, NONE_HELD, ATTEMPT)
  await takeListDown(ada.viewer.userId, ATTEMPT)
  await allowList(ada.viewer.userId, ATTEMPT)
  const activity = await listActivity(ada.viewer)
  expect(
    activity
      .map(({ what }) => what)
      .filter((what) => /list/.test(what))
      .sort(),
  ).toEqual([
    'Published the list',
    'Published the list',
    'The owner of this site allowed the list to be published again',
    'The owner of this site took the published list down',
    'Took the published list back',
  ])
})
