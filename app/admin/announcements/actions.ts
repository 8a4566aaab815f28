'use server'

import { redirect } from 'next/navigation'
import { action } from '#lib/action'
import * as announcements from '#lib/announcements'
import { env } from '#lib/env'
import { AnnouncementForm, IdForm, TestForm } from '#lib/forms'
import { getAttempt } from '#lib/request'
import { requireAdmin } from '#lib/session'

const NO_MAIL = 'This site sends no e-mail, since SMTP_URL is not set. Nothing was sent.'
const GONE = 'This announcement was sent or deleted meanwhile, in another tab perhaps. Nothing was changed.'

export const saveAnnouncement = action(AnnouncementForm, async ({ id, ...words }, refuse) => {
  await requireAdmin()
  const saved = await announcements.saveDraft(id || null, words, new Date())
  if (saved === null) return refuse({ message: GONE })
  redirect(`/admin/announcements/${saved}?notice=draft-saved`)
})

export const deleteAnnouncement = action(IdForm, async (input, refuse) => {
  await requireAdmin()
  if ((await announcements.deleteDraft(input.id)) === 0) return refuse({ message: GONE })
  redirect('/admin/announcements?notice=draft-deleted')
})

export const testAnnouncement = action(TestForm, async ({ id, email }, refuse) => {
  await requireAdmin()
  if (!env().mail) return refuse({ message: NO_MAIL })
  if (!(await announcements.sendTest(id, email, await getAttempt()))) return refuse({ message: GONE })
  redirect(`/admin/announcements/${id}?notice=test-sent`)
})

export const sendAnnouncement = action(IdForm, async ({ id }, refuse) => {
  await requireAdmin()
  if (!env().mail) return refuse({ message: NO_MAIL })
  if (!(await announcements.startSending(id, await getAttempt()))) return refuse({ message: GONE })
  redirect(`/admin/announcements/${id}?notice=sending-begun`)
})
