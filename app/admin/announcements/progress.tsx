import type { Progress as Counts } from '#lib/announcements'
import { LookAgain } from './look-again'

type Props = Counts & { undelivered: { id: string; recipient: string; state: string; reason: string | null }[] }

/** How far an announcement is, and whom it did not reach. */
export function Progress({ total, sent, failed, unknown, waiting, undelivered }: Props) {
  const words = [
    `Sent to ${sent.toLocaleString('en')} of ${total.toLocaleString('en')}.`,
    waiting > 0 && `${waiting.toLocaleString('en')} to come.`,
    failed > 0 && `${failed.toLocaleString('en')} not delivered.`,
    unknown > 0 && `${unknown.toLocaleString('en')} unknown.`,
  ]
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">{waiting > 0 ? 'Being sent' : 'Sent'}</h2>
      {waiting > 0 && <progress aria-labelledby="progress" max={total} value={total - waiting} />}
      <p>{words.filter(Boolean).join(' ')}</p>
      {/* Once, and not at each of the numbers on the way. */}
      <p role="status" className="visually-hidden">
        {waiting > 0 ? 'On its way.' : 'Nothing is on its way any more.'}
      </p>
      {waiting > 0 && <LookAgain />}
      {undelivered.length > 0 && (
        <>
          <p>
            What was interrupted may have arrived. It is not sent again, so that nobody gets it twice. The addresses are
            shown for seven days.
          </p>
          <ul className="rows">
            {undelivered.map(({ id, recipient, state, reason }) => (
              <li key={id}>
                <bdi>{recipient}</bdi>{' '}
                <span className="quiet">
                  {state === 'failed' ? 'not delivered' : 'unknown'}, {reason}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
