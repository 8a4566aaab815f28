'use server'

import { redirect } from 'next/navigation'
import { action } from '#lib/action'
import { MemberForm } from '#lib/forms'
import { allowList, disableMember, enableMember, endSessionsOf, takeListDown } from '#lib/members'
import { getAttempt } from '#lib/request'
import { requireAdmin } from '#lib/session'

const ACTS = {
  end: { run: endSessionsOf, notice: 'member-ended' },
  disable: { run: disableMember, notice: 'member-disabled' },
  enable: { run: enableMember, notice: 'member-enabled' },
  takeDown: { run: takeListDown, notice: 'list-taken-down' },
  allow: { run: allowList, notice: 'list-allowed' },
}

export const changeMember = action(MemberForm, async ({ act, id, q, after }) => {
  const { run, notice } = ACTS[act]
  await requireAdmin()
  const isDone = Boolean(await run(id, await getAttempt()))
  const page = { ...(q && { q }), ...(after && { after }) }
  redirect(`/admin/members?${new URLSearchParams({ ...page, notice: isDone ? notice : 'member-gone' })}`)
})
