'use server'

import { redirect } from 'next/navigation'
import * as accounts from '#lib/accounts'
import { unavailable } from '#lib/db'
import { DeleteAccountForm, type FormState, parseForm } from '#lib/forms'
import { requireOwnOrigin } from '#lib/request'
import { clearCookie, requireMember } from '#lib/session'
import { isSudo } from '#lib/session-limits'

export async function deleteAccount(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(DeleteAccountForm, form)
  if (!input.ok) return input.state
  let erased: number
  try {
    const member = await requireMember('/account')
    const isProven = isSudo(member.session, new Date()) || (await accounts.verifyMember(member, input.data.password))
    if (!isProven) return input.refuse({ errors: { password: 'That is not your password. Nothing was deleted.' } })
    erased = await accounts.deleteAccount(member)
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  await clearCookie()
  redirect(`/forgotten?account=1&likes=${erased}`)
}
