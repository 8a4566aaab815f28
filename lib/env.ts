/**
 * The only reader of `process.env` (files that run before the build aside). Everything is checked at start, so that a
 * wrong setting stops the server with the variable's name instead of surprising somebody later.
 */
import { z } from 'zod'
import { parseAddress } from './email-address.ts'

/** This machine, as a URL names it. */
export const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const AppUrl = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null
  const isOrigin = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash
  if (isOrigin && !url.username) return url
  context.addIssue({ code: 'custom', message: 'must be an address such as https://likes.example, with no path' })
  return z.NEVER
})

function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error })
}

function oneLine(atMost: number) {
  const error = `must be one line of at most ${atMost} characters`
  return z
    .string()
    .regex(/^[^\p{Cc}]+$/u, { error })
    .max(atMost, { error })
}

function isMailbox(value: string) {
  const [, address] = /^(?:[^<>"\p{Cc}]*<([^<>]+)>|[^<>\s]+)$/u.exec(value) ?? []
  return parseAddress(address ?? value).ok
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

const Variables = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: wholeNumber(1, 65_535).default(3000),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.|postgres(ql)?:\/\/.)/, 'must be file: and a path, or postgresql:// and where the server is')
    .default('file:./data/likes.db'),
  DATABASE_POOL: wholeNumber(1, 1000).default(10),
  APP_URL: AppUrl.optional(),
  TRUSTED_PROXY_HOPS: wholeNumber(0, 10).default(0),
  PASSWORD_PEPPER: z
    .string()
    .transform((value) => value.split(',').map((pepper) => pepper.trim()))
    .refine((peppers) => peppers.every((pepper) => pepper.length >= 8), 'must be at least 8 characters each')
    .default([]),
  ADMIN_PASSWORD: z
    .string()
    .refine((value) => [...value].length >= 12, 'must be at least 12 characters')
    .optional(),
  SMTP_URL: z
    .string()
    .refine((value) => URL.canParse(value) && /^smtps?:$/.test(new URL(value).protocol), {
      error: 'must be smtp:// or smtps:// and where the server is',
    })
    .optional(),
  MAIL_FROM: z.string().refine(isMailbox, 'must be an address, or a name and <an address>').optional(),
  SITE_NAME: oneLine(60).default('Likes'),
  POSTAL_ADDRESS: oneLine(200).optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{16,}$/, 'must be at least 16 letters, digits or any of - . _ ~ + / =')
    .optional(),
  // Next takes this one and the next from the environment when it builds.
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z
    .string()
    .refine((value) => /^[\w+/]+=*$/.test(value) && [16, 24, 32].includes(Buffer.from(value, 'base64').length), {
      error: 'must be 16, 24 or 32 bytes in base64: openssl rand -base64 32',
    })
    .optional(),
  BUILD_ID: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits or any of - . _')
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
})

type Env = {
  databaseUrl: string
  /** How many connections to PostgreSQL this process may hold. */
  databasePool: number
  /** The origins that are ours: `APP_URL`'s, or the loopback names of `PORT` when it is unset. */
  origins: string[]
  /** Whether the public address is https: decides the cookie's name and its Secure attribute. */
  isSecure: boolean
  /** Secrets that are mixed into passwords before hashing: the first for new hashes, all of them to verify old ones. */
  peppers: string[]
  /** What opens `/admin`; without it there is none. */
  adminPassword: string | undefined
  /** How e-mail is sent; null when this site sends none. In development without a server it only goes to `/outbox`. */
  mail: { smtpUrl: string | undefined; from: string } | null
  /** The public address, without a slash at its end: what links in e-mail begin with. */
  appUrl: string
  siteName: string
  /** Where the sender of announcements can be written to. */
  postalAddress: string | undefined
  /** What opens `/metrics`; without it there is none. */
  metricsToken: string | undefined
  logLevel: (typeof LOG_LEVELS)[number]
}

/**
 * Reads and checks the variables.
 * @throws Error naming each variable that is wrong and what it must be.
 */
export function readEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const result = Variables.safeParse(given)
  if (!result.success) {
    throw new Error(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const { APP_URL: url, PORT, NODE_ENV, SMTP_URL: smtpUrl, MAIL_FROM } = result.data
  const isSecure = url?.protocol === 'https:'
  if (url && !isSecure && NODE_ENV === 'production' && !LOOPBACK.includes(url.hostname)) {
    throw new Error('APP_URL: must be https in production, since on http anyone on the way can read the cookie')
  }
  const origins = url ? [url.origin] : LOOPBACK.map((name) => new URL(`http://${name}:${PORT}`).origin)
  const appUrl = url?.origin ?? `http://localhost:${PORT}`
  const isMailOn = smtpUrl !== undefined || NODE_ENV === 'development'
  const from = MAIL_FROM ?? `likes@${new URL(appUrl).hostname}`
  return {
    databaseUrl: result.data.DATABASE_URL,
    databasePool: result.data.DATABASE_POOL,
    origins,
    isSecure,
    peppers: result.data.PASSWORD_PEPPER,
    adminPassword: result.data.ADMIN_PASSWORD,
    mail: isMailOn ? { smtpUrl, from } : null,
    appUrl,
    siteName: result.data.SITE_NAME,
    postalAddress: result.data.POSTAL_ADDRESS,
    metricsToken: result.data.METRICS_TOKEN,
    logLevel: result.data.LOG_LEVEL,
  }
}

let checked: Env | undefined

/** The checked variables. Lazy, because `next build` evaluates modules on machines that have no settings. */
export function env(): Env {
  checked ??= readEnv(process.env)
  return checked
}
