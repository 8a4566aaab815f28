'use server'

import { redirect } from 'next/navigation'
import { newAccount, UsernameTaken, verifyCredentials } from '#lib/accounts'
import { unavailable } from '#lib/db'
import { EmptyForm, type FormState, LogInForm, parseForm, SignUpForm } from '#lib/forms'
import { requireOwnOrigin, safeNext } from '#lib/request'
import { endSession, getViewer, startSession } from '#lib/session'

const WRONG = 'The username or the password is wrong.'

export async function signUp(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(SignUpForm, form)
  if (!input.ok) return input.state
  try {
    const account = await newAccount(input.data)
    await startSession(account, input.data.keep, new Date())
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
    const account = await verifyCredentials(input.data)
    const isIn = account !== null && (await startSession(account, input.data.keep, new Date()))
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
    if ((await getViewer()).kind === 'visitor') redirect('/')
    await endSession()
  } catch (error) {
    return input.refuse({ message: `We could not log you out. ${unavailable(error).message}` })
  }
  redirect('/?notice=logged-out')
}
