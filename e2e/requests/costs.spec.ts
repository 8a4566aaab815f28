/** What a request may cost at most, in statements and in bytes: figures that are the same on every machine. */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { scriptBytes } from '../../bench/rows/scripts.mjs'
import { startServer } from '../../bench/server.mjs'
import { expect, test } from '../fixtures'
import { RECORDED } from '../leak/recordings'
import { newCredentials } from '../people'
import { openForm } from '../raw-form'

/** In bytes after gzip. An empty page of Next 16.4 has 134,900; ours may have 12,000 more. */
const SCRIPTS_AT_MOST = 147_000
const PAGE_OF_50_AT_MOST = 7_700
const WRITE = /^(INSERT|UPDATE|DELETE|BEGIN)/

test('a page asks two reads of a member and nothing of nobody; a like is one transaction', async ({ request }) => {
  const folder = mkdtempSync(join(process.env.E2E_FOLDER ?? '', 'costs-'))
  const server = await startServer(process.cwd(), { ...RECORDED, DATABASE_URL: `file:${join(folder, 'likes.db')}` })
  const statementsOf = async (work: () => Promise<unknown>): Promise<string[]> => {
    await server.sample()
    await work()
    return (await server.sample()).statements.map((sql: string) => sql.trim())
  }
  // The clean-up at the start ends with it.
  const isClean = async () => (await server.sample()).statements.some((sql: string) => sql.includes('wal_checkpoint'))
  try {
    await expect.poll(isClean).toBe(true)
    expect(await statementsOf(() => request.get(server.url))).toEqual([])
    expect(await scriptBytes(server.url)).toBeLessThan(SCRIPTS_AT_MOST)

    const who = newCredentials()
    await (await openForm(request, `${server.url}/signup`, 'Sign up')).send(who)
    const form = await openForm(request, `${server.url}/`, 'Like')
    for (let i = 0; i < 50; i++) {
      const asked = await statementsOf(() => form.send({ thing: `thing ${i}` }))
      expect(asked.filter((sql) => sql === 'BEGIN')).toHaveLength(1)
      expect(asked.filter((sql) => WRITE.test(sql)).length).toBeLessThanOrEqual(4)
      expect(asked.length).toBeLessThanOrEqual(6)
    }
    let page = ''
    const asked = await statementsOf(async () => {
      page = await (await request.get(server.url)).text()
    })
    expect(page).toContain('thing 0')
    expect(asked).toHaveLength(2)
    expect(asked.filter((sql) => WRITE.test(sql))).toEqual([])
    await (await openForm(request, `${server.url}/account`, 'Publish my list')).send({ act: 'publish' })
    const read = await statementsOf(() => request.get(`${server.url}/u/${who.username}`))
    // Whether there is such a list, once for what stands before every page and once for this one; and what is on it.
    expect(read).toHaveLength(3)
    expect(read.filter((sql) => WRITE.test(sql))).toEqual([])
    // Next renders it beside every page, so it must not ask even of a member who is there.
    expect(await statementsOf(() => request.get(`${server.url}/nowhere`))).toEqual([])
    expect(gzipSync(page).length).toBeLessThan(PAGE_OF_50_AT_MOST)
  } finally {
    await server.stop()
  }
})
