'use server'

import { redirect } from 'next/navigation'
import { unavailable } from '#lib/db'
import { AdminLogInForm, DeleteAddressForm, EmptyForm, type FormState, parseForm } from '#lib/forms'
import { getAttempt, requireOwnOrigin, safeNext } from '#lib/request'
import { enterAdminMode, getViewer, leaveAdminMode, requireAdmin } from '#lib/session'
import { deleteSubscriber } from '#lib/subscribers'

export async function logInToAdmin(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(AdminLogInForm, form)
  if (!input.ok) return input.state
  try {
    const isIn = await enterAdminMode(input.data.password, await getAttempt())
    if (!isIn) return input.refuse({ errors: { password: 'That is not the admin password.' } })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  const next = safeNext(input.data.next)
  redirect(next.startsWith('/admin') ? next : '/admin')
}

export async function logOutOfAdmin(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(EmptyForm, form)
  if (!input.ok) return input.state
  try {
    await leaveAdminMode(await getViewer(), await getAttempt())
  } catch (error) {
    return input.refuse({ message: `We could not log you out. ${unavailable(error).message}` })
  }
  redirect('/admin/login')
}

export async function deleteAddress(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(DeleteAddressForm, form)
  if (!input.ok) return input.state
  const { id, q, after } = input.data
  try {
    await requireAdmin()
    await deleteSubscriber(id, await getAttempt())
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  // One that is gone already is what was asked for.
  redirect(`/admin?${new URLSearchParams({ ...(q && { q }), ...(after && { after }), notice: 'address-deleted' })}`)
}
