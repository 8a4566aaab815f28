/** Who is asking, on the floor: the cookie is read as the application reads it, and whoever has one is this member. */
import { cache } from 'react'
import type * as session from '#lib/session'
import { presentedToken } from '#lib/session-cookie'
import { isShownTo, type Member } from '#lib/viewer'

const MEMBER: Member = {
  kind: 'member',
  userId: '01995555-0000-7000-8000-000000000000',
  username: 'floor',
  isPublished: false,
  session: {
    id: '01995555-0000-7000-8000-000000000001',
    lastSeenAt: new Date(),
    expiresAt: new Date(Date.now() + 30 * 24 * 60 * 60_000),
    sudoAt: null,
    adminSince: null,
    data: {},
  },
}

export const getViewer: typeof session.getViewer = cache(async () =>
  (await presentedToken()) ? MEMBER : { kind: 'stranger' },
)

export const requireShownTo: typeof session.requireShownTo = async (shownTo) => {
  const viewer = await getViewer()
  if (!isShownTo(shownTo, viewer)) throw new Error('shown to somebody else')
  return viewer
}

export async function requireShownToMember() {
  return MEMBER
}

export async function ensureViewer() {
  return MEMBER
}

export async function renewSession() {}
