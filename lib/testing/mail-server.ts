/** A real SMTP server for tests, which keeps what it was given and can be made to misbehave. */
import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** What arrived: the envelope's recipients, the headers by their names in lower case, and both parts. */
export type Received = {
  to: string[]
  from: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  raw: string
}

type Behaviour = {
  /** Answers a recipient with this code. */
  refuse?: Record<string, number>
  /** Takes a message and answers nothing. */
  isSilent?: boolean
  /** Hangs up instead of taking a recipient. */
  leavesAtOnce?: boolean
  /** Takes a message and hangs up. */
  hangsUp?: boolean
}

export class MailServer {
  readonly received: Received[] = []
  behaviour: Behaviour = {}
  #server: SMTPServer
  #arrivals = new EventEmitter()
  #sockets = new Set<Socket>()
  #port = 0

  /** @param keep Is given each message too, taken out or not. */
  constructor(readonly keep: (mail: Received) => void = () => {}) {
    this.#server = this.#create()
  }

  get url() {
    return `smtp://127.0.0.1:${this.#port}`
  }

  /** Listens, at the port it had before when it was stopped. */
  async start(): Promise<this> {
    this.#server = this.#create()
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server.server, 'listening')
    const address = this.#server.server.address()
    if (address && typeof address === 'object') this.#port = address.port
    return this
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((done) => this.#server.close(() => done()))
  }

  /** The first message that fits, once it has arrived; it is taken out. @throws Error after ten seconds. */
  async take(fits: (mail: Received) => boolean = () => true): Promise<Received> {
    const until = Date.now() + 10_000
    for (;;) {
      const index = this.received.findIndex(fits)
      const [mail] = index < 0 ? [] : this.received.splice(index, 1)
      if (mail) return mail
      const signal = AbortSignal.timeout(Math.max(until - Date.now(), 1))
      await once(this.#arrivals, 'mail', { signal }).catch(() => {
        throw new Error(`no such mail; there is ${JSON.stringify(this.received.map(({ subject }) => subject))}`)
      })
    }
  }

  /** Waits until so many have arrived. */
  async until(count: number): Promise<void> {
    while (this.received.length < count) await once(this.#arrivals, 'mail')
  }

  /** Waits until it has a message in hand of which it says nothing. */
  async untilHeld(): Promise<void> {
    await once(this.#arrivals, 'held')
  }

  #create() {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      closeTimeout: 100,
      onRcptTo: ({ address }, _, done) => {
        if (this.behaviour.leavesAtOnce) for (const socket of this.#sockets) socket.destroy()
        const responseCode = this.behaviour.refuse?.[address]
        done(responseCode ? Object.assign(new Error('refused'), { responseCode }) : null)
      },
      onData: async (stream, session, done) => {
        const pieces: Buffer[] = []
        try {
          for await (const piece of stream) pieces.push(piece)
        } catch {
          // The client was killed in the middle of it.
          return done()
        }
        const { hangsUp, isSilent } = this.behaviour
        if (isSilent) return void this.#arrivals.emit('held')
        const raw = Buffer.concat(pieces)
        const mail = asReceived(await PostalMime.parse(raw), raw.toString(), session.envelope)
        this.received.push(mail)
        this.keep(mail)
        this.#arrivals.emit('mail')
        if (hangsUp) for (const socket of this.#sockets) socket.destroy()
        else done()
      },
    })
    server.on('error', () => {})
    server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    return server
  }
}

type Envelope = { rcptTo: { address: string }[]; mailFrom: { address: string } | false }

function asReceived(mail: Email, raw: string, { rcptTo, mailFrom }: Envelope): Received {
  return {
    to: rcptTo.map(({ address }) => address),
    from: mailFrom ? mailFrom.address : '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    raw,
  }
}

/** The first link in a message whose path begins so, without the origin. */
export function linkIn({ text }: Received, begins: string): string {
  const found = [...text.matchAll(/https?:\/\/[^/\s]+(\/\S*)/g)].map(([, path = '']) => path)
  const path = found.find((candidate) => candidate.startsWith(begins))
  if (!path) throw new Error(`no link ${begins} in ${text}`)
  return path
}
