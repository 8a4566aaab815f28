/**
 * Browsers that draw only text, as programs, in a terminal: a like, a sign-up, the list is there, a log-out, and in
 * again. What they did is read from the database.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Site, startSite } from '../site'
import { Findings, FOLDER } from './findings'
import { isInstalled } from './tools'

const PASSWORD = 'four-words-in-a-row'
const AT_MOST_MS = 120_000
const [ENTER, TAB, BACK_TAB] = ['\r', '\t', '\x1b\t']

let site: Site
beforeAll(async () => {
  site = await startSite({ LOG_LEVEL: 'silent' }, 'pipe', openSync(join(FOLDER, 'stderr.log'), 'a'))
})
afterAll(() => site?.stop('SIGKILL'))

const isW3mThere = isInstalled('w3m')
const isLynxThere = isInstalled('lynx')

test.skipIf(!isW3mThere)('w3m goes the whole way', async () => {
  const findings = new Findings('w3m')
  await type(`w3m -cookie ${site.url}/`, keysOfW3m())
  await expectTheWay(findings, 'w3m')
})

test.skipIf(!isLynxThere)('lynx goes the whole way', async () => {
  const findings = new Findings('lynx')
  const script = join(FOLDER, 'lynx.keys')
  // From a file: what is typed ahead it throws away.
  writeFileSync(
    script,
    [...keysOfLynx()].map((key) => `key ${{ [TAB]: '<tab>', [ENTER]: '^J' }[key] ?? key}\n`).join(''),
  )
  await type(`lynx -accept_all_cookies -cmd_script=${script} ${site.url}/`, '')
  await expectTheWay(findings, 'lynx', 'Lynx')
})

function keysOfW3m() {
  const find = (text: string) => `/${text}${ENTER}`
  const fill = (label: string, text: string) => find(label) + TAB + ENTER + text + ENTER
  const press = TAB + ENTER
  const credentials = fill('Username', 'w3m') + fill('Password', PASSWORD)
  return [
    ...[fill('I like', 'Tea'), press],
    ...[find('Sign up'), ENTER, credentials, find('Keep me'), BACK_TAB, ENTER, press],
    ...[fill('I like', 'Rain'), press, find('Log out'), ENTER],
    ...[find('Log in'), ENTER, credentials, find('Keep me'), press],
    ...[fill('I like', 'Snow'), press, find('Log out'), ENTER, 'Q'],
  ].join('')
}

/** It has no search that stops at a field, so these are steps from the top of the page, or from field to field. */
function keysOfLynx() {
  const to = (steps: number) => TAB.repeat(steps)
  const like = (steps: number, thing: string) => to(steps) + thing + to(1) + ENTER
  const [logIn, signUp, logOut] = [to(2) + ENTER, to(3) + ENTER, to(3) + ENTER]
  const credentials = `${to(4)}lynx${to(1)}${PASSWORD}`
  // Past the button that shows the password, which needs a script.
  const [keep, enter] = [to(2) + ENTER + to(1) + ENTER, to(3) + ENTER]
  return [
    ...[like(4, 'Tea'), signUp, credentials, keep],
    // Past the two buttons of the receipt.
    ...[like(6, 'Rain'), logOut],
    ...[logIn, credentials, enter, like(4, 'Snow'), logOut, 'qy'],
  ].join('')
}

/** Starts a program in a terminal, and types. */
async function type(command: string, keys: string) {
  const [name = ''] = command.split(' ')
  const log = openSync(join(FOLDER, `${name}.log`), 'a')
  const env = { ...process.env, HOME: mkdtempSync(join(FOLDER, `${name}-`)), TERM: 'vt100', LANG: 'C.UTF-8' }
  const terminal = spawn('script', ['-qefc', `stty rows 60 cols 100; ${command}`, '/dev/null'], {
    stdio: ['pipe', log, log],
    env,
    timeout: AT_MOST_MS,
  })
  terminal.stdin?.write(keys)
  const code = await new Promise((resolve) => terminal.on('close', resolve))
  expect(code, `${name} came to its end`).toBe(0)
}

async function expectTheWay(findings: Findings, username: string, device = username) {
  const { database } = site
  const [user] = await database.rows('SELECT id FROM "User" WHERE username = ?', username)
  const id = user?.id ?? ''
  const likes = await database.rows('SELECT thing FROM "Like" WHERE "userId" = ? ORDER BY "createdAt"', id)
  const events = await database.rows('SELECT kind, device FROM "SecurityEvent" WHERE "userId" = ? ORDER BY at', id)
  const sessions = await database.rows('SELECT id FROM "Session"')
  const is = { likes: likes.map(({ thing }) => thing), events, sessions: sessions.length }
  const kinds = ['signedUp', 'loggedOut', 'loggedIn', 'loggedOut']
  const shall = { likes: ['Tea', 'Rain', 'Snow'], events: kinds.map((kind) => ({ kind, device })), sessions: 0 }
  if (JSON.stringify(is) !== JSON.stringify(shall)) findings.add(JSON.stringify(is))
  findings.report('3 likes, sign-up, log-in, 2 log-outs')
}
