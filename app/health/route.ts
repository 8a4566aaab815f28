import { db } from '#lib/db'

/** 200 while the database answers, 503 when it does not. */
export async function GET() {
  try {
    await db().$queryRaw`SELECT 1`
    return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
  } catch {
    return Response.json({ status: 'unavailable' }, { status: 503, headers: { 'cache-control': 'no-store' } })
  }
}
