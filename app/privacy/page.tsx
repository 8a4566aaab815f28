import type { Metadata } from 'next'
import { PageFrame } from '../ui/page-frame'

export const metadata: Metadata = { title: 'What we keep' }

export default function PrivacyPage() {
  return (
    <PageFrame>
      <div className="prose">
        <h1>What we keep, and how to erase it</h1>
        <p>
          Looking around leaves nothing behind: no cookie, no record. We begin to remember when you ask us to, with your
          first like or by signing up. There is no tracking and nobody else’s script on any page.
        </p>

        <h2>Without an account</h2>
        <p>
          We keep the things you like, when you liked them, the like you removed last so that you can undo it, and when
          you were last here. A cookie named <code>session</code> (<code>__Host-session</code> where the connection is
          encrypted) lets this browser find its list again; it holds a random number and nothing about you. The list is
          erased 90 days after your last visit, or 370 to 400 days after you last added to it if that is sooner.
        </p>

        <h2>With an account</h2>
        <p>
          We keep your username, a one-way hash of your password, your likes, and for each browser where you are logged
          in when that began and when it was last used. A log-in ends after 2 hours without use and after 24 hours in
          any case; with “Keep me logged in” after 14 and 30 days. Ended log-ins are not kept.
        </p>

        <h2 id="forget-me">How to erase it</h2>
        <p>
          Press <strong>Forget me</strong> below your list. Without an account, that erases the list and everything
          remembered with it, at once. With an account, it leads to deleting the account, which erases everything of
          yours. Either way you see a receipt. Copies that the owner of this site made before, as backups, are theirs to
          delete.
        </p>
      </div>
    </PageFrame>
  )
}
