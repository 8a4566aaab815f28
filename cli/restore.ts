/** `restore FILE`: puts a backup in the place of what is there, all or nothing. See docs/decisions/0019. */
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { env } from '../lib/env.ts'
import { migrate, migrationsAt } from '../prepare.mjs'
import { copyFile, inRows, save } from './backup.ts'
import { type Counts, clear, copy } from './copy.ts'
import { type Result, table } from './output.ts'
import { connected, lockTables, postgresSide } from './postgres.ts'
import { type Ended, settle } from './settle.ts'
import { actsByItself, fileOf, openFile, requireWhole, sqliteSide, undress, unseal } from './sqlite.ts'

/** @throws Error saying why nothing was restored. */
export async function run({ file }: { file: string }, folder: string): Promise<Result> {
  const { databaseUrl } = env()
  const place = databaseUrl.startsWith('file:') ? dirname(resolve(fileOf(databaseUrl))) : resolve('data')
  mkdirSync(place, { recursive: true })
  const moment = new Date().toISOString().replace(/\W/g, '')
  const [work, before] = [join(place, `restoring-${moment}.db`), join(place, `before-restore-${moment}.db`)]
  try {
    await takeIn(resolve(folder, file), work)
    return said(before, await (databaseUrl.startsWith('file:') ? ontoFile : ontoServer)(databaseUrl, work, before))
  } finally {
    for (const left of [work, `${work}-journal`]) rmSync(left, { force: true })
  }
}

/** Makes a copy of the backup to work on: checked, and of this version. */
async function takeIn(file: string, work: string) {
  closeSync(openSync(work, 'wx', 0o600))
  try {
    const backup = openFile(file)
    try {
      requireWhole(backup, 'it')
    } finally {
      backup.close()
    }
    copyFile(file, work)
  } catch (error) {
    throw new Error(`${file} cannot be restored: ${(error as Error).message}`, { cause: error })
  }
  const notOurs = `${file} is not a backup of Likes, so nothing was restored`
  if (!takeSealOff(work)) throw new Error(notOurs)
  const { missing, unknown, known } = await migrationsAt(`file:${work}`)
  if (known.length === 0) throw new Error(notOurs)
  if (unknown.length > 0) throw new Error(`${file} was made by a newer version of Likes, so nothing was restored`)
  if (missing.length > 0) await migrate(`file:${work}`, console.error)
}

/** @returns false when something else is in it that would run while the file is made ready. */
function takeSealOff(work: string) {
  const copied = openFile(work)
  try {
    unseal(copied)
    return !actsByItself(copied)
  } finally {
    copied.close()
  }
}

type Restored = { rows: Counts; ended: Ended }

/** The file is locked from before its own backup until the end: nothing is acknowledged in between that would be gone. */
async function ontoFile(url: string, work: string, before: string): Promise<Restored> {
  const live = openFile(fileOf(url))
  try {
    // Checked as a whole at the end; one by one, deleting would go through every row's children.
    live.exec('PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE')
    await save(before)
    unseal(live)
    const dress = undress(live)
    const restored = await replace(work, before, sqliteSide(live))
    dress()
    requireWhole(live, 'What was restored')
    live.exec('COMMIT')
    // What was replaced is no longer in the log either.
    live.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return restored
  } finally {
    live.close()
  }
}

function ontoServer(url: string, work: string, before: string): Promise<Restored> {
  return connected(url, async (client) => {
    await client.query('BEGIN')
    await lockTables(client)
    await save(before, client)
    const restored = await replace(work, before, postgresSide(client))
    await client.query('COMMIT')
    return restored
  })
}

async function replace(work: string, before: string, live: ReturnType<typeof sqliteSide>): Promise<Restored> {
  const source = openFile(work)
  try {
    const ended = settle(source, before)
    await clear(live)
    return { rows: await copy(sqliteSide(source), live), ended }
  } finally {
    source.close()
  }
}

function said(before: string, { rows, ended }: Restored): Result {
  const { memberSessions, visitorSessions, messages, lists, members, addresses } = ended
  const text = [
    table({ table: 'Table', rows: 'Rows' }, inRows(rows)),
    '',
    'Restored: each table was read back and is the same.',
    `What was there before is in ${before}. Delete it when you are sure.`,
    `Left out: ${memberSessions} sessions of members and ${visitorSessions} of visitors, whose browsers begin anew.`,
    `Not sent again: ${messages} messages that were on their way.`,
    `Taken back: ${lists} published lists, for their members to look at before they publish them again.`,
    `Came back: ${members} members and ${addresses} addresses of the mailing list that were not there any more.`,
    'Passwords and recovery e-mails are those of the backup.',
  ].join('\n')
  return { data: { rows, before, ended }, text }
}
