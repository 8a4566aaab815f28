/** What may be typed into which form, and how a refusal travels back. Client components import the types only. */
import { z } from 'zod'
import { parseAddress } from './email-address.ts'
import { weaknessOf } from './password-policy.ts'

/** What an action answers when it refuses: what was typed, never a password, and what to do about it. */
export type FormState = {
  values: Record<string, string>
  errors: Record<string, string>
  /** Concerns the whole form. */
  message?: string
}

const UNKEEPABLE = 'That contains a character we cannot keep. Please type it again.'

// U+FFFD is what a form makes of half a character (a lone surrogate, broken UTF-8): what was meant is lost already.
const text = z
  .string({ error: 'Please type text here.' })
  .refine((value) => !/[\0\ufffd]/.test(value), { error: UNKEEPABLE, abort: true })

const BROKEN = 'That form did not arrive whole. Please try again.'

const checkbox = z.enum(['', 'on'], { error: BROKEN }).transform((value) => value === 'on')

// Not the person's to mend, so whatever is wrong with it leads home.
const next = text.catch('/')

const oneLine = text
  .refine((value) => !/\p{Cc}/u.test(value.trim()), { error: UNKEEPABLE, abort: true })
  .transform((value) => value.normalize('NFC').trim())

function isVisible(value: string) {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(value.replace(/\p{Default_Ignorable_Code_Point}/gu, ''))
}

/** A thing: 1–200 characters, counted as code points, after NFC and trimming. */
const thing = oneLine
  // It would be a row one cannot see.
  .refine(isVisible, { error: 'Type something you like.', abort: true })
  .refine((value) => [...value].length <= 200, {
    error: 'That is longer than 200 characters. Please shorten it.',
  })

/** What stands above a published list: 0–80 characters, counted as a thing's. One that nobody would see is none. */
const title = oneLine
  // What turns the direction of writing, or breaks the line, would reach beyond it, into the names of windows and search engines.
  .refine((value) => !/[\u2028-\u202e\u2066-\u2069]/.test(value), { error: UNKEEPABLE, abort: true })
  .refine((value) => [...value].length <= 80, 'That is longer than 80 characters. Please shorten it.')
  .transform((value) => (isVisible(value) ? value : ''))

const LINES_AT_MOST = 50

/** One thing, or several, one a line; empty lines are none. */
const things = text.transform((value, context) => {
  const lines = value.split(/\r\n?|\n/).map((line, i) => ({ line, number: i + 1 }))
  const given = lines.filter(({ line }) => line.trim() !== '')
  const refuse = (message: string) => context.addIssue({ code: 'custom', message })
  if (given.length > LINES_AT_MOST) {
    refuse(`That is more than ${LINES_AT_MOST} lines. Please add them in parts.`)
    return z.NEVER
  }
  const parsed = given.length > 0 ? given : lines.slice(0, 1)
  return parsed.flatMap(({ line, number }) => {
    const result = thing.safeParse(line)
    if (result.success) return result.data
    refuse(`${given.length > 1 ? `Line ${number}: ` : ''}${result.error.issues[0]?.message}`)
    return []
  })
})

const USERNAME_RULE = 'Use 3 to 30 of these: a–z, 0–9, “-” and “_”.'

const username = text
  .transform((value) => value.trim().toLowerCase())
  .refine((value) => value !== '', { error: 'Choose a username.', abort: true })
  .refine((value) => /^[a-z0-9_-]{3,30}$/.test(value), USERNAME_RULE)

const PASSWORD_AT_LEAST = 12
const PASSWORD_AT_MOST = 1000

const newPassword = text
  .refine((value) => value !== '', { error: 'Choose a password.', abort: true })
  .refine((value) => [...value].length >= PASSWORD_AT_LEAST, {
    error: `Use at least ${PASSWORD_AT_LEAST} characters. Four words in a row are easy to remember.`,
    abort: true,
  })
  .refine((value) => [...value].length <= PASSWORD_AT_MOST, {
    error: `Use at most ${PASSWORD_AT_MOST.toLocaleString('en')} characters.`,
    abort: true,
  })

// A password that cannot be anybody's is simply wrong: the rules of sign-up would tell a guesser what to skip.
const passwordIfAsked = text.transform((value) => value.slice(0, 2 * PASSWORD_AT_MOST + 1))
const givenPassword = passwordIfAsked.refine((value) => value !== '', { error: 'Type your password.' })

/** One e-mail address, in the one spelling that is kept. */
const email = text.transform((value, context) => {
  const parsed = parseAddress(value)
  if (parsed.ok) return parsed.address
  context.addIssue({ code: 'custom', message: parsed.reason })
  return z.NEVER
})

/** Text that is sent to many: what has no glyph and breaks no line is refused. */
function plainText(atMost: number, { missing, lines }: { missing: string; lines: boolean }) {
  return text
    .transform((value) => value.replace(/\r\n?/g, '\n').normalize('NFC').trim())
    .refine((value) => value !== '', { error: missing, abort: true })
    .refine((value) => !/\p{Cc}/u.test(lines ? value.replace(/[\n\t]/g, '') : value), {
      error: UNKEEPABLE,
      abort: true,
    })
    .refine((value) => [...value].length <= atMost, `Use at most ${atMost.toLocaleString('en')} characters.`)
}

/** For whom the page with the form was made: see `markOf`. Without one, a form was shown to nobody we know. */
const shownTo = text.catch('')

/** The part of the list that a form stands on, as its address says it. Of known length, as it leads there. */
const view = text.max(8000).catch('')

export const LikeForm = z.object({ thing: things, view, shownTo })
/** What is no id is on no list, as one that is gone. */
export const RowForm = z.object({ id: z.uuid().catch(''), view, shownTo })
export const UndoForm = z.object({ at: z.coerce.number(), view, shownTo })
export const EmptyForm = z.object({})
export const MarkedForm = z.object({ shownTo })
export const SignUpForm = z
  .object({ username, password: newPassword, keep: checkbox, next })
  .superRefine(({ username, password }, context) => {
    const message = weaknessOf(password, username)
    if (message) context.addIssue({ code: 'custom', path: ['password'], message })
  })
export const LogInForm = z.object({
  username: text
    .transform((value) => value.trim().toLowerCase())
    .refine((value) => value !== '', 'Type your username.'),
  password: givenPassword,
  keep: checkbox,
  next,
})

/** The password is empty where it was given so lately that the form does not ask. */
export const ProofForm = z.object({ password: passwordIfAsked, shownTo })
/** Which session to end: a session's id, all others, or none when only the password was sent. */
export const EndSessionForm = ProofForm.extend({ end: z.union([z.uuid(), z.enum(['others', ''])], { error: BROKEN }) })
export const ChangePasswordForm = z.object({ password: givenPassword, newPassword, shownTo })

export const SubscribeForm = z.object({ email, shownTo })
export const EmailForm = z.object({ email })
export const RecoveryForm = ProofForm.extend({ email })
/** What stands above a list on its page, and whether it is published by that. */
export const PublishForm = z.object({
  act: z.enum(['publish', 'save'], { error: BROKEN }),
  title,
  isIndexable: checkbox,
  /** By which claims came what the form says is held back: their ids, with spaces between. */
  claims: text.catch(''),
  shownTo,
})
export const TokenForm = z.object({ token: text })
/** The username is empty where the link is for one account only. */
export const ResetForm = TokenForm.extend({ username: text, newPassword })

export const AdminLogInForm = z.object({ password: givenPassword, next })
const id = z.uuid({ error: BROKEN })
const q = text.max(254).catch('')
const after = text.max(50).catch('')
/** `q` and `after` are the page of the list to come back to. */
export const DeleteAddressForm = z.object({ id, q, after })
/** The id is empty for a new one. */
export const AnnouncementForm = z.object({
  id: z.union([id, z.literal('')], { error: BROKEN }),
  subject: plainText(150, { missing: 'Give it a subject.', lines: false }),
  text: plainText(10_000, { missing: 'Write what you have to say.', lines: true }),
})
export const TestForm = z.object({ id, email })
export const IdForm = z.object({ id })
/** What the owner of the site does to a member, and the search and the cursor of the page that the form stands on. */
export const MemberForm = z.object({
  act: z.enum(['end', 'disable', 'enable', 'takeDown', 'allow'], { error: BROKEN }),
  id,
  q,
  after,
})

export type Parsed<T> = ({ ok: true; data: T } | { ok: false; state: FormState }) & {
  /** The answer that refuses: what was typed comes back, a password never. */
  refuse(refusal: { message: string } | { errors: Record<string, string> }): FormState
}

/**
 * Checks a form against a schema. Never throws: an action is a public address, to which anything can be posted, with
 * a file, a list or nothing where one text belongs, or no form at all.
 */
export function parseForm<S extends z.ZodObject>(schema: S, form: unknown): Parsed<z.output<S>> {
  const fields = Object.keys(schema.shape)
  const given = form instanceof FormData ? fields.map((name) => [name, textOf(form.getAll(name))] as const) : []
  const values = Object.fromEntries(
    given.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !/password/i.test(entry[0])),
  )
  const refuse: Parsed<never>['refuse'] = (refusal) => ({ values, errors: {}, ...refusal })
  if (!(form instanceof FormData)) {
    return { ok: false, state: refuse({ message: BROKEN }), refuse }
  }
  const result = schema.safeParse(Object.fromEntries(given))
  if (result.success) return { ok: true, data: result.data, refuse }
  const errors: Record<string, string> = {}
  for (const issue of result.error.issues) errors[issue.path.join('.')] ??= issue.message
  return { ok: false, state: refuse({ errors }), refuse }
}

// A field that is missing is an empty one, as a browser sends an unticked box; one given twice is no text.
function textOf(all: FormDataEntryValue[]) {
  return all.length > 1 ? all : (all[0] ?? '')
}
