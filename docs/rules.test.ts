/** What docs/rules.md and docs/operations.md say, and what the code and the lock file are. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readEnv } from '../lib/env.ts'
import { parseForm, SignUpForm } from '../lib/forms.ts'
import { LINK_FOR } from '../lib/mail.ts'
import { HASH_COST } from '../lib/password.ts'
import { parseData, serializeData } from '../lib/session-data.ts'
import { CONNECTIONS, SEND_AT_MOST } from '../lib/smtp.ts'

const rules = readFileSync('docs/rules.md', 'utf8')
const operations = readFileSync('docs/operations.md', 'utf8')
const lock: { packages: Record<string, Package> } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
type Package = {
  version: string
  resolved?: string
  integrity?: string
  os?: string[]
  libc?: string[]
  link?: boolean
}

/** Everything that runs: the site, its commands, what prepares it. */
const files = ['app', 'lib', 'cli', 'prisma', '.']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: folder !== '.', encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/\.test\.ts$|^lib\/testing\/|config\.ts$|^test\.mjs$/.test(name))
const source = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))
/** Which files hold what the pattern finds, with what it finds. */
const findings = (pattern: RegExp) =>
  Object.fromEntries(
    [...source].flatMap(([file, text]) => {
      const found = [...text.matchAll(pattern)].map((match) => match[1] ?? match[0])
      return found.length > 0 ? [[file, [...new Set(found)].sort()]] : []
    }),
  )

/** The part of a page below this heading. */
function sectionOf(page: string, heading: string) {
  const [, below = ''] = page.split(new RegExp(`^## ${heading}$`, 'm'))
  return below.split(/^## /m)[0] ?? ''
}

function constant(file: string, name: string) {
  const [, value = ''] = new RegExp(`\\b${name}\\b[ :=]+([\\d_]+)`).exec(readFileSync(file, 'utf8')) ?? []
  return Number(value.replaceAll('_', ''))
}

test('11.1.2 11.1.3 11.2.1 11.3.1 11.3.2 11.4.1 11.4.3 all cryptography stands in the inventory, and is what it says', () => {
  const users = Object.keys(findings(/node:crypto|bcryptjs|\bcrypto\./g))
  const inventory = [...sectionOf(rules, 'Cryptography').matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  )
  expect(inventory.filter((file) => !file.startsWith('PASSWORD')).sort()).toEqual(users.sort())
  const algorithms = findings(/(?:createHash|createHmac|\bhash)\('(\w+)'/g)
  expect(new Set(Object.values(algorithms).flat())).toEqual(new Set(['sha256']))
  const used = Object.values(findings(/import \{([^}]+)\} from 'node:crypto'/g)).flat()
  expect(new Set(used.flatMap((names) => names.trim().split(', ')))).toEqual(
    new Set(['createHash', 'createHmac', 'hash', 'randomBytes', 'randomUUID', 'scryptSync', 'timingSafeEqual']),
  )
})

test('11.5.1 11.5.2 what cannot be guessed is of the system’s generator; Math.random only spreads second tries', () => {
  expect(findings(/Math\.random/g)).toEqual({ 'lib/db.ts': ['Math.random'] })
  expect(findings(/randomBytes\((\d+)\)/g)).toEqual({ 'lib/session-token.ts': ['32'], 'proxy.ts': ['16'] })
})

test('13.1.1 13.2.4 15.3.2 nothing connects anywhere but to the database, the mail server and the site itself', () => {
  const connecting =
    /from '(pg|nodemailer|node:(?:net|tls|https?|http2|dns|dgram)|undici|axios)'|\bfetch\([`'"]\w+:[^$]*/g
  expect(findings(connecting)).toEqual({
    'cli/migrate-to.ts': ['pg'],
    'cli/backup.ts': ['pg'],
    'cli/postgres.ts': ['pg'],
    'lib/db.ts': ['pg'],
    'lib/smtp.ts': ['nodemailer'],
    'prepare.mjs': ['pg'],
    'server.mjs': ['fetch(`http://127.0.0.1:', 'node:http'],
  })
})

test('14.3.3 no page keeps anything in the browser but by the session’s cookie', () => {
  expect(findings(/localStorage|sessionStorage|indexedDB|caches\.open|serviceWorker|document\.cookie/g)).toEqual({})
  expect(Object.keys(findings(/\bjar\.set\(|cookies\(\)\)\.set|set-cookie/g))).toEqual([
    'lib/session-cookie.ts',
    'error-page.mjs',
  ])
})

test('16.2.3 16.4.2 one file writes the log, and none changes what was written', () => {
  expect(Object.keys(findings(/'pino'/g))).toEqual(['lib/log.ts'])
  const inSite = Object.keys(findings(/console\.\w+|process\.std(?:out|err)\.write/g))
  expect(inSite.filter((file) => /^(app|lib)\/|^proxy/.test(file))).toEqual([])
  expect(findings(/securityEvent\.(update|upsert)\w*/g)).toEqual({})
  expect(findings(/securityEvent\.delete\w*/g)).toEqual({
    'lib/accounts.ts': ['securityEvent.deleteMany'],
    'lib/security-log.ts': ['securityEvent.deleteMany'],
  })
})

test('14.2.2 nothing that was rendered or read is kept by the server for a second request', () => {
  const caching = /'use cache'|unstable_cache|cacheLife|force-static|export const (?:revalidate|dynamic)\b/g
  expect(findings(caching)).toEqual({})
})

test('13.1.2 13.1.3 13.2.6 15.1.3 the limits of the connections are those of the code', () => {
  const page = sectionOf(rules, 'Connections') + sectionOf(rules, 'Costly and dangerous parts')
  expect(page).toContain(`each process, ${readEnv({}).databasePool} `)
  expect(page).toContain(`${CONNECTIONS} connections for each process`)
  expect(page).toContain(`${SEND_AT_MOST / 1000} s in all`)
  const seconds = (file: string, name: string) => constant(file, name) / 1000
  expect(page).toContain(`after ${seconds('lib/db.ts', 'connectionTimeoutMillis')} s what asked fails`)
  expect(page).toContain(
    `after ${seconds('lib/db.ts', 'LOCK_WAIT_MS')} s on PostgreSQL; on SQLite after ${constant('lib/sqlite.ts', 'LOCK_WAIT_MS')} ms`,
  )
  expect(page).toContain(`up to ${constant('lib/db.ts', 'TRIES')} times and ${seconds('lib/db.ts', 'TRY_FOR_MS')} s`)
  expect(page).toContain(`rolled back after ${seconds('lib/db.ts', 'timeout')} s`)
  expect(page).toContain(
    `after ${constant('lib/smtp.ts', 'greetingTimeout')} s at the beginning, ${constant('lib/smtp.ts', 'socketTimeout')} s later`,
  )
  expect(page).toContain(`${constant('lib/password.ts', 'QUEUE_AT_MOST')} passwords wait`)
  expect(page).toContain(`what was begun has ${seconds('server.mjs', 'DRAIN_AT_MOST_MS')} s`)
  expect(page).toContain(
    `${seconds('server.mjs', 'headersTimeout')} s for headers, ${seconds('server.mjs', 'requestTimeout')} s for a request`,
  )
  expect(sectionOf(rules, 'Cryptography')).toContain(`bcrypt (cost ${HASH_COST})`)
  expect(sectionOf(rules, 'Secrets')).toContain(
    `${LINK_FOR.reset / 60_000} minutes to a new password, ${LINK_FOR.confirm / 86_400_000} days to confirm`,
  )
})

test('11.1.1 13.1.4 13.2.3 13.3.2 every secret variable stands under Secrets, and none has a value to begin with', () => {
  const secret = /PASSWORD|TOKEN|KEY|PEPPER|SMTP_URL|DATABASE_URL/
  const names = [...readFileSync('lib/env.ts', 'utf8').matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(12)
  const listed = [...sectionOf(rules, 'Secrets').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
  expect(listed.sort()).toEqual(names.filter((name) => secret.test(name)).sort())
  const { databaseUrl, peppers, adminPassword, metricsToken, mail } = readEnv({ NODE_ENV: 'production' })
  expect({ databaseUrl, peppers, adminPassword, metricsToken, mail }).toEqual({
    ...{ databaseUrl: 'file:./data/likes.db', peppers: [], mail: null },
    ...{ adminPassword: undefined, metricsToken: undefined },
  })
  // Next puts variables with these names, or named there, into what browsers load.
  expect(findings(/NEXT_PUBLIC_\w*/g)).toEqual({})
  expect(source.get('next.config.mjs')).not.toMatch(/\benv:/)
})

test('15.2.1 no package is older than docs/rules.md says, nor is a second, older one of it there', () => {
  const floors = [...sectionOf(rules, 'Dependencies').matchAll(/^\| `([^`]+)` \| ([\d.]+) \|/gm)]
  expect(floors.length).toBeGreaterThan(3)
  for (const [, name = '', floor = ''] of floors) {
    const found = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`))
    expect(found.length, name).toBeGreaterThan(0)
    for (const [path, { version }] of found) expect(isAtLeast(version, floor), `${path} ${version}`).toBe(true)
  }
})

test('15.1.2 15.2.4 every package is the registry’s, of one version, and known by its SHA-512', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
    expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version)
  }
  for (const [path, { resolved = '', integrity, os, libc, link }] of Object.entries(lock.packages)) {
    if (path === '') continue
    expect(link, path).toBeUndefined()
    expect(resolved, path).toMatch(/^(|https:\/\/registry\.npmjs\.org\/.*)$/)
    // Of those for other systems, some could not be looked up when the file was written.
    if (!os || (os.includes('linux') && !libc?.includes('musl'))) expect(integrity, path).toMatch(/^sha512-/)
  }
})

test('15.2.3 what runs imports nothing that is for tests alone', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  const imported = Object.values(findings(/(?:from|import\()\s*'([^'.#][^']*)'/g)).flat()
  expect(imported).toContain('next/server')
  const names = imported.map((name) =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/'),
  )
  expect(names.filter((name) => name in devDependencies && !name.startsWith('@types/'))).toEqual([])
})

test('12.1.1 12.1.2 12.2.1 12.2.2 nginx speaks TLS 1.2 and 1.3 with forward secrecy, by a public certificate', () => {
  const config = operations.slice(operations.indexOf('### nginx, with TLS'), operations.indexOf('## Watching'))
  expect(config).toMatch(/ssl_protocols TLSv1\.2 TLSv1\.3;/)
  const ciphers = /ssl_ciphers ([^;]+);/.exec(config)?.[1]?.split(':') ?? []
  expect(ciphers.length).toBeGreaterThan(3)
  for (const cipher of ciphers)
    expect(cipher).toMatch(/^ECDHE-(ECDSA|RSA)-(AES(256|128)-GCM-SHA\d+|CHACHA20-POLY1305)$/)
  const strength = ciphers.map((cipher) => ['AES256', 'CHACHA20', 'AES128'].findIndex((name) => cipher.includes(name)))
  expect(strength).toEqual(strength.toSorted())
  const listening = [...config.matchAll(/listen (\d+)( ssl)?/g)].map(([, port, tls]) => [port, Boolean(tls)])
  expect(listening).toEqual([
    ['80', false],
    ['443', true],
  ])
  expect(config).toMatch(/listen 80;[\s\S]*?return 301 https:\/\/likes\.example\$request_uri; \}\n {4}\}/)
  expect(config).toMatch(/ssl_certificate +\/etc\/letsencrypt\//)
  expect(config).not.toMatch(/proxy_cache|autoindex/)
  expect(config.match(/add_header.*/g)).toEqual(['add_header Strict-Transport-Security $hsts always;'])
  // No query and no referrer is in the log: either may hold the token of a link, or what somebody likes.
  expect(config).toMatch(/log_format likes '[^']*'/)
  expect(config).not.toMatch(
    /combined|\$request[ ']|\$request_uri[ ']|\$args|\$http_referer|access_log [^;]*\/[^;]*(?<!if=\$is_logged);/,
  )
})

test('13.2.2 13.2.5 13.3.2 13.4.1 15.2.5 the server of operations.md has no .git, and the unit no right that it does not need', () => {
  expect(operations).toMatch(/git clone[^\n]*\n[^\n]*\n {4}rm -rf \.git\n/)
  const unit = /\[Service\]\n([\s\S]*?)\[Install\]/.exec(operations)?.[1] ?? ''
  for (const line of [
    ...['User=likes', 'UMask=0077', 'NoNewPrivileges=true', 'PrivateTmp=true', 'ProtectHome=true'],
    ...['ProtectSystem=strict', 'ReadWritePaths=/srv/likes', 'CapabilityBoundingSet=', 'PrivateDevices=true'],
  ]) {
    expect(unit.split('\n').map((given) => given.trim())).toContain(line)
  }
})

test('15.3.5 nothing is compared loosely', () => {
  expect(findings(/(?<![=!<>])==(?!=)|!=(?!=)/g)).toEqual({})
})

test('15.3.6 no name in a form, a session’s data or a setting reaches a prototype', () => {
  const form = new FormData()
  for (const name of ['__proto__', 'constructor', 'constructor.prototype.isAdmin', '__proto__.isAdmin']) {
    form.append(name, 'polluted')
  }
  const parsed = parseForm(SignUpForm, form)
  const evil = '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'
  const data = parseData(evil)
  readEnv(JSON.parse('{"__proto__":{"ADMIN_PASSWORD":"a planted password"}}'))
  const fresh: Record<string, unknown> = {}
  expect(fresh.isAdmin).toBeUndefined()
  expect(JSON.stringify([parsed, data])).not.toMatch(/polluted|isAdmin/)
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
  expect(serializeData(data)).toBe('{}')
  expect(readEnv(JSON.parse('{"__proto__":{"ADMIN_PASSWORD":"a planted password"}}')).adminPassword).toBeUndefined()
})

function isAtLeast(version: string, floor: string) {
  return version.localeCompare(floor, 'en', { numeric: true }) >= 0
}
