import { unavailable } from '#lib/db'
import { getAttempt, requireOwnOrigin, seeOther } from '#lib/request'
import { requireAdmin } from '#lib/session'
import { exportSubscribers } from '#lib/subscribers'

/** The mailing list as a file. */
export async function POST() {
  await requireOwnOrigin()
  try {
    await requireAdmin()
    return new Response(asStream(await exportSubscribers(await getAttempt())), {
      headers: {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': 'attachment; filename="mailing-list.csv"',
        'cache-control': 'private, no-store',
      },
    })
  } catch (error) {
    // Throws on what is a bug. The page leads to log-in, where that is what is missing.
    unavailable(error)
    return seeOther('/admin')
  }
}

function asStream(pieces: AsyncGenerator<string>) {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
  })
}
