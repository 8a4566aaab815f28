import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { audit } from './audit'
import { Journal } from './journal'
import { Person } from './person'
import { everybody, FOLDER, open, report } from './sites'

const disk = join(FOLDER, 'disk')
const mayMount = mount()

test.skipIf(!mayMount)(
  'a full disk: writes are refused in words, nothing acknowledged is lost, and freed space is enough to go on',
  async () => {
    onTestFinished(() => void execFileSync('umount', ['--lazy', disk]))
    const began = performance.now()
    const journal = new Journal()
    const site = await open({ DATABASE_URL: `file:${disk}/likes.db` })
    const people = Array.from({ length: 6 }, () => new Person(journal, () => site.url))
    await everybody(people, () => journal.acknowledged < 100)
    await audit(journal, people, site.database)

    fill()
    const before = journal.refused
    await everybody(people, () => journal.refused < before + 50)
    for (const person of people) {
      for (const device of person.devices) expect(await person.look(device)).not.toBeNull()
    }
    await audit(journal, people, site.database)
    expect([...journal.words.keys()].join()).toContain('We cannot save anything just now')

    rmSync(join(disk, 'ballast'))
    const acknowledged = journal.acknowledged
    await everybody(people, () => journal.acknowledged < acknowledged + 100)
    await audit(journal, people, site.database)
    await site.stop()
    report('a full disk', journal, began)
  },
)

/** @returns whether a small disk of our own can be had here: as root, and not in every container. */
function mount() {
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

/** To the last byte. */
function fill() {
  const file = openSync(join(disk, 'ballast'), 'w')
  for (let size = 1 << 20; size >= 1; ) {
    try {
      if (writeSync(file, Buffer.alloc(size)) < size) size = size >> 1
    } catch {
      size = size >> 1
    }
  }
  closeSync(file)
}
