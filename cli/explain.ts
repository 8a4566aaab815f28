/** `explain ID`: the life of a session in plain words. */
import { LIMITS } from '../lib/session-limits.ts'
import { reportOf, type SessionReport } from '../lib/session-report.ts'
import { counted, durationInWords, momentInWords, type Result, visible } from './output.ts'

export const NO_SESSION = 'There is no session with this id; it may have ended, and ended sessions are not kept.'

type Report = SessionReport & { likes: number }

/** @throws Error when there is no such session. */
export async function run({ id }: { id: string }, _: string, now = new Date()): Promise<Result> {
  const data = await reportOf(id, now)
  if (!data) throw new Error(NO_SESSION)
  return { data, text: explain(data, now) }
}

function explain(report: Report, now: Date): string {
  const { begunAt, lastSeenAt } = report
  const past = [`${whose(report)}.`, `It began ${ago(begunAt, now)}, and was last seen ${ago(lastSeenAt, now)}.`]
  const rest = report.hasEnded
    ? [ending(report, now), remains(report)]
    : [...future(report, now), ...modes(report, now)]
  return [...past, ...rest].join('\n')
}

function whose({ kind, username, device }: Report) {
  if (kind === 'visitor') return 'A visitor’s session: a list without an account'
  const kept = kind === 'kept' ? '“Keep me logged in” was ticked' : '“Keep me logged in” was not ticked'
  return `A session of ${username} on ${visible(device ?? 'an unknown browser')}: ${kept}`
}

function future(report: Report, now: Date) {
  const { kind, endsIdleAt, endsAtLatest, endsBy, likes, renewableAfter } = report
  const { idle, absolute } = LIMITS[kind]
  const latest = `${durationInWords(absolute)} after ${kind === 'visitor' ? 'its limits were set' : 'it began'}`
  const ends =
    endsBy === 'idle'
      ? [
          `Without use it ends ${ahead(endsIdleAt, now)}: ${durationInWords(idle)} after it was last seen.`,
          `Used again, it ends ${ahead(endsAtLatest, now)} at the latest: ${latest}.`,
        ]
      : [`It ends ${ahead(endsAtLatest, now)}, used or not: ${latest}.`]
  const renewal = renewableAfter && `A like after ${momentInWords(renewableAfter)} begins these limits again.`
  const goes = kind === 'visitor' ? `Its end erases its ${counted(likes, 'like')}.` : ACCOUNTS
  return [...ends, ...(renewal ? [renewal] : []), goes]
}

const ACCOUNTS = 'No like hangs on it: the likes are the account’s, and stay.'

function modes({ kind, sudoUntil, adminUntil }: Report, now: Date) {
  const sudo = sudoUntil
    ? `The password was just given: it is not asked for again until ${momentInWords(sudoUntil)}.`
    : 'Whoever does something sensitive in it is asked for the password.'
  const admin = adminUntil ? `Admin mode is on, without use until ${ahead(adminUntil, now)}.` : 'Admin mode is off.'
  return kind === 'visitor' ? [admin] : [sudo, admin]
}

function ending({ kind, endsBy, endsIdleAt, endsAtLatest }: Report, now: Date) {
  const { idle, absolute } = LIMITS[kind]
  return endsBy === 'idle'
    ? `It ended ${ago(endsIdleAt, now)}: ${durationInWords(idle)} without use.`
    : `It ended ${ago(endsAtLatest, now)}: ${durationInWords(absolute)} are the most it could last.`
}

function remains({ kind, likes }: Report) {
  const what = kind === 'visitor' ? `it and its ${counted(likes, 'like')}` : 'it'
  return `Its token opens nothing any more, and the next purge deletes ${what}.${kind === 'visitor' ? '' : ` ${ACCOUNTS}`}`
}

function ago(moment: Date, now: Date) {
  return `${momentInWords(moment)} (${durationInWords(now.getTime() - moment.getTime())} ago)`
}

function ahead(moment: Date, now: Date) {
  return `${momentInWords(moment)} (in ${durationInWords(moment.getTime() - now.getTime())})`
}
