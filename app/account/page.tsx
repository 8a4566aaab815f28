import type { Metadata } from 'next'
import Link from 'next/link'
import { env } from '#lib/env'
import { listSessions } from '#lib/member-sessions'
import { type Publication, publicationOf } from '#lib/published-list'
import { recoveryEmailOf } from '#lib/recovery'
import { listActivity } from '#lib/security-log'
import { requireMember } from '#lib/session'
import { isSudo } from '#lib/session-limits'
import { type Member, markOf } from '#lib/viewer'
import { publishedAddressOf } from '../ui/list-view'
import { Moment } from '../ui/moment'
import { Notice } from '../ui/notice'
import { PageFrame } from '../ui/page-frame'
import { Activity } from './activity'
import { DeleteForm } from './delete-form'
import { ExportForm } from './export-form'
import { PasswordForm } from './password-form'
import { PublishForm } from './publish-form'
import { RecoveryForm } from './recovery-form'
import { SessionsForm } from './sessions-form'

export const metadata: Metadata = { title: 'Your account' }

export default async function AccountPage({ searchParams }: PageProps<'/account'>) {
  const member = await requireMember('/account')
  const { notice } = await searchParams
  const now = new Date()
  const [sessions, activity, recoveryEmail, publication] = await Promise.all([
    listSessions(member, now),
    listActivity(member),
    recoveryEmailOf(member),
    publicationOf(member),
  ])
  const isMailOn = env().mail !== null
  const proof = { isPasswordNeeded: !isSudo(member.session, now), mark: markOf(member) }
  return (
    <PageFrame>
      <div className="account">
        <h1>Your account</h1>
        <Notice code={notice} kind={member.kind} />
        <p>
          You are logged in as <strong>{member.username}</strong>.
        </p>
        <section aria-labelledby="share">
          <h2 id="share">Share your list</h2>
          <Sharing member={member} publication={publication} />
        </section>
        <section aria-labelledby="sessions">
          <h2 id="sessions">Your sessions</h2>
          <p>Where you are logged in. End any you do not recognise, then change your password.</p>
          <SessionsForm
            {...proof}
            sessions={sessions.map(({ id, device, isThisDevice, createdAt, lastSeenAt }) => ({
              ...{ id, device, isThisDevice },
              times: (
                <>
                  logged in <Moment at={createdAt} now={now} />, last seen <Moment at={lastSeenAt} now={now} />
                </>
              ),
            }))}
          />
        </section>
        <section aria-labelledby="password">
          <h2 id="password">Change password</h2>
          <p>Logs out every other device.</p>
          <PasswordForm username={member.username} mark={proof.mark} />
        </section>
        <section aria-labelledby="recovery">
          <h2 id="recovery">Recovery e-mail</h2>
          <p>
            {recoveryEmail && (
              <>
                If you forget your password, we mail a link to <strong>{recoveryEmail}</strong>.{' '}
              </>
            )}
            {!isMailOn && 'This site sends no e-mail, so recovery is off: a forgotten password cannot be replaced.'}
            {isMailOn &&
              !recoveryEmail &&
              'Without one, a forgotten password cannot be replaced. We use it for nothing else.'}
          </p>
          <RecoveryForm {...proof} address={recoveryEmail} isMailOn={isMailOn} />
        </section>
        <section aria-labelledby="activity">
          <h2 id="activity">Security activity</h2>
          <p>What happened at your account: the latest twenty. All of the last 180 days are in your data, below.</p>
          <Activity events={activity} now={now} />
        </section>
        <section aria-labelledby="export">
          <h2 id="export">Your data</h2>
          <p>Everything we keep about you, as one JSON file. No password and no key is in it.</p>
          <ExportForm {...proof} />
        </section>
        <section aria-labelledby="delete">
          <h2 id="delete">Delete account</h2>
          <p>
            Erases your account, your likes, a page of them if you publish one, your security activity and your sessions
            on every device, at once and for good, and the address that this browser gave to our mailing list.
          </p>
          <DeleteForm {...proof} />
        </section>
      </div>
    </PageFrame>
  )
}

function Sharing({ member, publication }: { member: Member; publication: Publication }) {
  const { isTakenDown, ...shown } = publication
  const { isPublished, heldBack } = shown
  const address = publishedAddressOf(member.username)
  if (isTakenDown)
    return (
      <p>
        The owner of this site has taken your page down. Your list is all there, and only you can see it. You can
        publish it again when they allow it.
      </p>
    )
  return (
    <>
      {isPublished ? (
        <p>
          Everybody can read your list at <Link href={address}>{`${env().appUrl}${address}`}</Link>. What you like shows
          there at once.
        </p>
      ) : (
        <p>
          Only you can see your list. Publish it, and everybody can read it, with your username: all that is on it now,
          and what you like later. Nobody else can change it.
        </p>
      )}
      {heldBack.count > 0 && (
        <p>
          {heldBack.count === 1 ? 'One like that a log-in' : `${heldBack.count} likes that log-ins`} brought along{' '}
          {heldBack.count === 1 ? 'is' : 'are'}{' '}
          {isPublished
            ? `held back: your list says “Not on your page” below ${heldBack.count === 1 ? 'it' : 'them'}.`
            : 'among them.'}
        </p>
      )}
      <PublishForm {...shown} username={member.username} mark={markOf(member)} />
    </>
  )
}
