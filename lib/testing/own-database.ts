/** Gives a file of tests its own copy of the migrated database, and closes it with the password workers afterwards. */
import { copyFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { closeDatabase } from '../db.ts'
import { closeWorkers } from '../password.ts'

const template = inject('template')
const name = `of_${process.pid}_${Date.now()}`
process.env.LOG_LEVEL = 'silent'
process.env.DATABASE_URL = template.startsWith('file:') ? copyFile() : await copyDatabase()

afterAll(async () => {
  await closeDatabase()
  await closeWorkers()
})

function copyFile() {
  copyFileSync(template.slice('file:'.length), `${template.slice('file:'.length)}.${name}`)
  return `${template}.${name}`
}

async function copyDatabase() {
  const at = (database: string) => Object.assign(new URL(template), { pathname: database }).href
  const client = new pg.Client(at('postgres'))
  await client.connect()
  await client.query(`CREATE DATABASE "${name}" TEMPLATE likes`)
  await client.end()
  return at(name)
}
