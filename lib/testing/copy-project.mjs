/** A copy of this project to change and to build, with everything that it needs and nothing that git ignores. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Call it in the project's folder, with the clients generated. @param {string} to A folder; made when it is not there. */
export function copyProject(to) {
  mkdirSync(to, { recursive: true })
  // PostgreSQL runs as a user of its own, who must find it there.
  chmodSync(to, 0o755)
  const { stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  for (const path of [...stdout.split('\n').filter(existsSync), 'generated']) {
    mkdirSync(dirname(join(to, path)), { recursive: true })
    cpSync(path, join(to, path), { recursive: true })
  }
  linkModules(to)
}

/** Gives a folder this project's packages. */
export function linkModules(to) {
  // Linked file by file, since Next builds nothing from a folder that is itself a link; where that cannot be, copied.
  const linked = spawnSync('cp', ['-al', 'node_modules', join(to, 'node_modules')])
  if (linked.status !== 0) cpSync('node_modules', join(to, 'node_modules'), { recursive: true })
}
