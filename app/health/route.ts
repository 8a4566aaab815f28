import { db } from '#lib/db'

/** Ready: 200 while the database and its tables are there, 503 when they are not and requests should go elsewhere. */
export async function GET() {
  try {
    await db().session.findFirst({ select: { id: true } })
    return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
  } catch {
    return Response.json({ status: 'unavailable' }, { status: 503, headers: { 'cache-control': 'no-store' } })
  }
}
