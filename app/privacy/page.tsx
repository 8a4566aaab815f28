import type { Metadata } from 'next'
import { PageFrame } from '../ui/page-frame'

export const metadata: Metadata = { title: 'What we keep' }

export default function PrivacyPage() {
  return (
    <PageFrame>
      <div className="prose">
        <h1>What we keep, and how to erase it</h1>
        <p className="lead">
          In short: what you give us, and what it takes to keep it for you. No other visitor or member sees your list,
          unless you publish it. You can take all of it along, and erase it, at any time.
        </p>
        <p>
          Looking around leaves nothing behind: no cookie, no record. We begin to remember when you ask us to, with your
          first like, by giving us an address or by signing up. There is no tracking, neither on a page nor in a
          message, and nobody else’s script.
        </p>

        <h2>Without an account</h2>
        <p>
          We keep the things you like, when you liked them, the like you removed last so that you can undo it, the
          address you gave to our mailing list here, and when you were last here. A cookie named <code>session</code> (
          <code>__Host-session</code> where the connection is encrypted) lets this browser find its list again; it holds
          a random number and nothing about you. The list is erased 90 days after your last visit, or 370 to 400 days
          after you last added to it if that is sooner.
        </p>

        <h2>With an account</h2>
        <p>
          We keep your username, when you signed up, a one-way hash of your password, your likes, your recovery e-mail
          if you gave one, and for each session, which is a browser where you are logged in, what kind it is, such as
          “Firefox on Linux”, when that began, when it was last used, when you last gave your password there, and the
          address you gave to our mailing list there. A session ends after 2 hours without use and after 24 hours in any
          case; with “Keep me logged in” after 14 and 30 days. An ended session is deleted; that it was there is kept as
          said below.
        </p>
        <p>
          The recovery e-mail is for a link to a new password and for news of that password and of the address itself,
          and for nothing else. It counts when you have followed the link that we mail there. You can remove it.
        </p>

        <h2>A list that you publish</h2>
        <p>
          With an account you can publish your list on a page that everybody may read, with your username and a title of
          yours. Nobody else reads it until you press <strong>Publish my list</strong>. That shows all that is on your
          list then, without dates, and what you like later at once. What a later log-in brings along stays off the page
          until you publish it too. While it is published we keep since when, its title, and whether search engines may
          list it; they are asked not to, unless you let them. We do not note who reads it. Press{' '}
          <strong>Take my list back</strong>, and the page is gone, and its title too; whoever has read it may have kept
          a copy. The owner of this site can take the page down; when that was is kept until they allow it again.
        </p>

        <h2>The mailing list</h2>
        <p>
          We keep your address, when you gave it and when you confirmed it, until it leaves the list. Where this site
          sends no e-mail, an address is on it at once, and whoever types it can take it off. Otherwise one that nobody
          confirms is erased after seven days. If somebody gives an address that is on the list already, we tell its
          mailbox. You leave by the link in any message, by your mail program’s own button, or with{' '}
          <strong>Unregister</strong> where you gave the address.
        </p>

        <h2>Messages</h2>
        <p>
          Of each message we keep what kind it was, to whom and when, until seven days after it was delivered or given
          up, or until the address leaves the list; not its text, and not the secret in its link. Without the address,
          we keep which messages of an announcement were sent, and that a link to leave the list was one of ours.
        </p>

        <h2>What the owner of this site sees</h2>
        <p>
          The addresses on the list, since when, and to which an announcement could not be delivered; the usernames of
          members, since when, whether and since when they are kept out, have published their list or had it taken down,
          and how many likes and sessions they have; and how many likes, sign-ups, addresses and refused log-ins there
          were on each of the last thirty days. Not what anybody likes, but for published lists, nor your recovery
          e-mail; but whoever runs the server can take out what you can download, for instance when you ask for it. What
          they do to your account you read in your security activity.
        </p>

        <h2>Security activity</h2>
        <p>
          So that you can see who was at your account, we keep for 180 days when somebody signed up, logged in or out,
          typed a wrong password, changed the password or the recovery e-mail, ended a session, published the list or
          took it back, or downloaded the data, with the kind of browser and the network it came from: an IPv4 address,
          or the first half of an IPv6 one. A wrong password for a name that nobody has is kept as well, without the
          name, and so is a wrong one at the owner’s door. To slow down guessing and floods, passwords, sign-ups, likes,
          publications, downloads and messages are counted until a day after the last, under a hash of whom they are
          counted by, such as the name, the network or the address they go to. The owner of this site may read what
          happened in the server’s log. It has the network and the kind of browser too, also of a visitor who was
          forgotten. It has nothing of any list, no name and no address; of one that the owner deleted there is a hash,
          kept for 180 days here as well.
        </p>

        <h2>How to take it along</h2>
        <p>
          Press <strong>Download my data</strong>, below your list or on the page of your account. You get everything we
          keep about you as one file. Of the mailing list it has the address that was given in your browsers, but not
          what we keep about that address, since whoever gave it need not be its owner.
        </p>

        <h2 id="forget-me">How to erase it</h2>
        <p>
          Press <strong>Forget me</strong> below your list. Without an account, that erases the list and everything
          remembered with it, at once. With an account, it leads to deleting the account, which erases everything of
          yours; only the address to which a link to a new password was mailed stays for the seven days. The address
          that this browser brought to our mailing list goes with either. If it was there before, or another browser
          brought it, leave by the link in a message. Either way you see a receipt. Copies that the owner of this site
          made before, as backups, and the server’s log are theirs to delete.
        </p>
      </div>
    </PageFrame>
  )
}
