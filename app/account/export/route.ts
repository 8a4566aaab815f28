import { unavailable } from '#lib/db'
import { exportData } from '#lib/export'
import { ProofForm, parseForm } from '#lib/forms'
import { announceRefusal, getAttempt, requireOwnOrigin, seeOther } from '#lib/request'
import { getViewer, proveMember } from '#lib/session'
import { countTry, Throttled } from '#lib/throttle'
import { isShownTo, markOf } from '#lib/viewer'

/** Everything that is kept about a member or a visitor, as one file. */
export async function POST(request: Request) {
  await requireOwnOrigin()
  const input = parseForm(ProofForm, await request.formData().catch(() => new FormData()))
  let page = '/'
  try {
    const viewer = await getViewer()
    if (viewer.kind === 'stranger') return seeOther('/login?next=%2Faccount')
    if (viewer.kind === 'member') page = '/account'
    const { password, shownTo } = input.ok ? input.data : { password: '', shownTo: 'unreadable' }
    // The mark is a page's; a plain request without one means whoever is asking.
    if (shownTo !== '' && !isShownTo(shownTo, viewer)) {
      await announceRefusal(viewer, 'form')
      return seeOther(`${page}?notice=somebody-else`)
    }
    const attempt = await getAttempt()
    await countTry('exportByOwner', { ...attempt, subject: [markOf(viewer)] })
    const proof = viewer.kind === 'member' ? await proveMember(viewer, password, attempt) : 'proven'
    if (proof !== 'proven') return seeOther(`${page}?notice=password-${proof}`)
    return asFile(await exportData(viewer, attempt))
  } catch (error) {
    unavailable(error)
    return seeOther(`${page}?notice=${error instanceof Throttled ? 'too-often' : 'not-exported'}`)
  }
}

function asFile(data: object) {
  return new Response(JSON.stringify(data, null, 2), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="likes.json"',
      'cache-control': 'private, no-store',
    },
  })
}
