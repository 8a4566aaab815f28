/**
 * What the owner of the site can watch: one line of JSON on stdout for each event. Never a password, a token, an e-mail
 * address or what was typed as a username; and nothing that a client sends can begin a line of its own.
 */
import { pino } from 'pino'
import { env } from './env.ts'
import { countEvent } from './metrics.ts'
import type { EventKind } from './security-log.ts'
import type { Attempt } from './viewer.ts'

/** What leaves a line and no row. */
type LineOnly =
  | 'accountDeleted'
  | 'visitorForgotten'
  | 'passwordGiven'
  | 'throttled'
  | 'originRefused'
  | 'metricsRefused'
  | 'refused'

const REFUSALS: (EventKind | LineOnly)[] = [
  'logInFailed',
  'passwordFailed',
  'adminLogInFailed',
  'throttled',
  'originRefused',
  'metricsRefused',
  'refused',
]

type Announcement = Attempt & { kind: EventKind | LineOnly; userId: string | null; detail?: string | undefined }

/** Writes the line of a security event and counts it (ASVS 5.0, 16.2.1, 16.3.1–16.3.3). Never throws. */
export function announce({ kind, userId, client, detail }: Announcement): void {
  countEvent(kind)
  const line = { event: kind, userId, ...client, detail }
  if (REFUSALS.includes(kind)) logger().warn(line)
  else logger().info(line)
}

/** Writes that something failed which nobody asked for, such as the clean-up. Never throws. */
export function logFailure(what: string, error: unknown): void {
  logger().error({ event: 'failed', what, error: error instanceof Error ? error.message : String(error) })
}

let made: pino.Logger | undefined
let fd = 1

/** Sends the lines to stderr, for a command: what it prints on stdout is its result. */
export function logToStderr(): void {
  fd = 2
}

function logger() {
  if (made) return made
  // One write a line, at once: a line that tells of a refusal must not be lost with the process.
  const stdout = pino.destination({ dest: fd, sync: true })
  // A full disk behind stdout would otherwise throw here, and make a failure of what has been done.
  stdout.on('error', () => {})
  made = pino(
    {
      level: env().logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    stdout,
  )
  return made
}
