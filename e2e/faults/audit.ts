/** Compares what people were told with what is in the database. */
import type { Database } from '../database'
import type { Fates, Journal } from './journal'
import { type Device, hashOf, type Person } from './person'

type Row = { thing: string; owner: string }
type Stored = { users: Map<string, string>; sessions: Map<string, { id: string; userId: string | null }>; likes: Row[] }

/**
 * Looks for every acknowledged write, and for what is half, double or nobody's. What was not acknowledged may have
 * happened or not; from now on the people know which.
 * @throws Error that names what is wrong.
 */
export async function audit(journal: Journal, people: Person[], database: Database): Promise<void> {
  const stored = await readAll(database)
  const problems: string[] = []
  const known = new Set<string>()
  journal.found = 0
  journal.lost = 0
  for (const person of people) {
    for (const device of person.devices) settle(person, device, stored, problems)
    person.userId = stored.users.get(person.credentials.username) ?? ''
    if ((person.hasAccount === 'yes') !== (person.userId !== '')) problems.push(`${person.name}: the account`)
    const lists = [{ owner: person.userId, list: person.list }]
    for (const device of person.devices) {
      const session = stored.sessions.get(hashOf(device.browser.cookie))
      if (device.kind === 'member' && session?.userId !== person.userId) problems.push(`${person.name}: is logged out`)
      if (device.kind === 'visitor' && session?.userId !== null) problems.push(`${person.name}: the visit is over`)
      if (session?.userId === null) lists.push({ owner: session.id, list: device.list })
    }
    for (const { owner, list } of lists) {
      known.add(owner)
      compare(person.name, list, owner ? stored.likes.filter((row) => row.owner === owner) : [], journal, problems)
    }
    for (const hash of person.ended) if (stored.sessions.has(hash)) problems.push(`${person.name}: an ended session`)
  }
  const strays = new Set(people.flatMap((person) => [...person.strays]))
  for (const { thing, owner } of stored.likes) {
    if (!known.has(owner) && !strays.has(thing)) problems.push(`“${thing}” is nobody's`)
  }
  if (problems.length > 0) throw new Error(`${problems.length} wrong: ${problems.slice(0, 10).join('; ')}`)
}

/** Everything in one moment; of the likes those of these people, whose names they carry. */
async function readAll(database: Database): Promise<Stored> {
  const sessions = await database.rows('SELECT id, "tokenHash", "userId" FROM "Session"')
  const users = await database.rows('SELECT id, username FROM "User"')
  const likes = await database.rows(`SELECT thing, "userId", "sessionId" FROM "Like" WHERE thing LIKE 'person %'`)
  return {
    users: new Map(users.map(({ id, username }) => [String(username), String(id)])),
    sessions: new Map(
      sessions.map(({ id, tokenHash, userId }) => [
        String(tokenHash),
        { id: String(id), userId: userId as string | null },
      ]),
    ),
    likes: likes.map(({ thing, userId, sessionId }) => ({ thing: String(thing), owner: String(userId ?? sessionId) })),
  }
}

/** Finds out whether what was not answered has happened: as a whole, or not at all. */
function settle(person: Person, device: Device, { users, sessions }: Stored, problems: string[]) {
  const { pending, kind } = device
  const { cookie } = device.browser
  const isThere = sessions.has(hashOf(cookie))
  const hasUser = users.has(person.credentials.username)
  device.pending = null
  if (pending === 'enter') {
    if (kind === 'visitor' && isThere && person.hasAccount === 'unsure' && hasUser)
      problems.push(`${person.name}: signed up, and the visit goes on`)
    if (kind === 'visitor' && !isThere) {
      person.merge(device)
      person.leave(device, cookie)
    }
    if (person.hasAccount === 'unsure') person.hasAccount = hasUser ? 'yes' : 'no'
  }
  if (pending === 'leave' && !isThere) person.leave(device, cookie)
  if (pending === 'forget' && !isThere) {
    person.leave(device, cookie)
    device.list = new Map()
  }
}

function compare(name: string, list: Fates, rows: Row[], journal: Journal, problems: string[]) {
  const things = new Set(rows.map(({ thing }) => thing))
  if (things.size < rows.length) problems.push(`${name}: something is double`)
  for (const thing of things) {
    if ((list.get(thing) ?? 'gone') === 'gone') problems.push(`“${thing}” is back`)
  }
  for (const [thing, fate] of list) {
    if (fate === 'there' && things.has(thing)) journal.found++
    if (fate === 'there' && !things.has(thing)) {
      journal.lost++
      problems.push(`“${thing}” is lost`)
    }
    if (fate === 'unsure') list.set(thing, things.has(thing) ? 'there' : 'gone')
  }
}
