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
          We keep your username, when you signed up, a one-way hash of your password, your likes, and for each session,
          which is a browser where you are logged in, what kind it is, such as “Firefox on Linux”, when that began, when
          it was last used, and when you last gave your password there. A session ends after 2 hours without use and
          after 24 hours in any case; with “Keep me logged in” after 14 and 30 days. An ended session is deleted; that
          it was there is kept as said below.
        </p>

        <h2>Security activity</h2>
        <p>
          So that you can see who was at your account, we keep for 180 days when somebody signed up, logged in or out,
          typed a wrong password, changed the password, ended a session or downloaded the data, with the kind of browser
          and the network it came from: an IPv4 address, or the first half of an IPv6 one. A wrong password for a name
          that nobody has is kept as well, without the name. To slow down guessing and floods, passwords, sign-ups,
          likes and downloads are counted until a day after the last, under a hash of whom they are counted by, such as
          the name or the network. The owner of this site may read what happened in the server’s log. It has the network
          and the kind of browser too, also of a visitor who was forgotten, and no names and nothing of any list.
        </p>

        <h2>How to take it along</h2>
        <p>
          Press <strong>Download my data</strong>, below your list or on the page of your account. You get everything we
          keep about you as one file.
        </p>

        <h2 id="forget-me">How to erase it</h2>
        <p>
          Press <strong>Forget me</strong> below your list. Without an account, that erases the list and everything
          remembered with it, at once. With an account, it leads to deleting the account, which erases everything of
          yours. Either way you see a receipt. Copies that the owner of this site made before, as backups, and the
          server’s log are theirs to delete.
        </p>
      </div>
    </PageFrame>
  )
}
