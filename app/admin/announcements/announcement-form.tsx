'use client'

import { useActionState } from 'react'
import { Alert, Field, TextArea } from '../../ui/field'
import { saveAnnouncement } from './actions'

type Props = { id?: string; subject?: string; text?: string }

/** Writes an announcement, or goes on with a draft; then it is shown as it will look. */
export function AnnouncementForm({ id = '', subject, text }: Props) {
  const [state, formAction, isPending] = useActionState(saveAnnouncement, null)
  return (
    <form action={formAction} className="card" noValidate>
      <input type="hidden" name="id" value={id} />
      <Alert error={state?.message ?? state?.errors.id} />
      <Field
        name="subject"
        label="Subject"
        error={state?.errors.subject}
        defaultValue={state?.values.subject ?? subject}
        autoComplete="off"
        maxLength={150}
        required
      />
      <TextArea
        name="text"
        label="Text"
        hint="Plain text. An empty line begins a paragraph. Who sends it, why, and the link to leave the list are added."
        error={state?.errors.text}
        defaultValue={state?.values.text ?? text}
        rows={10}
        required
      />
      <button aria-busy={isPending}>Preview</button>
    </form>
  )
}
