/** What each message says, as plain text and as HTML, and the headers that it carries. */
import { env } from './env.ts'

/** Every kind of message, and what its link may do. */
export const MAILS = {
  confirmSubscription: ['confirm', 'unsubscribe'],
  alreadySubscribed: ['unsubscribe'],
  unsubscribeLink: ['unsubscribe'],
  announcement: ['unsubscribe'],
  announcementTest: ['unsubscribe'],
  confirmRecovery: ['confirm'],
  recoveryChanged: [],
  recoveryRemoved: [],
  resetPassword: ['reset'],
  passwordChanged: [],
} as const satisfies Record<string, LinkUse[]>

export type MailKind = keyof typeof MAILS
export type LinkUse = 'confirm' | 'reset' | 'unsubscribe'

/** What a message is about, as far as its kind needs it. */
export type MailFacts = {
  recipient: string
  /** The secret in its links. */
  token: string
  /** The accounts it concerns. */
  usernames: string[]
  announcement: { subject: string; text: string } | null
}

export type Message = { subject: string; text: string; html: string; headers: Record<string, string> }

type Words = {
  subject: string
  paragraphs: string[]
  button?: { label: string; path: string }
  after?: string[]
  /** Why it came, under the line. */
  reason: string
  isOfList?: boolean
}

/** Writes a message. */
export function compose(kind: MailKind, facts: MailFacts): Message {
  const words = WORDS[kind](facts, env().siteName)
  const unsubscribe = words.isOfList ? `${env().appUrl}/unsubscribe/${facts.token}` : null
  return {
    subject: words.subject,
    text: asText(words, unsubscribe),
    html: asHtml(words, unsubscribe),
    headers: {
      // RFC 8058: a mail program's own button for it.
      ...(unsubscribe && {
        'List-Unsubscribe': `<${unsubscribe}/one-click>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
      // RFC 3834: no answer from a machine, please.
      ...(words.isOfList ? { Precedence: 'bulk' } : { 'Auto-Submitted': 'auto-generated' }),
    },
  }
}

function announcement({ recipient, announcement }: MailFacts, site: string): Words {
  return {
    subject: announcement?.subject ?? '',
    paragraphs: (announcement?.text ?? '').split(/\n\s*\n/),
    reason: `You get this because ${recipient} is on the mailing list of ${site}.`,
    isOfList: true,
  }
}

const WORDS: Record<MailKind, (facts: MailFacts, site: string) => Words> = {
  confirmSubscription: ({ recipient, token }, site) => ({
    subject: `Please confirm your subscription to ${site}`,
    paragraphs: [`Somebody, probably you, gave ${recipient} to the mailing list of ${site}.`],
    button: { label: 'Confirm', path: `/confirm/${token}` },
    after: ['The link works for 7 days. If it was not you, do nothing: the address does not get on the list.'],
    reason: 'This was sent once, because the address was typed on our page.',
    isOfList: true,
  }),
  alreadySubscribed: ({ recipient }, site) => ({
    subject: `You are on the list of ${site} already`,
    paragraphs: [
      `Somebody, probably you, gave ${recipient} to the mailing list of ${site} once more.`,
      'It is on the list already, so nothing has changed, and there is nothing to do.',
    ],
    reason: 'This was sent once, because the address was typed on our page.',
    isOfList: true,
  }),
  unsubscribeLink: ({ recipient, token }, site) => ({
    subject: `Leave the list of ${site}?`,
    paragraphs: [`Somebody, probably you, asked to take ${recipient} off the mailing list of ${site}.`],
    button: { label: 'Unsubscribe', path: `/unsubscribe/${token}` },
    after: ['If it was not you, do nothing: the address stays on the list.'],
    reason: 'This was sent once, because it was asked for on our page.',
    isOfList: true,
  }),
  announcement,
  announcementTest: announcement,
  confirmRecovery: ({ usernames, token }, site) => ({
    subject: `Please confirm your recovery e-mail at ${site}`,
    paragraphs: [
      `The account ${usernames.join()} at ${site} gave this address for the day its password is forgotten.`,
      'To agree, open this link where you are logged in:',
    ],
    button: { label: 'Confirm', path: `/confirm/${token}` },
    after: ['It works for 7 days. If this is not your account, do nothing.'],
    reason: 'This was sent once, because the address was typed on our page.',
  }),
  recoveryChanged: ({ usernames }, site) => ({
    subject: `Your recovery e-mail at ${site} was changed`,
    paragraphs: [
      `A link to a new password for ${usernames.join()} goes to another address from now on, and not to this one.`,
      'If it was not you, log in, look at your sessions, and change your password.',
    ],
    button: { label: 'Your account', path: '/account' },
    reason: 'This was sent because this was the recovery e-mail of the account.',
  }),
  recoveryRemoved: ({ usernames }, site) => ({
    subject: `Your recovery e-mail at ${site} was removed`,
    paragraphs: [
      `This address is no longer the recovery e-mail of ${usernames.join()}. A forgotten password cannot be set anew.`,
      'If it was not you, log in, look at your sessions, and change your password.',
    ],
    button: { label: 'Your account', path: '/account' },
    reason: 'This was sent because this was the recovery e-mail of the account.',
  }),
  resetPassword: ({ usernames, token }, site) => ({
    subject: `A new password for ${site}`,
    paragraphs: [
      `Somebody, probably you, asked for a new password for ${usernames.join(' or ')} at ${site}.`,
      'Choose it here:',
    ],
    button: { label: 'Choose a new password', path: `/reset/${token}` },
    after: ['The link works once, for 30 minutes. If it was not you, do nothing: the password stays as it is.'],
    reason: 'This was sent because this is the recovery e-mail of the account.',
  }),
  passwordChanged: ({ usernames }, site) => ({
    subject: `Your password at ${site} was changed`,
    paragraphs: [
      `The password of ${usernames.join()} is a new one, and all other devices are logged out.`,
      'If it was not you, ask for another one at once:',
    ],
    button: { label: 'Forgot your password?', path: '/forgot' },
    reason: 'This was sent because this is the recovery e-mail of the account.',
  }),
}

function footer(words: Words) {
  const { siteName, postalAddress, appUrl } = env()
  const postal = words.isOfList && postalAddress ? [postalAddress] : []
  return [words.reason, [siteName, ...postal, appUrl].join(' · ')]
}

function asText(words: Words, unsubscribe: string | null) {
  const { button, after = [] } = words
  const body = [...words.paragraphs, ...(button ? [`${button.label}: ${env().appUrl}${button.path}`] : []), ...after]
  const end = [...footer(words), ...(unsubscribe ? [`Unsubscribe: ${unsubscribe}`] : [])]
  // The line that mail programs take for the beginning of a signature (RFC 3676, 4.3).
  return `${body.join('\n\n')}\n\n-- \n${end.join('\n')}\n`
}

const STYLES = {
  body: 'margin:0;padding:24px 12px;background:#fbfaf7;color:#211d1a;font:16px/1.55 system-ui,-apple-system,Segoe UI,sans-serif',
  card: 'max-width:34em;margin:0 auto;padding:28px 28px 20px;background:#ffffff;border-radius:14px',
  name: 'margin:0 0 18px;font-weight:700;font-size:18px;color:#b3264c',
  button:
    'display:inline-block;padding:11px 22px;border-radius:10px;background:#b3264c;color:#ffffff;text-decoration:none;font-weight:600',
  end: 'margin:28px 0 0;padding-top:14px;border-top:1px solid #e4dfd8;font-size:13px;color:#6b635a',
}

function asHtml(words: Words, unsubscribe: string | null) {
  const { button, after = [] } = words
  const site = asEntities(env().siteName)
  const link = unsubscribe && ` <a href="${asEntities(unsubscribe)}" style="color:inherit">Unsubscribe</a>`
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">',
    `<title>${asEntities(words.subject)}</title></head><body style="${STYLES.body}"><div style="${STYLES.card}">`,
    `<p style="${STYLES.name}">${site}</p>`,
    ...words.paragraphs.map(asParagraph),
    button
      ? `<p><a href="${asEntities(env().appUrl + button.path)}" style="${STYLES.button}">${button.label}</a></p>`
      : '',
    ...after.map(asParagraph),
    `<p style="${STYLES.end}">${footer(words).map(asEntities).join('<br>')}${link ?? ''}</p>`,
    '</div></body></html>',
  ].join('\n')
}

function asParagraph(text: string) {
  return `<p style="margin:0 0 16px">${asEntities(text).replaceAll('\n', '<br>\n')}</p>`
}

function asEntities(text: string) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
