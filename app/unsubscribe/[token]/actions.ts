'use server'

import { redirect } from 'next/navigation'
import { action } from '#lib/action'
import { TokenForm } from '#lib/forms'
import * as mailingList from '#lib/mailing-list'
import { getViewer } from '#lib/session'

export const unsubscribe = action(TokenForm, async (input, refuse) => {
  const found = await mailingList.unsubscribe(input.token, await getViewer(), new Date())
  if (found) redirect('/?notice=unsubscribed')
  return refuse({ message: 'This link is none of ours. Nothing was changed: use the one in our newest message.' })
})
