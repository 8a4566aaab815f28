import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../lib/testing/postgres.mjs'
import { audit } from './audit'
import { Journal } from './journal'
import { Person } from './person'
import { seed } from './seed'
import { anyOf, everybody, newFile, open, report } from './sites'

const MINUTE = 60_000

test(
  'a site of 100,000 members and a million likes moves to PostgreSQL while people use it, and one of its two instances there is killed: nothing acknowledged is lost',
  async () => {
    const postgres = await startPostgres()
    onTestFinished(postgres.stop)
    const began = performance.now()
    const file = newFile()
    const journal = new Journal()
    let door = () => ''
    const people = Array.from({ length: 20 }, () => new Person(journal, () => door()))

    await (await open({ DATABASE_URL: file })).stop()
    const size = await timed('Seeded', () => seed(file.replace('file:', ''), people))
    const megabytes = Math.round(statSync(file.replace('file:', '')).size / 1e6)
    say(`${size.members} members with ${size.likes} likes are in a file of ${megabytes} MB; 20 of them are at it.`)
    const old = await open({ DATABASE_URL: file })
    door = anyOf([old])
    await everybody(people, () => journal.acknowledged < 200)
    await audit(journal, people, old.database)
    say(`${journal.acknowledged} writes were acknowledged before the move.`)

    let isMoved = false
    const writers = everybody(people, () => !isMoved)
    const said = await timed('Moved', () => moveTo(postgres.url, file))
    say(said.trim())
    const during = journal.acknowledged
    isMoved = true
    await writers
    await audit(journal, people, old.database)
    expect(journal.acknowledged).toBe(during)
    say(`${during} were acknowledged until the file was sealed; ${journal.refused} were refused.`)
    await old.stop()

    const one = await open({ DATABASE_URL: postgres.url })
    const two = await open({ DATABASE_URL: postgres.url })
    await timed('Audited', () => audit(journal, people, one.database))
    for (const [table, count] of [
      ['User', size.members],
      ['Like', size.likes],
    ] as const) {
      const [row] = await one.database.rows(`SELECT count(*) AS count FROM "${table}"`)
      expect(Number(row?.count)).toBeGreaterThanOrEqual(count - 200)
    }

    door = anyOf([one, two])
    const enough = journal.acknowledged + 300
    await everybody(people, () => journal.acknowledged < enough)
    // In the middle of what they are doing; whoever was asking it does not know what became of that.
    await Promise.all([everybody(people, () => journal.acknowledged < enough + 100), one.stop('SIGKILL')])
    await audit(journal, people, two.database)
    door = anyOf([two])
    await everybody(people, () => journal.acknowledged < enough + 300)
    await audit(journal, people, two.database)
    say(`${journal.acknowledged} were acknowledged in all; ${journal.unanswered} were cut off by the kill.`)
    report('a large site moved, one instance killed', journal, began)
  },
  10 * MINUTE,
)

async function moveTo(url: string, file: string): Promise<string> {
  const command = spawn(process.execPath, ['cli/likes.mjs', 'migrate-to', url], {
    env: { ...process.env, DATABASE_URL: file },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [command.stdout, command.stderr]) stream.on('data', (piece) => (output += piece))
  const [code] = await once(command, 'close')
  if (code !== 0) throw new Error(`migrate-to failed: ${output}`)
  return output
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const result = await work()
  say(`${what} in ${((performance.now() - began) / 1000).toFixed(1)} s.`)
  return result
}

function say(text: string) {
  console.log(text)
}
