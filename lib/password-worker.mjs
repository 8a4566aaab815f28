// Runs in a worker thread: a hash of cost 12 takes about 300 ms of CPU, which on the main thread would stop every page.
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import { compare, hash } from 'bcryptjs'

try {
  // Where a core is scarce, a page goes before a hash. Linux alone has priorities of single threads.
  setPriority(Number(basename(readlinkSync('/proc/thread-self'))), 10)
} catch {}

/** @param {{ digest: string } & ({ cost: number } | { hash: string })} task */
export default function run(task) {
  return 'cost' in task ? hash(task.digest, task.cost) : compare(task.digest, task.hash)
}
