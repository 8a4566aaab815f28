/** What nobody may read in what a run has left behind, and how it would look there. */
import { createHash, createHmac } from 'node:crypto'
import type { Received } from '../../lib/testing/mail-server'
import type { Exchange, Recording } from './recordings'

export type Secret = { kind: string; value: string; from: string }

/** What is shorter is no password here, and stands in our own words: a test types "wrong". */
const PASSWORD_AT_LEAST = 12
const TOKEN = '[\\w-]{43}'
const LINK = new RegExp(`/(?:confirm|reset|unsubscribe)/(${TOKEN})(?![\\w-])`, 'g')

/** Every cookie, password, link and setting of the run that must stay secret, once each. */
export function secretsOf(recordings: Recording[], mails: Received[]): Secret[] {
  const all: Secret[] = []
  for (const { secrets, exchanges, port } of recordings) {
    for (const [name, value] of Object.entries(secrets)) if (value) all.push({ kind: name, value, from: 'a setting' })
    for (const exchange of exchanges) {
      const from = `${exchange.method} ${masked(exchange.url)} on port ${port}`
      const add = (kind: string, values: string[]) => all.push(...values.map((value) => ({ kind, value, from })))
      add('cookie', cookiesOf(exchange))
      add('password', passwordsOf(exchange))
      add('link token', tokensIn(exchange.url))
    }
  }
  for (const mail of mails) {
    all.push(...tokensIn(mail.text).map((value) => ({ kind: 'link token', value, from: `“${mail.subject}”` })))
  }
  return [...new Map(all.toReversed().map((secret) => [secret.value, secret])).values()]
}

/** The tokens of the links in a text or an address. */
export function tokensIn(text: string): string[] {
  return [...text.replace(/%2f/gi, '/').matchAll(LINK)].map(([, token = '']) => token).filter(isRandom)
}

/** An address without the tokens in it. */
export function masked(url: string): string {
  return url.replace(/%2f/gi, '/').replace(new RegExp(TOKEN, 'g'), (token) => shortened(token))
}

/** Enough of a secret to find it by. */
export function shortened(secret: string): string {
  return `${secret.slice(0, 3)}…${secret.slice(-3)} (${secret.length} characters)`
}

/** The ones that a test made up, such as 43 times A, stand in pictures too. */
function isRandom(token: string) {
  return new Set(token).size > 12
}

function cookiesOf({ head, cookie }: Exchange) {
  const given = [...head.matchAll(/^set-cookie: [^=]*session=([^;]+)/gim)].map(([, value = '']) => value)
  const presented = [...(cookie ?? '').matchAll(new RegExp(`session=(${TOKEN})(?![\\w-])`, 'g'))]
  return [...given, ...presented.map(([, value = '']) => value).filter(isRandom)]
}

function passwordsOf(exchange: Exchange) {
  return fieldsOf(exchange)
    .filter(([name, value]) => /^(_?\d+_)?\w*password$/i.test(name) && isSecret(value))
    .map(([, value]) => value)
}

/** What is long and all the same is typed into every field by tests of what is too long. */
function isSecret(password: string) {
  return password.length >= PASSWORD_AT_LEAST && new Set(password).size > 3
}

/** What a form sent. Next's script puts numbers before the names. */
export function fieldsOf({ type, asked }: Pick<Exchange, 'type' | 'asked'>): [name: string, value: string][] {
  if (/urlencoded/.test(type ?? '')) return [...new URLSearchParams(asked.toString())]
  const parts = asked.toString().matchAll(/name="([^"]*)"[^\r]*\r\n(?:[^\r]+\r\n)*\r\n([\s\S]*?)\r\n--/g)
  return [...parts].map(([, name = '', value = '']) => [name, value])
}

/** How a secret may be spelled where it stands, by the name of the spelling. */
export function spellings({ kind, value }: Secret): Map<string, string> {
  const bytes = Buffer.from(value)
  const isToken = kind === 'cookie' || kind === 'link token'
  const token = Buffer.from(value, 'base64url')
  const digest = createHmac('sha256', 'likes').update(value.normalize('NFKC')).digest('base64')
  const forms: Record<string, string> = {
    'in a URL': encodeURIComponent(value),
    'in a form': String(new URLSearchParams({ _: value })).slice(2),
    'in HTML': value.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign),
    'in JSON': JSON.stringify(value).slice(1, -1),
    'in JSON in JSON': JSON.stringify(JSON.stringify(value)).slice(3, -3),
    'in hex': bytes.toString('hex'),
    'in base64': bytes.toString('base64').replace(/=+$/, ''),
    ...(isToken
      ? { 'its bytes in hex': token.toString('hex'), 'its bytes in base64': token.toString('base64').replace(/=$/, '') }
      : { 'what bcrypt is given': digest, 'its SHA-256': createHash('sha256').update(value).digest('hex') }),
    'as it is': value,
  }
  // The last name of each, which is the plainest.
  return new Map(Object.entries(forms).map(([name, text]) => [text, name]))
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' }
