/** 200 while the process answers at all: what does not is to be started again, which helps nobody when only the database is away. */
export function GET() {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}
