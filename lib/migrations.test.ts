/** The migrations, of either database, make what the models say. */
import { execFileSync } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { expect, test } from 'vitest'
import { db } from './db.ts'
import { env } from './env.ts'
import { member, NOW, visitor } from './testing/people.ts'

const provider = env().databaseUrl.startsWith('file:') ? 'sqlite' : 'postgresql'

test('the migrations make the schema', () => {
  const folder = `prisma/${provider}`
  const args = ['migrate', 'diff', '--from-migrations', `${folder}/migrations`, '--to-schema', folder, '--exit-code']
  const run = () =>
    execFileSync(process.execPath, ['node_modules/prisma/build/index.js', ...args], { stdio: 'pipe', encoding: 'utf8' })
  expect(run()).toMatch(/No difference|empty migration/i)
})

test('both databases are made from one file of models', () => {
  expect(realpathSync(`prisma/${provider}/models.prisma`)).toBe(realpathSync('prisma/models.prisma'))
  const other = provider === 'sqlite' ? 'postgresql' : 'sqlite'
  const [mine, theirs] = [provider, other].map((name) =>
    readFileSync(`prisma/${name}/schema.prisma`, 'utf8').replaceAll(name, '<provider>'),
  )
  expect(mine).toBe(theirs)
})

test('the database refuses a like with no owner, and one with two', async () => {
  const ada = await member()
  const guest = await visitor()
  const row = { thing: 'tea', thingKey: 'tea', createdAt: NOW }
  const owners = { userId: ada.viewer.userId, sessionId: guest.viewer.session.id }
  await expect(db().like.create({ data: row })).rejects.toThrow(/Like_one_owner/)
  await expect(db().like.create({ data: { ...row, ...owners } })).rejects.toThrow(/Like_one_owner/)
})
