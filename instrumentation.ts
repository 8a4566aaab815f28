/** Runs once when the server starts. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { env } = await import('#lib/env')
  env()
  const { startCleaning } = await import('#lib/cleanup')
  startCleaning()
}
