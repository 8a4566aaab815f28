'use server'

import { redirect } from 'next/navigation'
import { newAccount, UsernameTaken } from '#lib/accounts'
import { action } from '#lib/action'
import { verifyCredentials } from '#lib/credentials'
import { unavailable } from '#lib/db'
import { env } from '#lib/env'
import { EmailForm, EmptyForm, LogInForm, ResetForm, SignUpForm } from '#lib/forms'
import { hashPassword } from '#lib/password'
import { weaknessOf } from '#lib/password-policy'
import * as recovery from '#lib/recovery'
import { getAttempt, safeNext } from '#lib/request'
import { endSession, getViewer, leaveAdminMode, startSession } from '#lib/session'
import { countTry } from '#lib/throttle'

const WRONG = 'The username or the password is wrong.'

export const signUp = action(SignUpForm, async (input, refuse) => {
  const attempt = await getAttempt()
  await countTry('signUpByAddress', attempt)
  try {
    await startSession(await newAccount(input), input.keep, attempt)
  } catch (error) {
    if (!(error instanceof UsernameTaken)) throw error
    return refuse({ errors: { username: 'Somebody has this username already. Please choose another.' } })
  }
  redirect(safeNext(input.next))
})

export const logIn = action(LogInForm, async (input, refuse) => {
  const attempt = await getAttempt()
  const account = await verifyCredentials(input, attempt)
  const isIn = account !== null && (await startSession(account, input.keep, attempt))
  if (!isIn) return refuse({ message: WRONG })
  redirect(safeNext(input.next))
})

export const logOut = action(EmptyForm, async (_, refuse) => {
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
    return refuse({ message: `We could not log you out. ${unavailable(error).message}` })
  }
  redirect('/?notice=logged-out')
})

export const forgotPassword = action(EmailForm, async (input, refuse) => {
  if (!env().mail) return refuse({ message: 'This site sends no e-mail, so there is no link to send.' })
  await recovery.askForReset(input.email, await getAttempt())
  redirect('/forgot?notice=reset-mailed')
})

export const resetPassword = action(ResetForm, async ({ token, username, newPassword }, refuse) => {
  const attempt = await getAttempt()
  const usernames = await recovery.findReset(token, attempt.now)
  if (!usernames) return refuse({ message: LINK_ENDED })
  if (!usernames.includes(username)) return refuse({ errors: { username: 'Choose the account.' } })
  const weakness = weaknessOf(newPassword, username)
  if (weakness) return refuse({ errors: { newPassword: weakness } })
  await countTry('passwordCheckByAddress', attempt)
  const account = { username, passwordHash: await hashPassword(newPassword) }
  if (!(await recovery.resetPassword(token, account, attempt))) return refuse({ message: LINK_ENDED })
  redirect('/login?notice=password-reset')
})

const LINK_ENDED = 'This link does not work any more, so nothing was changed. You can ask for a new one.'
