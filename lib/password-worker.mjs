// Runs in a worker thread: a hash of cost 12 takes about 300 ms of CPU, which on the main thread would stop every page.
import { compare, hash } from 'bcryptjs'

/** @param {{ digest: string } & ({ cost: number } | { hash: string })} task */
export default function run(task) {
  return 'cost' in task ? hash(task.digest, task.cost) : compare(task.digest, task.hash)
}
