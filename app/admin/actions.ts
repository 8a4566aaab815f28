'use server'

import { redirect } from 'next/navigation'
import { action } from '#lib/action'
import { unavailable } from '#lib/db'
import { AdminLogInForm, DeleteAddressForm, EmptyForm } from '#lib/forms'
import { getAttempt, safeNext } from '#lib/request'
import { enterAdminMode, getViewer, leaveAdminMode, requireAdmin } from '#lib/session'
import { deleteSubscriber } from '#lib/subscribers'

export const logInToAdmin = action(AdminLogInForm, async (input, refuse) => {
  const isIn = await enterAdminMode(input.password, await getAttempt())
  if (!isIn) return refuse({ errors: { password: 'That is not the admin password.' } })
  const next = safeNext(input.next)
  redirect(next.startsWith('/admin') ? next : '/admin')
})

export const logOutOfAdmin = action(EmptyForm, async (_, refuse) => {
  try {
    await leaveAdminMode(await getViewer(), await getAttempt())
  } catch (error) {
    return refuse({ message: `We could not log you out. ${unavailable(error).message}` })
  }
  redirect('/admin/login')
})

export const deleteAddress = action(DeleteAddressForm, async ({ id, q, after }) => {
  await requireAdmin()
  await deleteSubscriber(id, await getAttempt())
  // One that is gone already is what was asked for.
  redirect(`/admin?${new URLSearchParams({ ...(q && { q }), ...(after && { after }), notice: 'address-deleted' })}`)
})
