/** A look into the database of a running site: for what no page says, and to let time pass for a row. */
import { createHash } from 'node:crypto'
import SqliteFile from 'better-sqlite3'
import type { APIRequestContext, BrowserContext } from 'playwright/test'

type Value = string | number | null
type Row = Record<string, Value>
/** Whatever has cookies. */
type Browser = BrowserContext | APIRequestContext

const TABLES = ['User', 'Session', 'Like']

export class Database {
  #file: SqliteFile.Database

  constructor(file: string) {
    this.#file = new SqliteFile(file, { fileMustExist: true, timeout: 5_000 })
  }

  rows(sql: string, ...values: Value[]): Row[] {
    return this.#file.prepare<Value[], Row>(sql).all(...values)
  }

  /** Every row of every table, to compare with later. */
  everything(): Row[][] {
    return TABLES.map((table) => this.rows(`SELECT * FROM "${table}" ORDER BY id`))
  }

  /** The row of the browser's session, by its cookie. */
  async sessionOf(browser: Browser): Promise<Row | undefined> {
    const cookie = await sessionCookie(browser)
    const hash = createHash('sha256')
      .update(Buffer.from(cookie?.value ?? '', 'base64url'))
      .digest('hex')
    return this.rows('SELECT * FROM "Session" WHERE "tokenHash" = ?', hash)[0]
  }

  /** The things a browser's session or account keeps, in order of liking. */
  async thingsOf(browser: Browser): Promise<Value[]> {
    const session = await this.sessionOf(browser)
    const [column, id] = session?.userId ? ['userId', session.userId] : ['sessionId', session?.id ?? '']
    return this.rows(`SELECT thing FROM "Like" WHERE "${column}" = ? ORDER BY "createdAt"`, id ?? '').map(
      (row) => row.thing ?? null,
    )
  }

  /** Lets so much time pass for a moment kept in the row of the browser's session. */
  async age(browser: Browser, column: 'lastSeenAt' | 'sudoAt' | 'expiresAt', milliseconds: number) {
    const session = await this.sessionOf(browser)
    if (!session) throw new Error('this browser has no session')
    const moment = new Date(new Date(String(session[column])).getTime() - milliseconds)
    const statement = this.#file.prepare(`UPDATE "Session" SET "${column}" = ? WHERE id = ?`)
    statement.run(moment.toISOString().replace('Z', '+00:00'), session.id ?? '')
  }

  /** Makes the database itself refuse to delete this row, as a failing disk would. */
  refuseToDelete(session: Row): void {
    this.#file.exec(
      `CREATE TRIGGER "keep ${session.id}" BEFORE DELETE ON "Session" WHEN OLD.id = '${session.id}'
       BEGIN SELECT RAISE(ABORT, 'refused by a test'); END`,
    )
  }

  close(): void {
    this.#file.close()
  }
}

export async function sessionCookie(browser: Browser) {
  const { cookies } = await browser.storageState()
  return cookies.find((cookie) => cookie.name === 'session')
}
