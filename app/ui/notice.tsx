import type { Viewer } from '#lib/viewer'

type Kind = Viewer['kind']

const ANYBODY: Kind[] = ['stranger', 'visitor', 'member']

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
  'no-address': { of: ANYBODY, text: "You haven't submitted an email!" },
  'not-on-list': { of: ['visitor', 'member'], text: "That address isn't on our list" },
  'not-unregistered': {
    of: ['visitor', 'member'],
    text: 'We could not remove your address just now. Please try again in a minute.',
  },
  'address-deleted': { of: ['visitor', 'member'], text: 'The address is deleted from the list.' },
  'announcement-gone': { of: ['visitor', 'member'], text: 'That announcement is not here. It may have been deleted.' },
  'draft-deleted': { of: ['visitor', 'member'], text: 'The draft is deleted.' },
  'draft-saved': { of: ['visitor', 'member'], text: 'Saved. This is what it looks like.' },
  'test-sent': { of: ['visitor', 'member'], text: 'A test is on its way.' },
  'sending-begun': { of: ['visitor', 'member'], text: 'It is on its way. You can close this page.' },
  confirmed: { of: ANYBODY, text: 'Thank you, your address is on our list now.' },
  unsubscribed: { of: ANYBODY, text: 'Your address is off our list. We write to it no more.' },
  'reset-mailed': {
    of: ANYBODY,
    text: 'If an account has this recovery e-mail, a link is on its way there. It works for 30 minutes.',
  },
  'password-reset': {
    of: ['stranger', 'visitor'],
    text: 'Your password is changed, and all devices are logged out. Log in with the new one.',
  },
  'recovery-mailed': {
    of: ['member'],
    text: 'We have mailed you a link. Follow it in this browser to confirm the address.',
  },
  'recovery-confirmed': { of: ['member'], text: 'Your recovery e-mail is confirmed.' },
  'recovery-removed': { of: ['member'], text: 'Your account has no recovery e-mail any more.' },
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
  // Not how: an address can be opened again when it is no longer so.
  'list-changed': { of: ['member'], text: 'Saved. Below it says who can read your list.' },
  'nothing-erased': {
    of: ['member'],
    text: 'Nothing was erased: those likes were removed, kept or published already. Have a look at your list.',
  },
  'member-ended': {
    of: ['visitor', 'member'],
    text: 'All sessions of that member have ended. Their devices are logged out at the next click.',
  },
  'member-disabled': {
    of: ['visitor', 'member'],
    text: 'That member is logged out everywhere and cannot log in. Nothing of theirs was erased.',
  },
  'member-enabled': {
    of: ['visitor', 'member'],
    text: 'That member can log in again, and all of their likes are still there.',
  },
  'list-taken-down': {
    of: ['visitor', 'member'],
    text: 'The page of that member is gone, and the list cannot be published until you allow it. No like was erased.',
  },
  'list-allowed': { of: ['visitor', 'member'], text: 'That member may publish the list again.' },
  'member-gone': {
    of: ['visitor', 'member'],
    text: 'Nothing was changed: that member has left, or it was done already. Look at the list below.',
  },
}

/**
 * The fixed sentence for `?notice=<code>`. The address bar is anybody's to write, and stays when things change: an
 * unknown code says nothing, and so does one that cannot be true of who is asking.
 */
export function Notice({ code, kind }: { code: string | string[] | undefined; kind: Kind }) {
  const notice = typeof code === 'string' && Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined
  return <div role="status">{notice?.of.includes(kind) && <p className="notice">{notice.text}</p>}</div>
}
