/** Programs that the system has, or not. */
import { spawn, spawnSync } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER, reportSkipped } from './findings'

/** Whether this program is here; says so in the table when it is not. */
export function isInstalled(name: string): boolean {
  const { status } = spawnSync('sh', ['-c', `command -v ${name}`])
  if (status !== 0) reportSkipped(name)
  return status === 0
}

/** Runs a program to its end; what it says is in a file of the probe's folder. @returns its exit code. */
export async function run(name: string, args: string[], log: string): Promise<number | null> {
  const output = openSync(join(FOLDER, log), 'a')
  const child = spawn(name, args, { stdio: ['ignore', output, output], env: { ...process.env, HOME: FOLDER } })
  return new Promise((resolve) => child.on('close', resolve))
}
