/** The layers and habits of this code base, executable: who may import what, and what every door must do. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const files = [...sourcesIn('app'), ...sourcesIn('lib'), ...sourcesIn('cli'), 'proxy.ts', 'instrumentation.ts']
const source = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))

function sourcesIn(folder: string) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/\.test\.ts$|^lib\/testing\//.test(name))
}

/** What a file imports: packages by name, own files by path from the root without ending. */
function importsOf(file: string, { types = true } = {}) {
  const text = source.get(file) ?? ''
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|import\(?\s*['"]([^'"]+)['"]/g,
  )
  return [...found]
    .filter(([, isType]) => types || !isType)
    .map(([, , from, dynamic]) => from ?? dynamic ?? '')
    .map((name) => {
      if (name.startsWith('#lib/')) return name.slice(1)
      return name.startsWith('.') ? normalize(join(dirname(file), name)).replace(/\.(ts|tsx|mjs)$/, '') : name
    })
}

function offenders(isWrong: (file: string, imported: string) => boolean, candidates = files, options = {}) {
  return candidates.flatMap((file) =>
    importsOf(file, options)
      .filter((imported) => isWrong(file, imported))
      .map((imported) => `${file} imports ${imported}`),
  )
}

const inLib = files.filter((file) => file.startsWith('lib/'))
const inCli = files.filter((file) => file.startsWith('cli/'))
const inApp = files.filter((file) => !inLib.includes(file) && !inCli.includes(file))
const floors = [
  ['env', 'viewer', 'unavailable', 'password-policy', 'session-token', 'email-address', 'secret', 'metrics'],
  [
    'session-data',
    'session-limits',
    'db',
    'hot-queries',
    'sqlite',
    'password',
    'request',
    'forms',
    'log',
    'smtp',
    'mail-texts',
    'search',
  ],
  [
    ...['action', 'likes', 'claim', 'mailing-list', 'subscribers', 'mail', 'announcements'],
    ...['security-log', 'throttle', 'credentials', 'accounts', 'recovery', 'export'],
    ...['figures', 'mailing-list-import', 'published-list', 'session-report'],
  ],
  ['session-store', 'member-sessions', 'members', 'admin-mode', 'operator'],
  ['session', 'session-cookie', 'cleanup', 'postman'],
]

test('app and cli import lib, and nothing of each other; lib imports neither', () => {
  expect(offenders((_, imported) => /^(app|cli)\//.test(imported), inLib)).toEqual([])
  expect(offenders((_, imported) => imported.startsWith('cli/'), inApp)).toEqual([])
  expect(inCli.length).toBeGreaterThan(1)
  expect(offenders((_, imported) => /^(app\/|next$|next\/)/.test(imported), inCli)).toEqual([])
})

test('every file of lib has a floor, and imports only from its own or those below', () => {
  const floorOf = (file: string) =>
    floors.findIndex((floor) =>
      floor.includes(file.replace(/^lib\/|\.ts$/g, '').replace('password-worker.mjs', 'password')),
    )
  expect(inLib.filter((file) => floorOf(file) < 0)).toEqual([])
  const isUpwards = (file: string, imported: string) => imported.startsWith('lib/') && floorOf(imported) > floorOf(file)
  expect(offenders(isUpwards, inLib, { types: false })).toEqual([])
})

test('no imports go in a circle', () => {
  const visit = (file: string, trail: string[]): string[] => {
    if (trail.includes(file)) return [[...trail, file].join(' → ')]
    const own = importsOf(file, { types: false }).map((name) =>
      files.find((other) => other.replace(/\.\w+$/, '') === name),
    )
    return own.flatMap((next) => (next ? visit(next, [...trail, file]) : []))
  }
  expect(inLib.flatMap((file) => visit(file, []))).toEqual([])
})

test('only lib imports Prisma, and only lib/db.ts makes a client', () => {
  const isPrisma = (_: string, imported: string) => /prisma|generated\//i.test(imported)
  expect(offenders(isPrisma, [...inApp, ...inCli])).toEqual([])
  expect(files.filter((file) => source.get(file)?.includes('new PrismaClient'))).toEqual(['lib/db.ts'])
})

test('2.3.3 every write goes through a transaction', () => {
  const lone = /\bdb\(\)\s*\.\w+\s*\.(create|update|upsert|delete)|\bdb\(\)\s*\.\$(executeRaw|transaction)/
  expect(files.filter((file) => file !== 'lib/db.ts' && lone.test(source.get(file) ?? ''))).toEqual([])
})

test('the request is read in the cookie half and lib/request.ts only', () => {
  const isRequest = (file: string, imported: string) =>
    /^next\/(headers|navigation|server|cache)$/.test(imported) &&
    !/lib\/(session|session-cookie|request)\.ts/.test(file)
  expect(offenders(isRequest, inLib)).toEqual([])
})

test('the cookie half knows no SQL, and the database half knows no cookies', () => {
  expect(importsOf('lib/session.ts', { types: false })).not.toContain('lib/db')
  expect(source.get('lib/session-store.ts')).not.toMatch(/next\/|cookies\(/)
})

test('13.3.2 process.env is read in lib/env.ts only', () => {
  // NODE_ENV and NEXT_RUNTIME are Next's own constants, put in at build time.
  const readers = files.filter((file) => /process\.env\b(?!\.(NODE_ENV|NEXT_RUNTIME)\b)/.test(source.get(file) ?? ''))
  expect(readers).toEqual(['lib/env.ts'])
})

test('13.3.2 what runs in the browser imports React, Next’s link and router, form types, app/ui and actions', () => {
  const clients = inApp.filter((file) => /^'use client'/.test(source.get(file) ?? ''))
  expect(clients.length).toBeGreaterThan(4)
  const mayImport = /^(react|next\/link|next\/navigation|app\/(.*\/)?actions|app\/ui\/[\w-]+)$/
  expect(offenders((_, imported) => !mayImport.test(imported), clients, { types: false })).toEqual([])
  expect(offenders((_, imported) => !mayImport.test(imported) && imported !== 'lib/forms', clients)).toEqual([])
})

/** Every address to which something can be posted or which answers by itself, and the guards in its body. */
const DOORS: Record<string, string[]> = {
  'app/actions.ts addLike': ['requireShownTo', 'countTry', 'ensureViewer'],
  'app/actions.ts removeLike': ['requireShownTo'],
  'app/actions.ts undoRemove': ['requireShownTo'],
  'app/actions.ts undoClaim': ['requireShownToMember'],
  'app/actions.ts dismissClaim': ['requireShownToMember'],
  'app/(auth)/actions.ts signUp': ['countTry', 'startSession'],
  'app/(auth)/actions.ts logIn': ['verifyCredentials', 'startSession'],
  'app/(auth)/actions.ts logOut': ['getViewer', 'endSession'],
  'app/account/actions.ts endSessions': ['requireShownToMember', 'proveMember'],
  'app/account/actions.ts changePassword': ['requireShownToMember', 'verifyCredentials'],
  'app/account/actions.ts deleteAccount': ['requireShownToMember', 'proveMember'],
  'app/account/export/route.ts POST': ['requireOwnOrigin', 'getViewer', 'isShownTo', 'proveMember'],
  'app/admin/members/actions.ts changeMember': ['requireAdmin'],
  'app/forget/route.ts POST': ['requireOwnOrigin', 'getViewer', 'isShownTo'],
  'app/actions.ts subscribe': ['requireShownTo', 'countTry', 'ensureViewer'],
  'app/unregister/route.ts POST': ['requireOwnOrigin', 'getViewer', 'isShownTo'],
  'app/confirm/[token]/actions.ts confirm': ['getViewer', 'confirmSubscription'],
  'app/unsubscribe/[token]/actions.ts unsubscribe': ['unsubscribe'],
  // The token alone says who may: a mail program has neither cookie nor origin (RFC 8058).
  'app/unsubscribe/[token]/one-click/route.ts POST': ['unsubscribe'],
  // Leads to a page, which guards itself.
  'app/unsubscribe/[token]/one-click/route.ts GET': [],
  'app/(auth)/actions.ts forgotPassword': ['askForReset'],
  'app/(auth)/actions.ts resetPassword': ['findReset', 'countTry'],
  'app/account/actions.ts changeRecoveryEmail': ['requireShownToMember', 'proveMember'],
  'app/account/actions.ts removeRecoveryEmail': ['requireShownToMember', 'proveMember'],
  'app/account/actions.ts changePublication': ['requireShownToMember', 'countTry'],
  'app/account/actions.ts takeListBack': ['requireShownToMember'],
  'app/admin/actions.ts logInToAdmin': ['enterAdminMode'],
  'app/admin/actions.ts logOutOfAdmin': ['leaveAdminMode'],
  'app/admin/actions.ts deleteAddress': ['requireAdmin'],
  'app/admin/announcements/actions.ts saveAnnouncement': ['requireAdmin'],
  'app/admin/announcements/actions.ts deleteAnnouncement': ['requireAdmin'],
  'app/admin/announcements/actions.ts testAnnouncement': ['requireAdmin'],
  'app/admin/announcements/actions.ts sendAnnouncement': ['requireAdmin'],
  'app/admin/export/route.ts POST': ['requireOwnOrigin', 'requireAdmin'],
  // Says only whether the database answers; there is nothing to guard.
  'app/health/route.ts GET': [],
  'app/health/live/route.ts GET': [],
  'app/metrics/route.ts GET': ['metricsAccess'],
  // Leads to a page, which guards itself.
  'app/.well-known/change-password/route.ts GET': [],
}

test('3.5.1 6.3.4 8.3.1 every action and handler is listed here, and calls its guards', () => {
  const doors = inApp.filter((file) => /^'use server'/.test(source.get(file) ?? '') || /\/route\.tsx?$/.test(file))
  const found = doors.flatMap((file) => {
    const bodies = (source.get(file) ?? '').split(/\nexport (?=async function|function|const|default)/).slice(1)
    return bodies.map((body) => ({ name: `${file} ${/(?:function|const) (\w+)/.exec(body)?.[1]}`, body }))
  })
  expect(found.map(({ name }) => name).sort()).toEqual(Object.keys(DOORS).sort())
  for (const { name, body } of found) {
    const missing = (DOORS[name] ?? []).filter((guard) => !body.includes(`${guard}(`))
    expect(missing, name).toEqual([])
    // Which asks for the origin and checks the form: lib/action.ts.
    if (name.includes('actions.ts')) expect(body, name).toMatch(/^const \w+ = action\(\w+Form, async /)
  }
})

test('no action is written inside a component, where this inventory would not see it', () => {
  expect(inApp.filter((file) => /\n\s+'use server'/.test(source.get(file) ?? ''))).toEqual([])
})

test('the README’s tour names files that exist and stay under 200 lines', () => {
  const readme = readFileSync('README.md', 'utf8')
  const tour = readme.slice(
    readme.indexOf('## Follow a like'),
    readme.indexOf('\n## ', readme.indexOf('## Follow a like') + 1),
  )
  const named = [...new Set([...tour.matchAll(/`((?:app|lib)\/[^`]+\.tsx?)`/g)].map(([, name]) => name ?? ''))]
  expect(named.length).toBe(5)
  for (const name of named) {
    expect(existsSync(name), name).toBe(true)
    expect(readFileSync(name, 'utf8').trimEnd().split('\n').length, name).toBeLessThan(200)
  }
})

// See docs/decisions/0018-size.md.
test('app and lib together stay under 8,800 lines', () => {
  const lines = [...inLib, ...inApp].reduce((sum, file) => sum + (source.get(file) ?? '').split('\n').length, 0)
  expect(lines).toBeLessThan(8800)
})
