import Link from 'next/link'
import { PageFrame } from './page-frame'

/** For a link from a message that leads nowhere: used, too old, cut short, or another account's. */
export function LinkEnded() {
  return (
    <PageFrame isForAnybody>
      <div className="narrow">
        <h1>This link does not work any more.</h1>
        <p>
          It was used already, its time is over, or part of it is missing. If you get more messages from us, the link in
          the newest one works.
        </p>
        <p>
          <Link href="/">Go to your list</Link>
        </p>
      </div>
    </PageFrame>
  )
}
