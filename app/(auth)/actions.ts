'use server'

import { redirect } from 'next/navigation'
import { newAccount, UsernameTaken } from '#lib/accounts'
import { verifyCredentials } from '#lib/credentials'
import { unavailable } from '#lib/db'
import { env } from '#lib/env'
import { EmailForm, EmptyForm, type FormState, LogInForm, parseForm, ResetForm, SignUpForm } from '#lib/forms'
import { hashPassword } from '#lib/password'
import { weaknessOf } from '#lib/password-policy'
import * as recovery from '#lib/recovery'
import { getAttempt, requireOwnOrigin, safeNext } from '#lib/request'
import { endSession, getViewer, leaveAdminMode, startSession } from '#lib/session'
import { countTry } from '#lib/throttle'

const WRONG = 'The username or the password is wrong.'

export async function signUp(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(SignUpForm, form)
  if (!input.ok) return input.state
  try {
    const attempt = await getAttempt()
    await countTry('signUpByAddress', attempt)
    await startSession(await newAccount(input.data), input.data.keep, attempt)
  } catch (error) {
    if (error instanceof UsernameTaken) {
      return input.refuse({ errors: { username: 'Somebody has this username already. Please choose another.' } })
    }
    return input.refuse(unavailable(error))
  }
  redirect(safeNext(input.data.next))
}

export async function logIn(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(LogInForm, form)
  if (!input.ok) return input.state
  try {
    const attempt = await getAttempt()
    const account = await verifyCredentials(input.data, attempt)
    const isIn = account !== null && (await startSession(account, input.data.keep, attempt))
    if (!isIn) return input.refuse({ message: WRONG })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect(safeNext(input.data.next))
}

export async function logOut(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(EmptyForm, form)
  if (!input.ok) return input.state
  try {
    // Logging out a visitor would lose a list that nobody can log in to again.
    const viewer = await getViewer()
    const attempt = await getAttempt()
    if (viewer.kind === 'visitor') {
      await leaveAdminMode(viewer, attempt)
      redirect('/')
    }
    await endSession(viewer, attempt)
  } catch (error) {
    return input.refuse({ message: `We could not log you out. ${unavailable(error).message}` })
  }
  redirect('/?notice=logged-out')
}

export async function forgotPassword(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(EmailForm, form)
  if (!input.ok) return input.state
  if (!env().mail) return input.refuse({ message: 'This site sends no e-mail, so there is no link to send.' })
  try {
    await recovery.askForReset(input.data.email, await getAttempt())
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect('/forgot?notice=reset-mailed')
}

export async function resetPassword(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(ResetForm, form)
  if (!input.ok) return input.state
  const { token, username, newPassword } = input.data
  try {
    const attempt = await getAttempt()
    const usernames = await recovery.findReset(token, attempt.now)
    if (!usernames) return input.refuse({ message: LINK_ENDED })
    if (!usernames.includes(username)) return input.refuse({ errors: { username: 'Choose the account.' } })
    const weakness = weaknessOf(newPassword, username)
    if (weakness) return input.refuse({ errors: { newPassword: weakness } })
    await countTry('passwordCheckByAddress', attempt)
    const account = { username, passwordHash: await hashPassword(newPassword) }
    if (!(await recovery.resetPassword(token, account, attempt))) return input.refuse({ message: LINK_ENDED })
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect('/login?notice=password-reset')
}

const LINK_ENDED = 'This link does not work any more, so nothing was changed. You can ask for a new one.'
