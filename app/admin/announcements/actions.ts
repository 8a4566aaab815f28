'use server'

import { redirect } from 'next/navigation'
import * as announcements from '#lib/announcements'
import { unavailable } from '#lib/db'
import { env } from '#lib/env'
import { AnnouncementForm, type FormState, IdForm, parseForm, TestForm } from '#lib/forms'
import { getAttempt, requireOwnOrigin } from '#lib/request'
import { requireAdmin } from '#lib/session'

const NO_MAIL = 'This site sends no e-mail, since SMTP_URL is not set. Nothing was sent.'
const GONE = 'This announcement was sent or deleted meanwhile, in another tab perhaps. Nothing was changed.'

export async function saveAnnouncement(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(AnnouncementForm, form)
  if (!input.ok) return input.state
  const { id, ...words } = input.data
  let saved: string | null
  try {
    await requireAdmin()
    saved = await announcements.saveDraft(id || null, words, new Date())
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  if (saved === null) return input.refuse({ message: GONE })
  redirect(`/admin/announcements/${saved}?notice=draft-saved`)
}

export async function deleteAnnouncement(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(IdForm, form)
  if (!input.ok) return input.state
  try {
    await requireAdmin()
    if ((await announcements.deleteDraft(input.data.id)) === 0) return input.refuse({ message: GONE })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect('/admin/announcements?notice=draft-deleted')
}

export async function testAnnouncement(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(TestForm, form)
  if (!input.ok) return input.state
  const { id, email } = input.data
  try {
    await requireAdmin()
    if (!env().mail) return input.refuse({ message: NO_MAIL })
    if (!(await announcements.sendTest(id, email, await getAttempt()))) return input.refuse({ message: GONE })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect(`/admin/announcements/${id}?notice=test-sent`)
}

export async function sendAnnouncement(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(IdForm, form)
  if (!input.ok) return input.state
  const { id } = input.data
  try {
    await requireAdmin()
    if (!env().mail) return input.refuse({ message: NO_MAIL })
    if (!(await announcements.startSending(id, await getAttempt()))) return input.refuse({ message: GONE })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect(`/admin/announcements/${id}?notice=sending-begun`)
}
