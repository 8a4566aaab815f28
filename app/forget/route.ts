import { unavailable } from '#lib/db'
import { requireOwnOrigin, seeOther } from '#lib/request'
import { clearCookie, getViewer } from '#lib/session'
import { forget } from '#lib/session-store'

/** Erases a visitor. A member is led to deleting the account, which asks for the password. */
export async function POST() {
  await requireOwnOrigin()
  try {
    const viewer = await getViewer()
    if (viewer.kind === 'member') return seeOther('/account#delete')
    const erased = viewer.kind === 'visitor' ? await forget(viewer) : 0
    await clearCookie()
    return seeOther(`/forgotten?likes=${erased}`)
  } catch (error) {
    unavailable(error)
    return seeOther('/?notice=not-forgotten')
  }
}
