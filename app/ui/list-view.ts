/** Which part of a list a page shows. It stands in the page's address, and every form of the page sends it back. */
export type ListView = {
  /** What to look for; empty for everything. */
  q: string
  sort: 'newest' | 'a-z'
  /** The cursor of the page; empty on the first. */
  before: string
}

const UNITS_AT_MOST = { q: 200, before: 600 }

/** Reads it from an address. What means nothing there shows everything, from the beginning. */
export function readView(given: Record<string, string | string[] | undefined>): ListView {
  return {
    q: textOf(given.q, UNITS_AT_MOST.q).trim(),
    sort: given.sort === 'a-z' ? 'a-z' : 'newest',
    before: textOf(given.before, UNITS_AT_MOST.before),
  }
}

/** The same in an address: only what is not as usual. */
export function queryOf({ q = '', sort = 'newest', before = '' }: Partial<ListView>): string {
  const query = new URLSearchParams({ ...(q && { q }), ...(sort !== 'newest' && { sort }), ...(before && { before }) })
  return query.toString()
}

/** Where that part of the list is. */
export function addressOf(view: Partial<ListView>): string {
  const query = queryOf(view)
  return query ? `/?${query}` : '/'
}

/** Where everybody reads a published list, or this page of it. */
export function publishedAddressOf(username: string, page = 1): string {
  return page > 1 ? `/u/${username}?page=${page}` : `/u/${username}`
}

/** What stands above a published list. */
export function titleOf({ title, username }: { title: string; username: string }): string {
  return title || `${username}’s likes`
}

/** How many likes there are, counted up to 1,000. */
export function likesInWords({ count, hasMore }: { count: number; hasMore: boolean }): string {
  if (count === 1) return '1 like'
  return `${hasMore ? '1,000+' : count.toLocaleString('en')} likes`
}

// Half characters and NUL are nothing that a database takes.
function textOf(value: string | string[] | undefined, atMost: number) {
  const isText = typeof value === 'string' && value.length <= atMost && !/[\p{Cc}\p{Cs}]/u.test(value)
  return isText ? value : ''
}
