'use server'

import { redirect } from 'next/navigation'
import { newAccount, UsernameTaken } from '#lib/accounts'
import { verifyCredentials } from '#lib/credentials'
import { unavailable } from '#lib/db'
import { EmptyForm, type FormState, LogInForm, parseForm, SignUpForm } from '#lib/forms'
import { getAttempt, requireOwnOrigin, safeNext } from '#lib/request'
import { endSession, getViewer, startSession } from '#lib/session'
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
    if (viewer.kind === 'visitor') redirect('/')
    await endSession(viewer, await getAttempt())
  } catch (error) {
    return input.refuse({ message: `We could not log you out. ${unavailable(error).message}` })
  }
  redirect('/?notice=logged-out')
}
