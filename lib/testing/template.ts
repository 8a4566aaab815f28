/** Migrates one empty database before the tests of a project; each file of tests works on a copy. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the migrated, empty database is. */
    template: string
  }
}

export default async function setUp(project: TestProject) {
  const { url, stop } = project.name === 'postgresql' ? await startPostgres() : sqliteFile()
  execFileSync(process.execPath, ['node_modules/prisma/build/index.js', 'migrate', 'deploy'], {
    env: { ...process.env, DATABASE_URL: url, CHECKPOINT_DISABLE: '1' },
    stdio: 'pipe',
  })
  project.provide('template', url)
  return stop
}

function sqliteFile() {
  const folder = mkdtempSync(join(tmpdir(), 'likes-sqlite-'))
  return { url: `file:${join(folder, 'template.db')}`, stop: () => rmSync(folder, { recursive: true }) }
}
