/** Alive: 200 while the process answers. What does not is started again, which would not bring a database back. */
export function GET() {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}
