import { expect, test } from 'vitest'
import { db, transaction } from './db.ts'
import { env } from './env.ts'
import { NOW, thingsOf, visitor } from './testing/people.ts'

test('15.4.1 a write outside a transaction is not undone by another request’s rollback', async () => {
  const { viewer } = await visitor()
  let added: Promise<unknown> | undefined
  const rolledBack = transaction(async (tx) => {
    await tx.session.updateMany({ where: { id: viewer.session.id }, data: { keep: true } })
    added = db().like.create({ data: { thing: 'tea', thingKey: 'tea', createdAt: NOW, sessionId: viewer.session.id } })
    await Promise.race([added, new Promise((resolve) => setImmediate(resolve))])
    throw new Error('rolled back')
  })
  await expect(rolledBack).rejects.toThrow('rolled back')
  await added
  expect(await thingsOf(viewer)).toEqual(['tea'])
})

test('15.4.1 a read never sees what another request has not committed', async () => {
  const { viewer } = await visitor('tea')
  await transaction(async (tx) => {
    await tx.like.deleteMany({ where: { sessionId: viewer.session.id } })
    expect(await thingsOf(viewer)).toEqual(['tea'])
  })
  expect(await thingsOf(viewer)).toEqual([])
})

test.skipIf(env().databaseUrl.startsWith('file:'))(
  '13.2.2 of PostgreSQL nothing is needed but a database of one’s own',
  async () => {
    const [role] = await db().$queryRaw<object[]>`
      SELECT rolsuper, rolcreaterole, rolreplication, rolbypassrls, datdba = pg_roles.oid AS "isOwner"
      FROM pg_roles JOIN pg_database ON datname = current_database() WHERE rolname = current_user`
    const none = { rolsuper: false, rolcreaterole: false, rolreplication: false, rolbypassrls: false }
    expect(role).toEqual({ ...none, isOwner: true })
  },
)

test.skipIf(env().databaseUrl.startsWith('file:'))(
  'a connection that is cut before the commit is told in words',
  async () => {
    const { viewer } = await visitor()
    const cut = transaction(async (tx) => {
      await tx.session.updateMany({ where: { id: viewer.session.id }, data: { keep: false } })
      const [own] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
      await db().$queryRaw`SELECT pg_terminate_backend(${own?.pid}, 5000)`
    })
    await expect(cut).rejects.toThrow(/cannot reach our database/)
    expect(await db().session.count({ where: { id: viewer.session.id, keep: true } })).toBe(1)
  },
)
