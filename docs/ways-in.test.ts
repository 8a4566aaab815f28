/** The sections of docs/rules.md on ways in, sessions and who may do what: nothing is missing, and the numbers are true. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ChangePasswordForm, EmailForm, LogInForm, ResetForm, SignUpForm } from '../lib/forms.ts'
import { LINK_FOR } from '../lib/mail.ts'
import { adminUntil, LIMITS, sudoUntil } from '../lib/session-limits.ts'
import { THROTTLES } from '../lib/throttle.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const page = readFileSync('docs/rules.md', 'utf8')

function section(heading: string) {
  const [, after = ''] = page.split(`\n## ${heading}\n`)
  return after.split('\n## ')[0] ?? ''
}

/** What takes or replaces a proof of who somebody is. */
const PROOFS =
  /\b(startSession|verifyCredentials|proveMember|enterAdminMode|metricsAccess|resetPassword|confirmRecoveryEmail)\(/

test('6.1.3 6.3.4 every door that takes or replaces a proof of who one is stands in the table, and no other', () => {
  const doors = readdirSync('app', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => {
      const bodies = readFileSync(`app/${name}`, 'utf8').split(/\nexport (?:(?:default )?async function|const) /)
      return bodies.slice(1).map((body) => ({ door: `app/${name} ${/^\w+/.exec(body)?.[0]}`, body }))
    })
    .filter(({ body }) => PROOFS.test(body.slice(body.indexOf('\n'))))
  const listed = [...section('Ways in').matchAll(/`(app\/[^`]+ \w+)`/g)].map(([, door]) => door)
  expect(doors.map(({ door }) => door).toSorted()).toEqual(listed.toSorted())
})

test('6.1.1 6.3.1 8.1.4 the limits on guessing that are written down are those in force', () => {
  const written = section('Ways in').match(/^\| `\w+` \| \d.*$/gm) ?? []
  const inForce = Object.entries(THROTTLES)
    .filter(([name]) => /password|signUp|mail/i.test(name))
    .map(([name, { free, within, ...rest }]) => {
      const minutes = `${within / MINUTE} minutes after the`
      const waits = 'waits' in rest && rest.waits.map((wait) => wait / 1000).join(', ')
      const then = waits ? `one after ${waits} seconds; anew ${minutes} last` : `none until ${minutes} first`
      return `| \`${name}\` | ${free} | ${then} |`
    })
  expect(written).toEqual(inForce)
})

test('7.1.1 7.3.1 7.3.2 the ends of sessions that are written down are those in force', () => {
  const rows = new Map(
    [...section('Sessions').matchAll(/^\| (.*?) \| (.*?) \| (.*?) \|/gm)].map(([, ...row]) => [row[0], row]),
  )
  const [visitor, kept, brief] = ['`visitor`', '`kept` (a member, "Keep me logged in")', '`brief` (any other member)']
  for (const [name, { idle, absolute }, unit, word] of [
    [visitor, LIMITS.visitor, DAY, 'days'],
    [kept, LIMITS.kept, DAY, 'days'],
    [brief, LIMITS.brief, HOUR, 'hours'],
  ] as const) {
    expect(rows.get(name)?.[1]).toBe(`${idle / unit} ${word}`)
    expect(rows.get(name)?.[2]).toMatch(new RegExp(`^${absolute / unit} ${word}\\b`))
  }
  const now = new Date()
  const after = (until: Date | null) => (until ? until.getTime() - now.getTime() : 0)
  expect(after(adminUntil({ adminSince: now, lastSeenAt: now }, now))).toBe(15 * MINUTE)
  const nearly = new Date(now.getTime() + 8 * HOUR - 1)
  expect(after(adminUntil({ adminSince: now, lastSeenAt: nearly }, nearly))).toBe(8 * HOUR)
  expect(rows.get('admin mode')?.slice(1, 3)).toEqual(['15 minutes', '8 hours'])
  expect(after(sudoUntil({ sudoAt: now }, now))).toBe(10 * MINUTE)
  expect(page).toContain('| password counts as just given | | 10 minutes | |')
  expect(LINK_FOR).toMatchObject({ reset: 30 * MINUTE, confirm: 7 * DAY })
})

test('6.4.2 no form asks for a hint or a secret question: an account has a username and a password', () => {
  const fieldsOf = ({ shape }: { shape: object }) => Object.keys(shape)
  expect(fieldsOf(SignUpForm)).toEqual(['username', 'password', 'keep', 'next'])
  expect(fieldsOf(LogInForm)).toEqual(['username', 'password', 'keep', 'next'])
  expect(fieldsOf(EmailForm)).toEqual(['email'])
  expect(fieldsOf(ResetForm)).toEqual(['token', 'username', 'newPassword'])
  expect(fieldsOf(ChangePasswordForm)).toEqual(['password', 'newPassword', 'shownTo'])
})

test('8.1.2 every column of every table has its rule', () => {
  const rules = section('Who may do what')
  const models = readFileSync('prisma/models.prisma', 'utf8').matchAll(/^model (\w+) \{([\s\S]*?)\n\}/gm)
  for (const [, table = '', body = ''] of models) {
    const row = rules.match(new RegExp(`^\\| \`${table}\` \\|.*$`, 'm'))?.[0] ?? ''
    const columns = [...body.matchAll(/^ {2}(\w+) +(?:String|Int|Boolean|DateTime)\b/gm)].map(([, column]) => column)
    expect(columns.length, table).toBeGreaterThan(3)
    expect(
      columns.filter((column) => !row.includes(`\`${column}\``)),
      table,
    ).toEqual([])
  }
})
