import type { Viewer } from '#lib/viewer'

type Kind = Viewer['kind']

/** The fixed sentences, by code, and whom they can be true of. */
const SENTENCES: Record<string, { of: Kind[]; text: string }> = {
  'logged-out': { of: ['stranger'], text: 'You are logged out. This browser shows nothing of yours any more.' },
  'log-in-again': {
    of: ['stranger', 'visitor'],
    text: 'You are not logged in any more. Log in to go on where you were.',
  },
  'not-forgotten': {
    of: ['visitor', 'member'],
    text: 'We could not erase everything just now. If your list is still below, please try again in a minute.',
  },
  'somebody-else': {
    of: ['visitor', 'member'],
    text: 'Somebody else was here when that page was opened, so nothing was done. Look whose page this is, then try again.',
  },
  'too-often': {
    of: ['visitor', 'member'],
    text: 'That was tried too often. Please wait a few minutes, then try again.',
  },
  'not-exported': {
    of: ['visitor', 'member'],
    text: 'We could not collect your data just now. Please try again in a minute.',
  },
  'password-proven': { of: ['member'], text: 'Thank you, that is your password. Now choose what to end.' },
  'password-missing': { of: ['member'], text: 'Type your current password first. Nothing was downloaded.' },
  'password-wrong': { of: ['member'], text: 'That is not your password, so nothing was downloaded.' },
  'session-ended': {
    of: ['member'],
    text: 'That session has ended. Its device is logged out at its next click.',
  },
  'others-ended': { of: ['member'], text: 'All other sessions have ended. Only this device is still logged in.' },
  'password-changed': { of: ['member'], text: 'Your password is changed, and all other devices are logged out.' },
}

/**
 * The fixed sentence for `?notice=<code>`. The address bar is anybody's to write, and stays when things change: an
 * unknown code says nothing, and so does one that cannot be true of who is asking.
 */
export function Notice({ code, kind }: { code: string | string[] | undefined; kind: Kind }) {
  const notice = typeof code === 'string' && Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined
  return notice?.of.includes(kind) ? (
    <p role="status" className="notice">
      {notice.text}
    </p>
  ) : null
}
