/** A command as an operator types it: a process of its own, on the database of this test. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** @param options.env What the environment says beside what it says here. */
export function likes(
  args: string[],
  { input, cwd = process.cwd(), env }: { input?: string; cwd?: string; env?: Record<string, string> } = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const script = join(process.cwd(), 'cli/likes.mjs')
  const child = spawn(process.execPath, [script, ...args], { cwd, env: { ...process.env, ...env } })
  child.stdin.end(input)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}
