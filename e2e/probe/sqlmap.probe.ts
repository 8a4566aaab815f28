import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { APIRequestContext } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionCookie } from '../database'
import { hiddenFields } from '../raw-form'
import { ADMIN_PASSWORD, PASSWORD, personAt, send } from './cast'
import { likeSome, seed } from './content'
import { Findings, FOLDER } from './findings'
import { type Gate, startGate } from './gate'
import { isInstalled, run } from './tools'

/**
 * Where something is read that a client may write, and its names: of a form's own fields, the button says which form. A
 * search is for what it finds at the end of a name, or a statement cut short there would look like one that finds nothing.
 */
const TARGETS: { who: 'member' | 'admin'; path: string; button?: RegExp; names: string[]; level?: number }[] = [
  { who: 'admin', path: '/admin?q=example.org&after=x', names: ['q', 'after'], level: 2 },
  { who: 'admin', path: '/admin/members?q=person-1&after=x', names: ['q', 'after'], level: 2 },
  { who: 'member', path: '/?before=1.x&thing=Tea', names: ['before', 'thing'] },
  { who: 'member', path: '/account?notice=x', names: ['notice', 'session'], level: 2 },
  { who: 'member', path: '/', button: />Like</, names: ['thing', 'before', 'shownTo'] },
  { who: 'member', path: '/', button: />Remove </, names: ['id', 'before'] },
  { who: 'member', path: '/account', button: />End all other sessions</, names: ['end'] },
  { who: 'admin', path: '/forgot', button: />Send me a link</, names: ['email'] },
  { who: 'admin', path: '/login', button: />Log in</, names: ['username', 'next'] },
  { who: 'admin', path: '/admin', button: />Delete </, names: ['id', 'q', 'after'] },
  { who: 'admin', path: '/admin/members', button: /value="disable"/, names: ['id', 'act'] },
  { who: 'member', path: '/confirm/x*', names: ['#1*'] },
]

const isThere = isInstalled('sqlmap')
let gate: Gate
let people: Record<'member' | 'admin', APIRequestContext>

beforeAll(async () => {
  if (!isThere) return
  gate = await startGate({ ADMIN_PASSWORD, SMTP_URL: 'smtp://127.0.0.1:9' })
  await seed(gate.site.database)
  people = { member: await personAt(gate.url), admin: await personAt(gate.url) }
  await send(people.member, '/signup', 'Sign up', { username: 'ada', password: PASSWORD })
  await likeSome(people.member)
  const elsewhere = await personAt(gate.url)
  await send(elsewhere, '/login', 'Log in', { username: 'ada', password: PASSWORD })
  await send(people.admin, '/admin/login', 'Log in', { password: ADMIN_PASSWORD })
})
afterAll(() => gate?.stop())

test.skipIf(!isThere)('sqlmap gets into no statement', async () => {
  const findings = new Findings('sqlmap')
  let looks = 0
  for (const [i, target] of TARGETS.entries()) {
    const [request, log] = [join(FOLDER, `request-${i}`), `sqlmap-${i}.log`]
    writeFileSync(request, await requestOf(target))
    const code = await run(
      'sqlmap',
      [
        ...[
          '-r',
          request,
          '-p',
          target.names.join(),
          '--batch',
          '--ignore-stdin',
          '--dbms',
          'SQLite',
          '--level',
          String(target.level ?? 1),
        ],
        ...[
          '--text-only',
          '--technique',
          'BEUT',
          '--time-sec',
          '2',
          '--output-dir',
          join(FOLDER, 'sqlmap'),
          '--flush-session',
        ],
        ...['--ignore-code', '*', '--answers', 'redirect=N,follow=N'],
      ],
      log,
    )
    const said = readFileSync(join(FOLDER, log), 'utf8')
    const where = `${target.button ?? 'GET'} ${target.path}`
    expect(code, where).toBe(0)
    for (const [line] of said.matchAll(
      /^.*(is vulnerable|might be injectable|might be vulnerable|appears to be '.*injectable).*$/gm,
    ))
      findings.add(`${where}: ${line}`)
    const tested = [...said.matchAll(/parameter '([^']*)' does not seem to be injectable/g)].map(([, name]) => name)
    // One that it could not even send would look like one that is safe.
    for (const name of target.names)
      if (!tested.some((one) => one?.includes(name))) findings.add(`${where}: ${name} was not tested`)
    looks += tested.length
  }
  for (const failure of gate.failures) findings.add(failure)
  const requests = [...gate.statuses.values()].reduce((sum, count) => sum + count, 0)
  console.log(gate.statuses)
  findings.report(`${looks} parameters, ${requests} requests`)
})

/** As a browser would send it. */
async function requestOf({ who, path, button }: (typeof TARGETS)[number]) {
  const cookie = await sessionCookie(people[who])
  const head = [`Host: ${new URL(gate.url).host}`, `Cookie: session=${cookie?.value}`, `Origin: ${gate.url}`]
  if (!button) return [`GET ${path} HTTP/1.1`, ...head, '', ''].join('\r\n')
  const page = await (await people[who].get(path)).text()
  const fields = hiddenFields(page, button)
  const form = page.match(/<form[\s\S]*?<\/form>/g)?.find((html) => button.test(html)) ?? ''
  if (!fields) throw new Error(`${path} has no form like ${button}`)
  for (const [, name = ''] of form.matchAll(/<(?:input|button)[^>]* name="([^"]*)"/g))
    if (!fields.has(name)) fields.append(name, 'person')
  const body = new Response(fields)
  const type = body.headers.get('content-type') ?? ''
  return [`POST ${path} HTTP/1.1`, ...head, `Content-Type: ${type}`, '', await body.text()].join('\r\n')
}
