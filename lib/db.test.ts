import { expect, test } from 'vitest'
import { db, transaction } from './db.ts'
import { NOW, thingsOf, visitor } from './testing/people.ts'

test('a write outside a transaction is not undone by another request’s rollback', async () => {
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

test('a read never sees what another request has not committed', async () => {
  const { viewer } = await visitor('tea')
  await transaction(async (tx) => {
    await tx.like.deleteMany({ where: { sessionId: viewer.session.id } })
    expect(await thingsOf(viewer)).toEqual(['tea'])
  })
  expect(await thingsOf(viewer)).toEqual([])
})
