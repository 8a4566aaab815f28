/** Everything that is kept about somebody is in their file, and nothing of it is left when they are erased. */
import { expect, test } from 'vitest'
import { Prisma } from '../generated/sqlite/client.ts'
import { deleteAccount } from './accounts.ts'
import { verifyCredentials } from './credentials.ts'
import { db } from './db.ts'
import { exportData } from './export.ts'
import { forget } from './session-store.ts'
import { ATTEMPT, asMember, later, logIn, MINUTE, member, NOW, QUICK, visitor } from './testing/people.ts'

/** Every column there is: in the file, or why not. A new one fails the first test until it has its line. */
const COLUMNS: Record<
  string,
  Record<
    string,
    | 'in the file'
    | 'an id'
    | 'a secret'
    | 'derived'
    | 'a hash, for a day'
    | 'of an address'
    | 'never of anybody who can ask'
  >
> = {
  User: {
    id: 'an id',
    username: 'in the file',
    passwordHash: 'a secret',
    createdAt: 'in the file',
    recoveryEmail: 'in the file',
    disabledAt: 'never of anybody who can ask',
    publishedAt: 'in the file',
    listTitle: 'in the file',
    isIndexable: 'in the file',
    takenDownAt: 'in the file',
  },
  Session: {
    id: 'an id',
    tokenHash: 'a secret',
    userId: 'an id',
    keep: 'in the file',
    createdAt: 'in the file',
    lastSeenAt: 'in the file',
    expiresAt: 'in the file',
    sudoAt: 'in the file',
    adminSince: 'in the file',
    device: 'in the file',
    data: 'in the file',
  },
  Like: {
    id: 'an id',
    thing: 'in the file',
    thingKey: 'derived',
    userId: 'an id',
    sessionId: 'an id',
    claimId: 'an id',
    createdAt: 'in the file',
  },
  SecurityEvent: {
    id: 'an id',
    kind: 'in the file',
    userId: 'an id',
    at: 'in the file',
    device: 'in the file',
    address: 'in the file',
    detail: 'in the file',
  },
  Throttle: {
    key: 'a hash, for a day',
    count: 'a hash, for a day',
    blockedUntil: 'a hash, for a day',
    expiresAt: 'a hash, for a day',
  },
  // Whoever typed an address need not be its owner, so what is kept of it is told to its mailbox alone.
  Subscriber: { id: 'an id', address: 'of an address', createdAt: 'of an address', confirmedAt: 'of an address' },
  Mail: {
    id: 'an id',
    kind: 'of an address',
    recipient: 'of an address',
    state: 'of an address',
    createdAt: 'of an address',
    dueAt: 'of an address',
    tries: 'of an address',
    triedAt: 'of an address',
    reason: 'of an address',
    tokenHash: 'a secret',
    userId: 'an id',
    subscriberId: 'an id',
    announcementId: 'an id',
  },
  Announcement: {
    id: 'an id',
    subject: 'never of anybody who can ask',
    text: 'never of anybody who can ask',
    createdAt: 'never of anybody who can ask',
    sentAt: 'never of anybody who can ask',
    reached: 'never of anybody who can ask',
  },
}

test('14.1.1 14.2.4 every column of every table is classified', () => {
  const columns = Object.keys(Prisma.ModelName).map((table) => {
    const fields = Prisma[`${table as Prisma.ModelName}ScalarFieldEnum`]
    return [table, Object.keys(fields).sort()]
  })
  const classified = Object.entries(COLUMNS).map(([table, fields]) => [table, Object.keys(fields).sort()])
  expect(Object.fromEntries(classified)).toEqual(Object.fromEntries(columns))
})

type Row = Record<string, unknown>

/** All rows of all tables. */
async function everything(): Promise<[table: string, rows: Row[]][]> {
  return Promise.all(
    Object.keys(COLUMNS).map(
      async (table) => [table, await db().$queryRawUnsafe<Row[]>(`SELECT * FROM "${table}"`)] as [string, Row[]],
    ),
  )
}

/** Somebody who has left a trace in every column. */
async function someoneWithAPast() {
  const guest = await visitor('chess', 'rain')
  const { username, viewer } = await member('tea')
  const { userId } = viewer
  const { token } = await logIn(username, guest.token)
  const removed = { thing: 'the thing removed', claimId: null, likedAt: NOW.getTime(), at: later(MINUTE).getTime() }
  const session = await asMember(token)
  const subscription = { address: 'ada@example.org', ownId: 'an id' }
  const data = JSON.stringify({ ...session.session.data, removed, subscription })
  const event = { userId, kind: 'sessionEnded', at: later(2 * MINUTE), address: '203.0.113.77', device: 'Lynx' }
  await db().session.updateMany({ where: { id: session.session.id }, data: { data, adminSince: later(MINUTE) } })
  const list = { publishedAt: later(3 * MINUTE), listTitle: 'Things of hers', isIndexable: true }
  const owners = { recoveryEmail: 'ada.lovelace@example.org', takenDownAt: later(4 * MINUTE) }
  await db().user.update({ where: { id: userId }, data: { ...list, ...owners } })
  await db().securityEvent.create({ data: { ...event, detail: 'Opera on Android' } })
  await verifyCredentials({ username, password: 'wrong' }, { ...ATTEMPT, cost: QUICK })
  return { username, userId, viewer: await asMember(token) }
}

test('8.2.3 14.2.4 15.3.1 a member’s file has all that is kept, and no hash, token or id', async () => {
  const ada = await someoneWithAPast()
  const grace = await member('something of Grace’s')
  const file = JSON.stringify(await exportData(ada.viewer, ATTEMPT))
  const rows = new Map(await everything())
  const own = {
    User: rows.get('User')?.filter((row) => row.id === ada.userId),
    Session: rows.get('Session')?.filter((row) => row.userId === ada.userId),
    Like: rows.get('Like')?.filter((row) => row.userId === ada.userId),
    SecurityEvent: rows.get('SecurityEvent')?.filter((row) => row.userId === ada.userId && row.kind !== 'exported'),
  }
  for (const [table, kept] of Object.entries(own)) {
    expect(kept?.length, table).toBeGreaterThan(0)
    for (const row of kept ?? []) {
      for (const [column, value] of Object.entries(row)) {
        const where = `${table}.${column}`
        if (value === null || ['keep', 'isIndexable', 'data', 'kind'].includes(column)) continue
        const isMoment = value instanceof Date || /At$|^at$/.test(column)
        const text = isMoment ? new Date(value as string).toISOString() : String(value)
        if (COLUMNS[table]?.[column] === 'in the file') expect(file, where).toContain(text)
        else if (COLUMNS[table]?.[column] !== 'derived') expect(file, where).not.toContain(text)
      }
    }
  }
  for (const text of [
    'the thing removed',
    'Ended a session',
    'Wrong password at log-in',
    '"keptLoggedIn":false',
    '"isIndexable":true',
    'ada@example.org',
  ]) {
    expect(file).toContain(text)
  }
  for (const text of [grace.username, 'Grace', grace.viewer.userId]) expect(file).not.toContain(text)
})

test('a visitor’s file is their list and their session', async () => {
  const guest = await visitor('chess')
  await visitor('somebody else’s')
  expect(await exportData(guest.viewer, ATTEMPT)).toEqual({
    exportedAt: NOW,
    likes: [{ thing: 'chess', likedAt: NOW }],
    sessions: [expect.objectContaining({ device: null, remembers: {} })],
    securityActivity: [],
  })
})

test('a download is recorded', async () => {
  const { viewer } = await member()
  await exportData(viewer, ATTEMPT)
  expect(await db().securityEvent.count({ where: { userId: viewer.userId, kind: 'exported' } })).toBe(1)
})

test('nothing of a deleted account is in any table', async () => {
  await db().user.deleteMany()
  const ada = await someoneWithAPast()
  const before = await everything()
  const traces = new Set([ada.userId, ada.username, 'the thing removed', '203.0.113.77'])
  for (const [, rows] of before) {
    for (const row of rows.filter((row) => row.userId === ada.userId || row.id === ada.userId)) {
      for (const [column, value] of Object.entries(row)) {
        if (/id$|hash$/i.test(column) && typeof value === 'string') traces.add(value)
      }
    }
  }
  expect(traces.size).toBeGreaterThan(12)
  await deleteAccount(ada.viewer, ATTEMPT)
  const after = JSON.stringify(await everything())
  for (const trace of traces) expect(after.includes(trace), trace).toBe(false)
})

test('nothing of a forgotten visitor is in any table', async () => {
  const { viewer } = await visitor('chess', 'a rare thing')
  await forget(viewer, ATTEMPT)
  const after = JSON.stringify(await everything())
  for (const trace of [viewer.session.id, 'a rare thing']) expect(after.includes(trace), trace).toBe(false)
})
