import { unavailable } from '#lib/db'
import { MarkedForm, parseForm } from '#lib/forms'
import { unregister } from '#lib/mailing-list'
import { announceRefusal, getAttempt, requireOwnOrigin, seeOther } from '#lib/request'
import { getViewer } from '#lib/session'
import { Throttled } from '#lib/throttle'
import { isShownTo } from '#lib/viewer'

/** Where it leads. What names the address is told by the session, and not in the address bar. */
const NEXT = { unknown: '/?notice=no-address', absent: '/?notice=not-on-list', removed: '/', mailed: '/' }

/** Takes back the address that this browser gave to the mailing list. */
export async function POST(request: Request) {
  await requireOwnOrigin()
  const input = parseForm(MarkedForm, await request.formData().catch(() => new FormData()))
  try {
    const viewer = await getViewer()
    if (viewer.kind === 'stranger') return seeOther(NEXT.unknown)
    // The mark is a page's; a plain request without one means whoever is asking.
    const isTheirs = input.ok && (input.data.shownTo === '' || isShownTo(input.data.shownTo, viewer))
    if (!isTheirs) {
      await announceRefusal(viewer, 'form')
      return seeOther('/?notice=somebody-else')
    }
    return seeOther(NEXT[await unregister(viewer, await getAttempt())])
  } catch (error) {
    unavailable(error)
    return seeOther(`/?notice=${error instanceof Throttled ? 'too-often' : 'not-unregistered'}`)
  }
}
