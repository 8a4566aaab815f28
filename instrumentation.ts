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

/** Tells the door that a request failed for want of the database, which may be well again when the door looks. */
export async function onRequestError(error: unknown) {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { isAway } = await import('#lib/db')
  if (isAway(error)) (globalThis as { likesAwayAt?: number }).likesAwayAt = performance.now()
}
