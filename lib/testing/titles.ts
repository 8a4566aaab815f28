/** The titles of the tests that `npm test` runs, as they stand in their files. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTitle } from '../../docs/asvs.mjs'

export function titlesOfTests(): { ids: string[]; fact: string }[] {
  return ['.', 'lib', 'cli', 'docs', 'e2e', 'e2e/requests'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.(test|spec)\.ts$/.test(name))
      .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/^(?:test\b.*?\(| {2})'(.+?)',/gm)])
      .map(([, title = '']) => readTitle(title)),
  )
}
