/** Runs once when the server starts. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { env } = await import('#lib/env')
  try {
    env()
  } catch (error) {
    // Next would log it and serve all the same.
    console.error((error as Error).message)
    process.exit(1)
  }
  const { startCleaning } = await import('#lib/cleanup')
  const { startPostman } = await import('#lib/postman')
  startCleaning()
  startPostman()
}
