/** A look into the database of a running site: for what no page says, and to let time pass for a row. */
import { createHash } from 'node:crypto'
import SqliteFile from 'better-sqlite3'
import pg from 'pg'
import type { APIRequestContext, BrowserContext } from 'playwright/test'

type Value = string | number | boolean | null
type Row = Record<string, Value>
/** Whatever has cookies. */
type Browser = BrowserContext | APIRequestContext
type Connection = { query(sql: string, values: Value[]): Promise<Row[]>; close(): Promise<void> }

export const TABLES = ['User', 'Session', 'Like', 'SecurityEvent', 'Throttle', 'Subscriber', 'Mail', 'Announcement']

// As text: the driver would read a column without a time zone in the machine's own.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMP, (moment) => `${moment.replace(' ', 'T')}Z`)

export class Database {
  readonly isPostgres: boolean
  #connection: Promise<Connection>

  constructor(url: string) {
    this.isPostgres = url.startsWith('postgresql:')
    this.#connection = this.isPostgres ? connect(url) : openFile(url.replace('file:', ''))
  }

  /** The values stand for `?`, in turn. */
  async rows(sql: string, ...values: Value[]): Promise<Row[]> {
    return (await this.#connection).query(sql, values)
  }

  /** Every row of every table, to compare with later. */
  async everything(): Promise<Row[][]> {
    return Promise.all(TABLES.map((table) => this.rows(`SELECT * FROM "${table}" ORDER BY 1`)))
  }

  /** The row of the browser's session, by its cookie. */
  async sessionOf(browser: Browser): Promise<Row | undefined> {
    const cookie = await sessionCookie(browser)
    const hash = createHash('sha256')
      .update(Buffer.from(cookie?.value ?? '', 'base64url'))
      .digest('hex')
    const [row] = await this.rows('SELECT * FROM "Session" WHERE "tokenHash" = ?', hash)
    return row
  }

  /** The things a browser's session or account keeps, in order of liking. */
  async thingsOf(browser: Browser): Promise<Value[]> {
    const session = await this.sessionOf(browser)
    const [column, id] = session?.userId ? ['userId', session.userId] : ['sessionId', session?.id ?? '']
    const rows = await this.rows(`SELECT thing FROM "Like" WHERE "${column}" = ? ORDER BY "createdAt"`, id ?? '')
    return rows.map((row) => row.thing ?? null)
  }

  /** Lets so much time pass for a moment kept in the row of the browser's session. */
  async age(browser: Browser, column: 'lastSeenAt' | 'sudoAt' | 'expiresAt', milliseconds: number) {
    const session = await this.sessionOf(browser)
    if (!session) throw new Error('this browser has no session')
    const moment = new Date(new Date(String(session[column])).getTime() - milliseconds)
    const text = moment.toISOString().replace('Z', '+00:00')
    await this.rows(`UPDATE "Session" SET "${column}" = ? WHERE id = ?`, text, session.id ?? '')
  }

  /** Makes the database itself refuse to delete this row, as a failing disk would. */
  async refuseToDelete({ id = '' }: Row): Promise<void> {
    if (!this.isPostgres) {
      await this.rows(
        `CREATE TRIGGER "keep ${id}" BEFORE DELETE ON "Session" WHEN OLD.id = '${id}'
         BEGIN SELECT RAISE(ABORT, 'refused by a test'); END`,
      )
      return
    }
    await this.rows(
      `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
       AS $$ BEGIN RAISE EXCEPTION 'refused by a test'; END $$`,
    )
    await this.rows(
      `CREATE TRIGGER "keep ${id}" BEFORE DELETE ON "Session" FOR EACH ROW WHEN (OLD.id = '${id}')
       EXECUTE FUNCTION refuse()`,
    )
  }

  /** Keeps everybody else from writing sessions and counts, as another program on the same database might. @returns the end of it. */
  async lock(): Promise<() => Promise<void>> {
    await this.rows(this.isPostgres ? 'BEGIN' : 'BEGIN IMMEDIATE')
    if (this.isPostgres) await this.rows('LOCK TABLE "Session", "Throttle" IN EXCLUSIVE MODE')
    return async () => {
      await this.rows('ROLLBACK')
    }
  }

  async close(): Promise<void> {
    await (await this.#connection).close()
  }
}

async function openFile(path: string): Promise<Connection> {
  const file = new SqliteFile(path, { fileMustExist: true, timeout: 5_000 })
  return {
    async query(sql, values) {
      const statement = file.prepare<Value[], Row>(sql)
      if (statement.reader) return statement.all(...values)
      statement.run(...values)
      return []
    },
    async close() {
      file.close()
    },
  }
}

async function connect(url: string): Promise<Connection> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  // A test may take the server away between two looks.
  pool.on('error', () => {})
  return {
    async query(sql, values) {
      let place = 0
      const { rows } = await pool.query<Row>(
        sql.replaceAll('?', () => `$${++place}`),
        values,
      )
      return rows
    },
    close: () => pool.end(),
  }
}

export async function sessionCookie(browser: Browser) {
  const { cookies } = await browser.storageState()
  return cookies.find((cookie) => cookie.name === 'session')
}
