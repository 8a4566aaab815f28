'use client'

import { useActionState } from 'react'
import { Alert, Field } from '../../ui/field'
import { deleteAnnouncement, sendAnnouncement, testAnnouncement } from './actions'

type Props = { id: string; recipients: number; isMailOn: boolean }

/** What can become of a draft: a test, everybody's mailbox, or nothing. */
export function DraftForms({ id, recipients, isMailOn }: Props) {
  const [tested, test, isTesting] = useActionState(testAnnouncement, null)
  const [sent, send, isSending] = useActionState(sendAnnouncement, null)
  const [deleted, discard, isDeleting] = useActionState(deleteAnnouncement, null)
  const them = recipients === 1 ? '1 subscriber' : `${recipients.toLocaleString('en')} subscribers`
  return (
    <section aria-labelledby="send">
      <h2 id="send">Send it</h2>
      {!isMailOn && <p>This site sends no e-mail, since SMTP_URL is not set. The draft is kept.</p>}
      <form action={test} className="card" noValidate>
        <input type="hidden" name="id" value={id} />
        <Alert error={tested?.message ?? tested?.errors.id} />
        <Field
          name="email"
          label="Email"
          type="email"
          hint="Your own, to see it in a mailbox first."
          error={tested?.errors.email}
          defaultValue={tested?.values.email}
          autoComplete="email"
          required
        />
        <button className="quiet-button" aria-busy={isTesting}>
          Send a test
        </button>
      </form>
      <form action={send} className="card">
        <input type="hidden" name="id" value={id} />
        <Alert error={sent?.message ?? sent?.errors.id} />
        <p>To everybody who is on the list at that moment, once. It cannot be called back.</p>
        <button aria-busy={isSending}>Send to {them}</button>
      </form>
      <form action={discard} className="card">
        <input type="hidden" name="id" value={id} />
        <Alert error={deleted?.message ?? deleted?.errors.id} />
        <button className="danger" aria-busy={isDeleting}>
          Delete draft
        </button>
      </form>
    </section>
  )
}
