/** Delivers what is on its way, by itself, in every process of the server. */
import { addressAnnouncement } from './announcements.ts'
import { env } from './env.ts'
import { logFailure } from './log.ts'
import { type ClaimedMail, claimDue, isAnythingDue, isTooLate, recoverInterrupted, settle } from './mail.ts'
import { compose, type MailKind } from './mail-texts.ts'
import { accountsAt } from './recovery.ts'
import { CONNECTIONS, closeTransport, type Outcome, send } from './smtp.ts'

const EVERY = 1000

/** Delivers until nothing is due, or `goOn` says no. @param clock The time, asked again for each batch. */
export async function deliverDue(clock: () => Date, goOn = () => true): Promise<void> {
  if (await isAnythingDue(clock())) await recoverInterrupted(clock())
  else if (!(await addressAnnouncement(clock()))) return
  while (goOn()) {
    const isAddressing = await addressAnnouncement(clock())
    // No more than can be under way, since as many are of unknown fate when the process is killed.
    const batch = await claimDue(clock(), CONNECTIONS)
    if (batch.length === 0 && !isAddressing) return
    const outcomes = await Promise.all(batch.map(async (mail) => ({ mail, outcome: await deliver(mail, clock()) })))
    await settle(outcomes, clock())
    // One line for all: what is wrong is wrong with the server, such as its certificate.
    const [failure] = outcomes.flatMap(({ outcome }) =>
      'reason' in outcome && outcome.is !== 'refused' ? outcome : [],
    )
    if (failure) logFailure('mail', failure.reason)
    // A server that takes nothing is asked again in the next round, and not once for each message.
    if (outcomes.length > 0 && outcomes.every(({ outcome }) => outcome.is === 'unsent')) return
  }
}

async function deliver(mail: ClaimedMail, now: Date): Promise<Outcome> {
  const { recipient, token, announcement, subscriberId } = mail
  const kind = mail.kind as MailKind
  if (isTooLate(mail, now)) return { is: 'refused', reason: 'too late' }
  // Whose address has left the list in the moment the mail was made.
  if (kind === 'announcement' && !subscriberId) return { is: 'needless' }
  try {
    // Looked up only here, where nobody who asked can tell from the time what was found.
    const usernames = kind === 'resetPassword' ? await accountsAt(recipient) : [mail.user?.username ?? '']
    if (usernames.length === 0) return { is: 'needless' }
    return await send(compose(kind, { recipient, token, usernames, announcement }), recipient)
  } catch (error) {
    logFailure('mail', error)
    return { is: 'unsent', reason: 'error' }
  }
}

/** Looks every second whether anything is due. A failure loses nothing: what was not sent is still there. */
export function startPostman(): void {
  if (!env().mail) return
  let isStopping = false
  let round = Promise.resolve()
  const look = () => {
    round = deliverDue(
      () => new Date(),
      () => !isStopping,
    )
      .catch((error) => logFailure('mail', error))
      .then(() => void setTimeout(look, EVERY).unref())
  }
  look()
  // For the door, which lets what was begun finish. Not an export: the bundle that the door has is another one.
  Object.assign(globalThis, {
    likesStopPostman: async () => {
      isStopping = true
      await round
      closeTransport()
    },
  })
}
