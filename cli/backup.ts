/** `backup FILE`: everything in one SQLite file, whichever database the site is on. See docs/decisions/0019. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type pg from 'pg'
import { env } from '../lib/env.ts'
import { migrate } from '../prepare.mjs'
import { type Counts, copy, countsOf } from './copy.ts'
import { type Result, table } from './output.ts'
import { connected, postgresSide } from './postgres.ts'
import { fileOf, openFile, requireWhole, sqliteSide, unseal } from './sqlite.ts'

/** @throws Error when there is such a file already, or the backup is not whole; there is no file then. */
export async function run({ file }: { file: string }, folder: string): Promise<Result> {
  const path = resolve(folder, file)
  const { rows, bytes } = await save(path)
  const text = [
    table({ table: 'Table', rows: 'Rows' }, inRows(rows)),
    '',
    `Saved in ${path}, ${bytes.toLocaleString('en')} bytes, and read back.`,
    'Keep it safe: it holds the hashes of passwords, and e-mail addresses. Keep PASSWORD_PEPPER safe elsewhere: it is not',
    'in it, and without it nobody can log in who had one.',
  ].join('\n')
  return { data: { file: path, bytes, rows }, text }
}

/** Counts as a table shows them. */
export function inRows(counts: Counts) {
  return Object.entries(counts).map(([name, rows]) => ({ table: name, rows }))
}

/**
 * Writes everything that is committed at one moment into a new file, while the site goes on.
 * @param server The transaction to read in, where one is open.
 */
export async function save(path: string, server?: pg.Client): Promise<{ rows: Counts; bytes: number }> {
  const partial = `${path}.partial`
  for (const taken of [path, partial]) {
    if (existsSync(taken)) throw new Error(`${taken} is there already, so nothing was written`)
  }
  // For nobody else to read, from the first byte.
  closeSync(openSync(partial, 'wx', 0o600))
  try {
    const { databaseUrl } = env()
    const rows = await (databaseUrl.startsWith('file:') ? saveFile(partial) : saveServer(databaseUrl, partial, server))
    const { size } = statSync(partial)
    sync(partial)
    renameSync(partial, path)
    sync(dirname(path))
    return { rows, bytes: size }
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

async function saveFile(partial: string): Promise<Counts> {
  copyFile(fileOf(env().databaseUrl), partial)
  return check(partial)
}

/** One statement sees one moment. Unlike a copy of its pages, this takes nothing along that was erased. */
export function copyFile(from: string, to: string): void {
  const source = openFile(from)
  try {
    source.prepare('VACUUM INTO ?').run(to)
  } finally {
    source.close()
  }
}

/** A backup of a file that has moved is one like any other: what is restored from it can be changed. */
async function check(partial: string): Promise<Counts> {
  const file = openFile(partial)
  try {
    unseal(file)
    requireWhole(file)
    return await countsOf(sqliteSide(file))
  } finally {
    file.close()
  }
}

async function saveServer(url: string, partial: string, server?: pg.Client): Promise<Counts> {
  await migrate(`file:${partial}`, () => {})
  if (server) return fill(partial, server)
  return connected(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return fill(partial, client)
  })
}

async function fill(partial: string, server: pg.Client): Promise<Counts> {
  const file = openFile(partial)
  try {
    // It is synced as a whole when it is complete.
    file.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN')
    const rows = await copy(postgresSide(server), sqliteSide(file))
    file.exec('COMMIT')
    requireWhole(file)
    return rows
  } finally {
    file.close()
  }
}

function sync(path: string) {
  const opened = openSync(path, 'r')
  fsyncSync(opened)
  closeSync(opened)
}
