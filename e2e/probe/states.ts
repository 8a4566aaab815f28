/** Every page in every state: whoever looks at pages looks at all of these. A page or an action without one fails. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Cast, Who } from './cast'

export type State = {
  who: Who
  path: string
  /** The form that is sent there, or is refused there, as `says` says. */
  form?: Form
}
type Form = { action: string; button: string; fields: Record<string, string>; says: string }

const LONG = 'x'.repeat(201)
const SOMEBODY_ELSES = { shownTo: 'member somebody-else' }
const HAS_CHANGED = 'Somebody has logged in here since'
const NOBODYS = '00000000-0000-7000-8000-000000000000'

/** Refused only while the database is away, by the words that every form has. */
export const NEVER_REFUSED = ['logOut', 'logOutOfAdmin']

/** Pages of development. */
export const NOT_BUILT = ['/outbox']

/** Most by their paths alone. */
function pages(links: Cast['links']): Partial<Record<Who, string[]>> {
  return {
    stranger: [
      ...['/', '/?notice=first-like', '/?notice=logged-out', '/?thing=Typed%20before', '/login', '/signup', '/logout'],
      ...['/login?notice=log-in-again&next=%2Faccount', '/login?notice=password-reset', '/forgot', '/privacy'],
      ...['/forgot?notice=reset-mailed', '/forgotten', '/forgotten?likes=1', '/forgotten?likes=1200&account=1&list=1'],
      ...['/nowhere', '/nowhere/at/all', '/outbox', '/reset/ended', '/confirm/ended', '/unsubscribe/ended'],
      ...[links.reset, links.choice, links.confirm, links.unsubscribe, '/admin/login', '/?notice=unsubscribed'],
      ...['/u/publisher', links.published, '/u/newcomer', '/u/nobody-has-this'],
    ],
    visitor: [
      '/',
      '/?q=tea',
      '/?q=nothing+of+that+kind',
      '/?sort=a-z',
      '/privacy',
      '/login',
      '/signup',
      '/logout',
      '/?notice=not-on-list',
      '/?notice=somebody-else',
    ],
    newcomer: ['/', '/account', '/logout'],
    member: [
      ...[
        '/',
        links.older,
        links.found,
        '/?sort=a-z&before=thing+7',
        '/logout',
        '/account',
        '/account?notice=recovery-mailed',
        '/privacy',
        '/nowhere',
      ],
      ...['/account?notice=password-wrong', '/forgot', links.recovery],
    ],
    idle: ['/account', '/account?notice=password-missing'],
    publisher: ['/', '/account', '/account?notice=list-changed', '/u/publisher'],
    takenDown: ['/', '/account'],
    admin: [
      ...['/admin', '/admin?q=person-1', '/admin?q=nobody-has-this', links.addresses, '/admin?notice=address-deleted'],
      ...[
        '/admin/members',
        '/admin/members?q=person-1',
        '/admin/members?q=nobody-has-this',
        links.members,
        '/admin/members?q=publisher',
        '/admin/members?q=taken-down',
      ],
      ...['/admin/members?notice=member-disabled', '/admin/announcements', '/admin/announcements?notice=draft-deleted'],
      ...[
        links.draft,
        `${links.draft}?notice=draft-saved`,
        links.sent,
        links.underWay,
        '/admin/announcements?notice=announcement-gone',
      ],
    ],
    strangerWithoutMail: ['/', '/login', '/forgot', '/admin/login'],
    memberWithoutMail: ['/', '/account'],
    adminWithoutMail: ['/admin', '/admin/members', '/admin/announcements'],
    unlucky: ['/409', '/500', '/503'],
  }
}

function refusals({ draft, reset, choice, confirm, unsubscribe }: Cast['links']): [Who, string, Form][] {
  const draftForms = { subject: '', text: '', id: '' }
  return [
    ['stranger', '/', form('addLike', 'Like', 'Type something you like.', { thing: '' })],
    ['visitor', '/', form('addLike', 'Like', 'That is longer than 200 characters.', { thing: LONG })],
    ['member', '/', form('addLike', 'Like', 'is on your list already', { thing: 'Tea' })],
    ['visitor', '/', form('addLike', 'Like', 'Type something you like.', { thing: ' ', view: 'q=e&sort=a-z' })],
    ['member', '/', form('addLike', 'Like', HAS_CHANGED, { thing: 'Tea', ...SOMEBODY_ELSES })],
    ['visitor', '/', form('removeLike', 'Remove', 'Your list changed in another tab.', { id: NOBODYS })],
    ['visitor', '/', form('undoRemove', 'Undo', 'It is too late to undo that.', { at: '1' })],
    ['idle', '/', form('undoClaim', 'Undo', HAS_CHANGED, SOMEBODY_ELSES)],
    ['idle', '/', form('dismissClaim', 'Keep', HAS_CHANGED, SOMEBODY_ELSES)],
    ['stranger', '/', form('subscribe', 'Subscribe', 'address', { email: 'nobody' })],
    ['stranger', '/signup', form('signUp', 'Sign up', 'Choose a password.', { username: 'x', password: '' })],
    [
      'stranger',
      '/signup',
      form('signUp', 'Sign up', 'Somebody has this username', { username: 'ada', password: 'four other words' }),
    ],
    ['stranger', '/login', form('logIn', 'Log in', 'Type your password.', { username: '', password: '' })],
    ['stranger', '/login', form('logIn', 'Log in', 'is wrong.', { username: 'nobody', password: 'wrong' })],
    ['stranger', '/forgot', form('forgotPassword', 'Send me a link', 'address', { email: 'nobody' })],
    ['stranger', reset, form('resetPassword', 'Change password', 'Use at least', { newPassword: 'short' })],
    [
      'stranger',
      choice,
      form('resetPassword', 'Change password', 'Choose the account.', { newPassword: 'four other words' }),
    ],
    ['stranger', confirm, form('confirm', 'Confirm', 'does not work any more', { token: 'ended' })],
    ['stranger', unsubscribe, form('unsubscribe', 'Unsubscribe', 'This link is none of ours.', { token: 'ended' })],
    ['idle', '/account', form('endSessions', 'End all', 'Type your current password', { password: '' })],
    [
      'member',
      '/account',
      form('changePassword', 'Change password', 'Use at least', { password: '', newPassword: 'short' }),
    ],
    [
      'idle',
      '/account',
      form('changeRecoveryEmail', 'Change recovery', 'Type your current password', {
        email: 'ada@example.org',
        password: '',
      }),
    ],
    ['member', '/account', form('changeRecoveryEmail', 'Change recovery', 'address', { email: 'nobody' })],
    [
      'idle',
      '/account',
      form('removeRecoveryEmail', 'Remove recovery', 'Type your current password', { password: '' }),
    ],
    [
      'member',
      '/account',
      form('changePublication', 'Publish my list', 'That is longer than 80 characters.', {
        act: 'publish',
        title: LONG,
      }),
    ],
    ['publisher', '/account', form('takeListBack', 'Take my list back', HAS_CHANGED, SOMEBODY_ELSES)],
    ['idle', '/account', form('deleteAccount', 'Delete account', 'Type your current password', { password: '' })],
    ['stranger', '/admin/login', form('logInToAdmin', 'Log in', 'Type your password.', { password: '' })],
    ['admin', '/admin', form('deleteAddress', 'Delete', 'did not arrive whole', { id: 'x' })],
    ['admin', '/admin/members', form('changeMember', 'Disable', 'did not arrive whole', { id: 'x' })],
    ['admin', '/admin/announcements', form('saveAnnouncement', 'Preview', 'Give it a subject.', draftForms)],
    ['admin', draft, form('testAnnouncement', 'Send a test', 'address', { email: 'nobody' })],
    ['admin', draft, form('sendAnnouncement', 'Send to', 'did not arrive whole', { id: 'x' })],
    ['admin', draft, form('deleteAnnouncement', 'Delete draft', 'did not arrive whole', { id: 'x' })],
  ]
}

function form(action: string, button: string, says: string, fields: Record<string, string>): Form {
  return { action, button, says, fields }
}

export function statesOf({ links }: Cast): State[] {
  const shown = Object.entries(pages(links)).flatMap(([who, paths]) => paths.map((path) => ({ who: who as Who, path })))
  return [...shown, ...refusals(links).map(([who, path, form]) => ({ who, path, form }))]
}

export function nameOf({ who, path, form }: State) {
  return `${who} at ${path}${form ? `, ${form.action} refused: ${form.says}` : ''}`
}

/** Pages and actions of the source that no state shows. */
export function forgotten(states: State[]): string[] {
  const files = readdirSync('app', { recursive: true, encoding: 'utf8' })
  const pages = files
    .filter((file) => file.endsWith('page.tsx'))
    .map((file) => {
      return `/${file}`.replace(/\/\([\w-]+\)/g, '').replace(/\/page\.tsx$/, '') || '/'
    })
  const actions = files
    .filter((file) => file.endsWith('actions.ts'))
    .flatMap((file) =>
      [...readFileSync(`app/${file}`, 'utf8').matchAll(/export (?:async function|const) (\w+)/g)].map(
        ([, name = '']) => name,
      ),
    )
  const isShown = (page: string) => {
    const pattern = new RegExp(`^${page.replace(/\[\w+\]/g, '[^/?]+')}(\\?|$)`)
    return states.some(({ path }) => pattern.test(path))
  }
  const isRefused = (action: string) => states.some(({ form }) => form?.action === action)
  return [
    ...pages.filter((page) => !NOT_BUILT.includes(page) && !isShown(page)),
    ...actions.filter((action) => !NEVER_REFUSED.includes(action) && !isRefused(action)),
  ]
}
