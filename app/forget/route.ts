import { unavailable } from '#lib/db'
import { MarkedForm, parseForm } from '#lib/forms'
import { announceRefusal, getAttempt, requireOwnOrigin, seeOther } from '#lib/request'
import { getViewer } from '#lib/session'
import { clearCookie } from '#lib/session-cookie'
import { forget } from '#lib/session-store'
import { isShownTo } from '#lib/viewer'

/** Erases a visitor. A member is led to deleting the account, which is a sensitive act. */
export async function POST(request: Request) {
  await requireOwnOrigin()
  const input = parseForm(MarkedForm, await request.formData().catch(() => new FormData()))
  try {
    const viewer = await getViewer()
    if (viewer.kind === 'member') return seeOther('/account#delete')
    // The mark is a page's; a plain request without one means whoever is asking.
    const isTheirs = input.ok && (input.data.shownTo === '' || isShownTo(input.data.shownTo, viewer))
    if (viewer.kind === 'visitor' && !isTheirs) {
      await announceRefusal(viewer, 'form')
      return seeOther('/?notice=somebody-else')
    }
    const erased = viewer.kind === 'visitor' ? await forget(viewer, await getAttempt()) : null
    // Where nothing was erased the browser may have another tab's log-in by now: its cookie stays.
    if (erased === null) return seeOther('/forgotten')
    await clearCookie()
    return seeOther(`/forgotten?likes=${erased.likes}${erased.isUnsubscribed ? '&list=1' : ''}`)
  } catch (error) {
    // Throws on what is a bug.
    unavailable(error)
    return seeOther('/?notice=not-forgotten')
  }
}
