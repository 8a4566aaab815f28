import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { listShown } from '#lib/smtp'
import { Moment } from '../ui/moment'
import { PageFrame } from '../ui/page-frame'

export const metadata: Metadata = { title: 'Outbox', robots: { index: false } }

/** What was sent since the start, in development only: elsewhere there is no such page. */
export default function OutboxPage() {
  if (process.env.NODE_ENV !== 'development') notFound()
  const mails = listShown()
  return (
    <PageFrame isForAnybody>
      <h1>Outbox</h1>
      <p>What this site has sent since it was started, newest first. It is here in development only.</p>
      {mails.length === 0 && <p className="quiet">Nothing yet.</p>}
      {mails.map(({ to, subject, text, at }) => (
        <article key={`${at.getTime()} ${to}`} className="card">
          <h2>{subject}</h2>
          <p className="quiet">
            to {to}, <Moment at={at} now={new Date()} />
          </p>
          <pre className="letter">
            {text.split(/(https?:\/\/\S+)/).map((part, i) =>
              i % 2 ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text that never changes
                <a key={i} href={part}>
                  {part}
                </a>
              ) : (
                part
              ),
            )}
          </pre>
        </article>
      ))}
    </PageFrame>
  )
}
