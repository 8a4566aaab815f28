import type { Activity as Event } from '#lib/security-log'
import { Moment } from '../ui/moment'

/** What happened at the account, newest first. */
export function Activity({ events, now }: { events: Event[]; now: Date }) {
  if (events.length === 0) return <p>Nothing yet.</p>
  return (
    <ol className="activity">
      {events.map(({ id, what, at, device, address, detail }) => (
        <li key={id}>
          <span>
            {what}
            {detail && `: ${detail}`}
          </span>
          <span className="quiet">
            <Moment at={at} now={now} isExact /> · {device} · {address}
          </span>
        </li>
      ))}
    </ol>
  )
}
