import { unavailable } from '#lib/db'
import { requireOwnOrigin, seeOther } from '#lib/request'
import { clearCookie, getViewer } from '#lib/session'
import { forget } from '#lib/session-store'

/** Erases a visitor. A member is led to deleting the account, which is a sensitive act. */
export async function POST() {
  await requireOwnOrigin()
  try {
    const viewer = await getViewer()
    if (viewer.kind === 'member') return seeOther('/account#delete')
    const erased = viewer.kind === 'visitor' ? await forget(viewer) : null
    // Where nothing was erased the browser may have another tab's log-in by now: its cookie stays.
    if (erased === null) return seeOther('/forgotten')
    await clearCookie()
    return seeOther(`/forgotten?likes=${erased}`)
  } catch (error) {
    // Throws on what is a bug.
    unavailable(error)
    return seeOther('/?notice=not-forgotten')
  }
}
