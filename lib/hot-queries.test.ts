/** The raw queries of a page and of a like, by an index each, whatever the tables hold. */
import SqliteFile from 'better-sqlite3'
import { Client } from 'pg'
import { beforeEach, expect, test, vi } from 'vitest'
import { db } from './db.ts'
import { like, listLikes } from './likes.ts'
import { findSession } from './session-store.ts'
import { ATTEMPT, member, NOW, visitor } from './testing/people.ts'
import { countTry } from './throttle.ts'

const prepared = vi.spyOn(SqliteFile.prototype, 'prepare')
const queried = vi.spyOn(Client.prototype, 'query')

// The first statement of a connection brings others.
beforeEach(() => db().$queryRaw`SELECT 1`)

/** What the driver was asked since the test began. */
function asked() {
  const texts = [...prepared.mock.calls, ...queried.mock.calls].map(([query]) => query as string | { text: string })
  return texts.map((query) => (typeof query === 'string' ? query : query.text).trim())
}

async function planOf(sql: string) {
  const isFile = process.env.DATABASE_URL?.startsWith('file:')
  if (!isFile) {
    return db().$transaction(async (tx) => {
      // Of a table with three rows the whole is quicker to read, and that says nothing of one with a million.
      await tx.$executeRaw`SET LOCAL enable_seqscan = off`
      const steps = await tx.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(`EXPLAIN (GENERIC_PLAN, COSTS OFF) ${sql}`)
      return steps.map((step) => step['QUERY PLAN']).join('; ')
    })
  }
  const values = (sql.match(/\?/g) ?? []).map(() => null)
  const steps = await db().$queryRawUnsafe<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, ...values)
  return steps.map(({ detail }) => detail).join('; ')
}

const WHOLE_TABLE = /SCAN (s|u|Session|User|Like)\b|Seq Scan/

test('who is there and a page of their likes are one read each, by an index', async () => {
  const things = Array.from({ length: 60 }, (_, i) => `thing ${i}`)
  for (const { token, viewer } of [await member(...things), await visitor(...things)]) {
    const { next } = await listLikes(viewer, null)
    for (const ask of [
      () => findSession(token, NOW),
      () => listLikes(viewer, null),
      () => listLikes(viewer, next),
      () => listLikes(viewer, null, { sort: 'a-z' }),
      () => listLikes(viewer, 'thing 10', { sort: 'a-z' }),
      () => listLikes(viewer, null, { q: 'thing 1' }),
      // A token that nobody has costs no more.
      () => findSession(token.replace(/.{3}/, 'AAA'), NOW),
    ]) {
      prepared.mockClear()
      queried.mockClear()
      await ask()
      const [sql = '', ...more] = asked()
      expect(more).toEqual([])
      expect(sql).toMatch(/^SELECT/)
      const plan = await planOf(sql)
      expect(plan).toMatch(/index/i)
      expect(plan).not.toMatch(WHOLE_TABLE)
    }
  }
})

test('a like is one transaction: its try is counted, it is added, and no more', async () => {
  const { viewer } = await member()
  const countIt = (tx: Parameters<typeof countTry>[2]) => countTry('likeByAddress', ATTEMPT, tx)
  for (const thing of ['tea', 'rain']) {
    prepared.mockClear()
    queried.mockClear()
    expect(await like(viewer, thing, NOW, countIt)).toBe('liked')
    expect(asked().map((sql) => /^\w+( INTO "\w+")?/.exec(sql)?.[0])).toEqual([
      'BEGIN',
      'INSERT INTO "Throttle"',
      'INSERT INTO "Like"',
      'COMMIT',
    ])
  }
})

test('what is liked already counts as a try, since it costs as much', async () => {
  const { viewer } = await member('tea')
  const attempt = { ...ATTEMPT, client: { ...ATTEMPT.client, address: '192.0.2.77' } }
  const countIt = (tx: Parameters<typeof countTry>[2]) => countTry('likeByAddress', attempt, tx)
  for (let i = 0; i < 60; i++) expect(await like(viewer, 'TEA', NOW, countIt)).toBe('already')
  await expect(like(viewer, 'rain', NOW, countIt)).rejects.toThrow('too often')
  expect((await listLikes(viewer, null)).count).toBe(1)
})
