import { unavailable } from '#lib/db'
import { unsubscribe } from '#lib/mailing-list'
import { seeOther } from '#lib/request'

/**
 * What a mail program asks when its own button for it is pressed (RFC 8058): no cookie, no Origin, no redirect. The token
 * alone says who may, which is why this is the one address that asks for no origin of ours.
 */
export async function POST(request: Request, { params }: RouteContext<'/unsubscribe/[token]/one-click'>) {
  const form = await request.formData().catch(() => new FormData())
  if (form.get('List-Unsubscribe') !== 'One-Click') return answer(400, 'Please send List-Unsubscribe=One-Click.')
  try {
    const found = await unsubscribe((await params).token, null, new Date())
    return found === null ? answer(404, 'This link is none of ours.') : answer(200, 'The address is off the list.')
  } catch (error) {
    return answer(503, unavailable(error).message)
  }
}

/** For a mail program that opens the address instead: the page with the button. */
export async function GET(_: Request, { params }: RouteContext<'/unsubscribe/[token]/one-click'>) {
  return seeOther(`/unsubscribe/${encodeURIComponent((await params).token)}`)
}

function answer(status: number, words: string) {
  return new Response(`${words}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'private, no-store' },
  })
}
