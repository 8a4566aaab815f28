/**
 * Lays the floor in a copy of the project: a second home page at /floor, of the same markup in the same build, that reads
 * the cookie and no database. It is made of the home page's own files, so that the two cannot grow apart.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PARTS = { 'page.tsx': '', 'like-list.tsx': '', 'adding.ts': 'ui/', 'actions.ts': '', 'page-frame.tsx': 'ui/' }
/** What stands here in place of what asks the database. */
const STUBS = ['session', 'likes', 'throttle']

/** @param {string} project The folder of the copy. */
export function layFloor(project) {
  const floor = join(project, 'app', 'floor')
  mkdirSync(floor, { recursive: true })
  for (const stub of STUBS) copyFileSync(join(import.meta.dirname, `${stub}.ts`), join(floor, `${stub}.ts`))
  for (const [part, folder] of Object.entries(PARTS)) {
    const text = readFileSync(join(project, 'app', folder, part), 'utf8')
    writeFileSync(
      join(floor, part),
      text.replace(/(from ')([.#][^']+)'/g, (_, from, name) => `${from}${moved(name, folder)}'`),
    )
  }
}

/** Where the module that a file of `app/<folder>` calls `name` is, seen from the floor. */
function moved(name, folder) {
  const stub = name.replace(/^#lib\//, '')
  if (STUBS.includes(stub)) return `./${stub}`
  if (name.startsWith('#')) return name
  const path = join(folder, name)
  const part = path.replace(/^ui\/(?=(page-frame|adding)$)/, '')
  return Object.keys(PARTS).some((file) => file.replace(/\.tsx?$/, '') === part) ? `./${part}` : `../${path}`
}
