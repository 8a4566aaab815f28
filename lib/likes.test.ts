import { expect, test } from 'vitest'
import { db } from './db.ts'
import { keyOf, like, listLikes, removeLike, undoableLike, undoRemove } from './likes.ts'
import { findSession } from './session-store.ts'
import { later, MINUTE, member, NOW, thingsOf, visitor } from './testing/people.ts'
import type { Keeper } from './viewer.ts'

async function idOf(keeper: Keeper, thing: string) {
  const { likes } = await listLikes(keeper, null)
  return likes.find((row) => row.thing === thing)?.id ?? ''
}

async function reload(token: string, now = NOW) {
  const viewer = await findSession(token, now)
  if (!viewer) throw new Error('gone')
  return viewer
}

test('liking what is liked already, in any case, changes nothing and is not an error', async () => {
  const { viewer } = await visitor('Straße')
  for (const thing of ['Straße', 'STRASSE', 'strasse']) expect(await like(viewer, thing, NOW)).toBe('already')
  expect(await thingsOf(viewer)).toEqual(['Straße'])
  expect(keyOf('ΣΟΦΟΣ')).toBe(keyOf('σοφος'))
})

test('2.3.4 50 parallel likes of one thing make one row', async () => {
  const { viewer } = await visitor()
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => like(viewer, 'tea', NOW)))
  expect(outcomes.filter((outcome) => outcome === 'liked').length).toBe(1)
  expect(await thingsOf(viewer)).toEqual(['tea'])
})

test('pages of 50, newest first, whose cursor survives the removal of its row', async () => {
  const { viewer } = await visitor(...Array.from({ length: 120 }, (_, i) => `thing ${i + 1}`))
  const first = await listLikes(viewer, null)
  expect(first.likes.length).toBe(50)
  expect(first.likes[0]?.thing).toBe('thing 120')
  expect(first.count).toBe(120)
  await removeLike(viewer, first.likes.at(-1)?.id ?? '', NOW)
  const second = await listLikes(viewer, first.next)
  expect(second.likes.map((row) => row.thing)).toEqual(Array.from({ length: 50 }, (_, i) => `thing ${70 - i}`))
  const third = await listLikes(viewer, second.next)
  expect(third.likes.length).toBe(20)
  expect(third.next).toBeNull()
})

test('a page from which everything has gone shows the first one', async () => {
  const { viewer } = await visitor(...Array.from({ length: 51 }, (_, i) => `thing ${i + 1}`))
  const { next } = await listLikes(viewer, null)
  await removeLike(viewer, await idOfLast(viewer, next), NOW)
  const page = await listLikes(viewer, next)
  expect(page.likes.length).toBe(50)
  expect(page.count).toBe(50)
})

async function idOfLast(viewer: Keeper, cursor: string | null) {
  return (await listLikes(viewer, cursor)).likes.at(-1)?.id ?? ''
}

test('a cursor that means nothing shows the first page', async () => {
  const { viewer } = await visitor('tea', 'rain')
  for (const cursor of [
    '',
    'x',
    '1.2',
    `1.${'-'.repeat(36)}x`,
    "' OR 1=1",
    '99999999999999999.x',
    `999999999999999.${'a'.repeat(36)}`,
  ]) {
    expect((await listLikes(viewer, cursor)).likes.length, cursor).toBe(2)
  }
})

test('the count is exact to 1,000 and says "more" beyond', async () => {
  const { viewer } = await visitor()
  const rows = Array.from({ length: 1001 }, (_, i) => ({ thing: `t${i}`, thingKey: `t${i}`, createdAt: NOW }))
  await db().like.createMany({ data: rows.map((row) => ({ ...row, sessionId: viewer.session.id })) })
  expect(await listLikes(viewer, null)).toMatchObject({ count: 1000, hasMore: true })
})

test('remove, then Undo, puts it back in its place', async () => {
  const { token, viewer } = await visitor('tea', 'rain', 'trains')
  expect(await removeLike(viewer, await idOf(viewer, 'rain'), NOW)).toBe(true)
  const after = await reload(token)
  expect(undoableLike(after, NOW)).toEqual({ thing: 'rain', at: NOW.getTime() })
  expect(await undoRemove(after, NOW.getTime(), NOW)).toBe(true)
  expect(await thingsOf(viewer)).toEqual(['trains', 'rain', 'tea'])
  expect(undoableLike(await reload(token), NOW)).toBeNull()
})

test('Undo is offered for ten minutes, or until the next like', async () => {
  const { token, viewer } = await visitor('tea', 'rain')
  await removeLike(viewer, await idOf(viewer, 'rain'), NOW)
  const after = await reload(token)
  expect(undoableLike(after, later(10 * MINUTE - 1))).not.toBeNull()
  expect(await undoRemove(after, NOW.getTime(), later(10 * MINUTE))).toBe(false)
  await like(after, 'trains', later(MINUTE))
  expect(undoableLike(await reload(token), later(MINUTE))).toBeNull()
})

test('Undo on a page that is behind does not bring back another thing', async () => {
  const { token, viewer } = await visitor('tea', 'rain')
  await removeLike(viewer, await idOf(viewer, 'tea'), NOW)
  await removeLike(viewer, await idOf(viewer, 'rain'), later(MINUTE))
  expect(await undoRemove(await reload(token), NOW.getTime(), later(2 * MINUTE))).toBe(false)
  expect(await thingsOf(viewer)).toEqual([])
  expect(await undoRemove(await reload(token), later(MINUTE).getTime(), later(2 * MINUTE))).toBe(true)
  expect(await thingsOf(viewer)).toEqual(['rain'])
})

test('Undo of what was liked again meanwhile leaves one row', async () => {
  const ada = await member('tea')
  await removeLike(ada.viewer, await idOf(ada.viewer, 'tea'), NOW)
  const after = await reload(ada.token)
  // Another device, whose session remembers nothing of it.
  await like(ada.viewer, 'Tea', NOW)
  expect(await undoRemove(after, NOW.getTime(), NOW)).toBe(true)
  expect(await thingsOf(ada.viewer)).toEqual(['Tea'])
  expect(undoableLike(await reload(ada.token), NOW)).toBeNull()
})

test('8.2.2 nobody reaches another’s like by its id', async () => {
  const ada = await member('tea')
  const guest = await visitor('rain')
  const grace = await member()
  const tea = await idOf(ada.viewer, 'tea')
  const rain = await idOf(guest.viewer, 'rain')
  for (const viewer of [guest.viewer, grace.viewer]) expect(await removeLike(viewer, tea, NOW)).toBe(false)
  for (const viewer of [ada.viewer, grace.viewer]) expect(await removeLike(viewer, rain, NOW)).toBe(false)
  expect(await removeLike(ada.viewer, 'no such id', NOW)).toBe(false)
  expect(await thingsOf(ada.viewer)).toEqual(['tea'])
  expect(await thingsOf(guest.viewer)).toEqual(['rain'])
})

test('a like whose session has ended is refused, not lost in a row of nobody', async () => {
  const { viewer } = await visitor()
  await db().session.delete({ where: { id: viewer.session.id } })
  expect(await like(viewer, 'tea', NOW)).toBe('gone')
  expect(await db().like.count({ where: { thing: 'tea', sessionId: viewer.session.id } })).toBe(0)
})

test('an undefined filter is refused instead of meaning everybody', async () => {
  await visitor('tea')
  const where = { sessionId: undefined as unknown as string }
  await expect(db().like.deleteMany({ where })).rejects.toThrow(/undefined/)
})

test('part of a thing finds it in any case, and stands for nothing but itself', async () => {
  const { viewer } = await visitor('Straße', '100%', 'under_score', 'undertow', 'wow!', 'Äpfel', 'Μουσική')
  const found = async (q: string) => (await listLikes(viewer, null, { q })).likes.map((row) => row.thing)
  expect(await found('STRASSE')).toEqual(['Straße'])
  expect(await found(' a\u0308PF ')).toEqual(['Äpfel'])
  expect(await found('%')).toEqual(['100%'])
  expect(await found('r_s')).toEqual(['under_score'])
  expect(await found('w!')).toEqual(['wow!'])
  expect(await found("' OR 1=1 --")).toEqual([])
  expect(await found('ΜΟΥΣ')).toEqual(['Μουσική'])
  expect(await listLikes(viewer, null, { q: 'under' })).toMatchObject({ count: 2, hasMore: false })
})

test('nothing of another’s is found', async () => {
  await visitor('Tea')
  const { viewer } = await visitor('Rain')
  expect(await listLikes(viewer, null, { q: 'e' })).toMatchObject({ likes: [], count: 0 })
  expect(await listLikes(viewer, 'a', { sort: 'a-z' })).toMatchObject({ likes: [{ thing: 'Rain' }], count: 1 })
})

test('pages from A to Z have each thing once, whatever is removed meanwhile', async () => {
  const number = (i: number) => String(i).padStart(3, '0')
  const { viewer } = await visitor(...Array.from({ length: 120 }, (_, i) => `Thing ${number((i * 7) % 120)}`))
  const first = await listLikes(viewer, null, { sort: 'a-z' })
  await removeLike(viewer, first.likes.at(-1)?.id ?? '', NOW)
  const second = await listLikes(viewer, first.next, { sort: 'a-z' })
  const third = await listLikes(viewer, second.next, { sort: 'a-z' })
  const seen = [first, second, third].flatMap(({ likes }) => likes.map((row) => row.thing))
  expect(seen).toEqual(Array.from({ length: 120 }, (_, i) => `Thing ${number(i)}`))
  expect(third.next).toBeNull()
})

test('several things are liked together, the first of them on top, or none of them', async () => {
  const { viewer } = await visitor('Rain')
  expect(await like(viewer, ['Tea', 'rain', 'Snow'], NOW)).toBe('liked')
  expect((await listLikes(viewer, null)).likes.map((row) => row.thing)).toEqual(['Tea', 'Snow', 'Rain'])
  expect(await like(viewer, ['tea', 'snow'], NOW)).toBe('already')
  const countIt = () => Promise.reject(new Error('too often'))
  await expect(like(viewer, ['Frost', 'Thaw'], NOW, countIt)).rejects.toThrow('too often')
  expect((await listLikes(viewer, null)).count).toBe(3)
})
