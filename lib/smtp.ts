/** Handing a message to the mail server: the only place that knows nodemailer. */
import type { Readable } from 'node:stream'
import { createTransport, type Transporter } from 'nodemailer'
import { env, LOOPBACK } from './env.ts'
import type { Message } from './mail-texts.ts'

/**
 * What became of a message. `unknown` when the server may have it, `unsent` when it has not; `refused` is for good, and
 * `needless` is one that turned out to be for nobody.
 */
export type Outcome = { is: 'sent' | 'needless' } | { is: 'refused' | 'unsent' | 'unknown'; reason: string }

/** How many messages may be under way at once. */
export const CONNECTIONS = 5

const SECOND = 1000
/** A server that is silent for so long, at any step, is not waited for. */
const PATIENCE = { connectionTimeout: 10 * SECOND, greetingTimeout: 10 * SECOND, socketTimeout: 20 * SECOND }
/** A message that is not through by then is given up, or a server that trickles would hold it for ever. */
export const SEND_AT_MOST = 120 * SECOND

let transport: Transporter | undefined

/** Sends a message to one address. A failure is an outcome too. */
export async function send(message: Message, to: string): Promise<Outcome> {
  const { mail } = env()
  if (!mail) return { is: 'unsent', reason: 'e-mail is off' }
  if (process.env.NODE_ENV === 'development') show(message, to)
  if (!mail.smtpUrl) return { is: 'sent' }
  transport ??= open(mail.smtpUrl)
  const streams: Readable[] = []
  try {
    await transport.sendMail({
      ...message,
      from: mail.from,
      // As an object, which is not parsed: one address is one recipient.
      to: { name: '', address: to },
      signal: AbortSignal.timeout(SEND_AT_MOST),
      disableFileAccess: true,
      disableUrlAccess: true,
      ...{ streams },
    })
    return { is: 'sent' }
  } catch (error) {
    return outcomeOf(
      error as SendError,
      streams.some((stream) => stream.readableDidRead),
    )
  }
}

function open(url: string) {
  // Of the URL's own options `requireTLS` goes before ours: `?requireTLS=false` where nobody else is on the way.
  const requireTLS = !LOOPBACK.includes(new URL(url).hostname)
  const pool = createTransport({ url, requireTLS, pool: true, maxConnections: CONNECTIONS, ...PATIENCE })
  // The message is read when the server is ready for it, and not before: only then may it have arrived.
  pool.use('stream', (mail, done) => {
    const { message } = mail
    const create = message.createReadStream.bind(message)
    message.createReadStream = (options) => {
      const stream = create(options)
      ;(mail.data as { streams?: Readable[] }).streams?.push(stream)
      return stream
    }
    done()
  })
  return pool
}

/** Closes the connections, so that a process can end. */
export function closeTransport(): void {
  transport?.close()
  transport = undefined
}

type SendError = Error & {
  code?: string
  originalCode?: string
  responseCode?: number
  permanent?: boolean
  timeoutType?: string
  command?: string
}

/** The reason is a code: the server's words may repeat the address. */
function outcomeOf(error: SendError, hasBegun: boolean): Outcome {
  const { code, originalCode, responseCode, permanent, timeoutType, command, name } = error
  const reason = String(responseCode ?? timeoutType ?? originalCode ?? code ?? name)
  if (!responseCode) return { is: hasBegun ? 'unknown' : 'unsent', reason }
  // Only these two are about this message; a server that refuses us, or our sender, may think better of it.
  const isVerdict = command === 'RCPT TO' || code === 'EMESSAGE'
  return { is: permanent && isVerdict ? 'refused' : 'unsent', reason }
}

export type ShownMail = Message & { to: string; at: Date }

const SHOWN_AT_MOST = 50
const shown = globalThis as { likesShownMail?: ShownMail[] }

/** In development: the latest messages, newest first. They are in memory only. */
export function listShown(): ShownMail[] {
  return shown.likesShownMail ?? []
}

function show(message: Message, to: string) {
  shown.likesShownMail = [{ ...message, to, at: new Date() }, ...listShown()].slice(0, SHOWN_AT_MOST)
}
