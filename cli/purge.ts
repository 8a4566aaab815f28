/** `purge`: deletes what has expired, as the server does every hour. */
import { cleanUp, type Purged } from '../lib/cleanup.ts'
import { inventory } from '../lib/figures.ts'
import { progress, type Result, table } from './output.ts'

const KINDS: Record<keyof Purged, string> = {
  sessions: 'Sessions that had ended',
  likes: 'Likes that went with them',
  events: 'Security events',
  throttles: 'Counts of tries',
  messages: 'Messages, or to whom they went',
  unconfirmed: 'Addresses that nobody confirmed',
}

/** @throws Error saying why it stopped, and how much had gone by then. */
export async function run(_: object, __: string, now = new Date()): Promise<Result> {
  const { ended } = (await inventory(now)).sessions
  const shown = progress('Purging sessions', ended)
  let done = 0
  try {
    const purged = await cleanUp(now, ({ sessions }) => {
      done = sessions
      // Another purge may take some of them.
      shown.show(Math.min(done, ended))
    })
    return { data: purged, text: inWords(purged) }
  } catch (error) {
    const { message } = error as Error
    throw new Error(`Stopped after ${done} sessions. Run it again for the rest.\n${message}`, { cause: error })
  } finally {
    shown.end()
  }
}

function inWords(purged: Purged) {
  const rows = Object.entries(KINDS).map(([kind, what]) => ({ what, count: purged[kind as keyof Purged] }))
  return table({ what: 'What', count: 'Deleted' }, rows)
}
