/** The databases of the benchmark, asked directly and alike, and filled by SQL in the time a site would need for one click. */
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync } from 'node:fs'
import SqliteFile from 'better-sqlite3'
import pg from 'pg'

/**
 * @returns `all()`, the rows of a statement; `planOf()`, how it would be answered, without numbers; `insert()`, many
 *   rows: see `INTO`; `settle()`, after many rows, as if they had come one by one and long ago.
 */
export async function openDatabase(url) {
  const isFile = url.startsWith('file:')
  const { all, close, planOf, settle } = isFile ? openFile(url.slice('file:'.length)) : await openServer(url)
  return {
    isFile,
    all,
    planOf,
    close,
    insert: (rows, into) => all(filledIn(into, rows, isFile)),
    settle,
  }
}

function openFile(path) {
  const file = new SqliteFile(path)
  file.pragma('synchronous = OFF')
  return {
    async all(sql, ...values) {
      const statement = file.prepare(sql)
      return statement.reader ? statement.all(...values) : statement.run(...values)
    },
    async planOf(sql) {
      const values = Array.from({ length: sql.match(/\?/g)?.length ?? 0 }, () => null)
      return file
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map(({ detail }) => detail)
    },
    async settle() {
      file.pragma('wal_checkpoint(TRUNCATE)')
      // Or the first commit of the site would wait until all of it is on the disk.
      const descriptor = openSync(path, 'r+')
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
    close: async () => file.close(),
  }
}

async function openServer(url) {
  const client = new pg.Client(url)
  // When the server is stopped after a failure, that failure is what to say.
  client.on('error', () => {})
  await client.connect()
  return {
    all: async (text, ...values) => (await client.query({ text, values })).rows,
    async planOf(sql) {
      const { rows } = await client.query(`EXPLAIN (GENERIC_PLAN, COSTS OFF) ${sql}`)
      return rows.map((row) => row['QUERY PLAN'].trim())
    },
    // The server does so by itself after a while.
    settle: () => client.query('ANALYZE'),
    close: () => client.end(),
  }
}

/** Rows as long as real ones, such as likes of 12 letters. ID grows with `i`, HASH does not; LONG_AGO has passed every limit. */
export const INTO = {
  session: `"Session" (id, "tokenHash", keep, "createdAt", "lastSeenAt", "expiresAt")
    SELECT ID, HASH, true, NOW, NOW, LATER`,
  expired: `"Session" (id, "tokenHash", keep, "createdAt", "lastSeenAt", "expiresAt")
    SELECT ID, HASH, true, LONG_AGO, LONG_AGO, LONG_AGO`,
  user: `"User" (id, username, "passwordHash", "createdAt")
    SELECT ID, 'somebody-' || i, substr(HASH, 1, 60), NOW`,
  event: `"SecurityEvent" (id, kind, "userId", at, device, address)
    SELECT ID, 'loggedIn', (SELECT id FROM "User" LIMIT 1), NOW, 'Firefox on Linux', '192.0.2.1'`,
  likeOf: (owner, thing = "'thing ' || (100000 + i)") => `"Like" (id, thing, "thingKey", "userId", "createdAt")
    SELECT '${prefixOf(owner + thing)}' || substr(ID, 5), ${thing}, ${thing}, '${owner}', NOW`,
}

function filledIn(into, rows, isFile) {
  const [columns, select] = into.split(/\n\s*(?=SELECT)/)
  const meaning = isFile ? ON_SQLITE : ON_POSTGRES
  const filled = select.replace(/\b(ID|HASH|NOW|LATER|LONG_AGO)\b/g, (word) => meaning[word])
  const numbers = isFile
    ? `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i FROM n)`
    : `generate_series(1, ${rows}) AS n(i)`
  return `INSERT INTO ${columns} ${filled} FROM ${numbers}`
}

const DAY = 24 * 60 * 60_000
const days = (count) => new Date(Date.now() + count * DAY)
const inFile = (date) => date.toISOString().replace('Z', '+00:00')
const onServer = (date) => date.toISOString().replace('Z', '')

const ON_SQLITE = {
  ID: `printf('0197%04x-%04x-7000-8000-000000000000', i >> 16, i & 65535)`,
  HASH: 'lower(hex(randomblob(32)))',
  NOW: `'${inFile(days(0))}'`,
  LATER: `'${inFile(days(20))}'`,
  LONG_AGO: `'${inFile(days(-500))}'`,
}
const ON_POSTGRES = {
  ID: `'0197' || lpad(to_hex(i >> 16), 4, '0') || '-' || lpad(to_hex(i & 65535), 4, '0') || '-7000-8000-000000000000'`,
  HASH: 'encode(sha256(random()::text::bytea), $$hex$$)',
  NOW: `timestamp '${onServer(days(0))}'`,
  LATER: `timestamp '${onServer(days(20))}'`,
  LONG_AGO: `timestamp '${onServer(days(-500))}'`,
}

/** Makes a member with so many likes, logged in. @returns the cookie, and the mark of forms that are shown to them. */
export async function admit(database, username, likes) {
  const [id, token] = [`0198${prefixOf(username)}-0000-7000-8000-000000000000`, randomBytes(32)]
  const one = (into) => database.insert(1, into.replaceAll('ID', `'${id}'`))
  await one(INTO.user.replace(`'somebody-' || i`, `'${username}'`))
  const hash = createHash('sha256').update(token).digest('hex')
  await one(
    INTO.session.replace('keep', 'keep, "userId"').replace('true', `true, '${id}'`).replace('HASH', `'${hash}'`),
  )
  await database.insert(likes, INTO.likeOf(id))
  return { id, username, cookie: `session=${token.toString('base64url')}`, mark: `member ${id}` }
}

/** Tells the ids of different rows apart. */
function prefixOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 4)
}
