'use server'

import { redirect } from 'next/navigation'
import { unavailable } from '#lib/db'
import { type FormState, parseForm, TokenForm } from '#lib/forms'
import * as mailingList from '#lib/mailing-list'
import { requireOwnOrigin } from '#lib/request'
import { getViewer } from '#lib/session'

export async function unsubscribe(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(TokenForm, form)
  if (!input.ok) return input.state
  try {
    const found = await mailingList.unsubscribe(input.data.token, await getViewer(), new Date())
    if (found === null)
      return input.refuse({
        message: 'This link is none of ours. Nothing was changed: use the one in our newest message.',
      })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect('/?notice=unsubscribed')
}
