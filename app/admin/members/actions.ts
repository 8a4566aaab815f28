'use server'

import { redirect } from 'next/navigation'
import { unavailable } from '#lib/db'
import { type FormState, MemberForm, parseForm } from '#lib/forms'
import { allowList, disableMember, enableMember, endSessionsOf, takeListDown } from '#lib/members'
import { getAttempt, requireOwnOrigin } from '#lib/request'
import { requireAdmin } from '#lib/session'

const ACTS = {
  end: { run: endSessionsOf, notice: 'member-ended' },
  disable: { run: disableMember, notice: 'member-disabled' },
  enable: { run: enableMember, notice: 'member-enabled' },
  takeDown: { run: takeListDown, notice: 'list-taken-down' },
  allow: { run: allowList, notice: 'list-allowed' },
}

export async function changeMember(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(MemberForm, form)
  if (!input.ok) return input.state
  const { act, id, q, after } = input.data
  const { run, notice } = ACTS[act]
  let isDone: boolean
  try {
    await requireAdmin()
    isDone = Boolean(await run(id, await getAttempt()))
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  const page = { ...(q && { q }), ...(after && { after }) }
  redirect(`/admin/members?${new URLSearchParams({ ...page, notice: isDone ? notice : 'member-gone' })}`)
}
