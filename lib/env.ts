/**
 * The only reader of `process.env` (files that run before the build aside). Everything is checked at start, so that a
 * wrong setting stops the server with the variable's name instead of surprising somebody later.
 */
import { z } from 'zod'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

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
  const { APP_URL: url, PORT, NODE_ENV, DATABASE_URL: databaseUrl, DATABASE_POOL: databasePool } = result.data
  const { PASSWORD_PEPPER: peppers, LOG_LEVEL: logLevel } = result.data
  const isSecure = url?.protocol === 'https:'
  if (url && !isSecure && NODE_ENV === 'production' && !LOOPBACK.includes(url.hostname)) {
    throw new Error('APP_URL: must be https in production, since on http anyone on the way can read the cookie')
  }
  const origins = url ? [url.origin] : LOOPBACK.map((name) => new URL(`http://${name}:${PORT}`).origin)
  return { databaseUrl, databasePool, origins, isSecure, peppers, logLevel }
}

let checked: Env | undefined

/** The checked variables. Lazy, because `next build` evaluates modules on machines that have no settings. */
export function env(): Env {
  checked ??= readEnv(process.env)
  return checked
}
