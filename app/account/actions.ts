'use server'

import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import * as accounts from '#lib/accounts'
import { verifyCredentials } from '#lib/credentials'
import { unavailable } from '#lib/db'
import { env } from '#lib/env'
import {
  ChangePasswordForm,
  EndSessionForm,
  type FormState,
  ProofForm,
  PublishForm,
  parseForm,
  RecoveryForm,
} from '#lib/forms'
import { endOtherSession, endOtherSessions } from '#lib/member-sessions'
import { hashPassword } from '#lib/password'
import { weaknessOf } from '#lib/password-policy'
import * as publishedList from '#lib/published-list'
import * as recovery from '#lib/recovery'
import { getAttempt, requireOwnOrigin } from '#lib/request'
import * as session from '#lib/session'
import { clearCookie } from '#lib/session-cookie'
import { countTry } from '#lib/throttle'

const UNPROVEN = {
  missing: 'Type your current password first. Nothing was changed.',
  wrong: 'That is not your password. Nothing was changed.',
}

export async function endSessions(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(EndSessionForm, form)
  if (!input.ok) return input.state
  const { end, password, shownTo } = input.data
  let notice = 'password-proven'
  try {
    const member = await session.requireShownToMember(shownTo, '/account')
    const attempt = await getAttempt()
    const proof = await session.proveMember(member, password, attempt)
    if (proof !== 'proven') return input.refuse({ errors: { password: UNPROVEN[proof] } })
    if (end === 'others') {
      await endOtherSessions(member, attempt)
      notice = 'others-ended'
    } else if (end) {
      // One that is not there has ended already, and one that is not theirs is not there.
      notice = (await endOtherSession(member, end, attempt)) ? 'session-ended' : ''
    }
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect(`/account?notice=${notice}`)
}

export async function changePassword(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(ChangePasswordForm, form)
  if (!input.ok) return input.state
  const { password, newPassword, shownTo } = input.data
  try {
    const member = await session.requireShownToMember(shownTo, '/account')
    const { username } = member
    const weakness = weaknessOf(newPassword, username)
    if (weakness) return input.refuse({ errors: { newPassword: weakness } })
    const attempt = await getAttempt()
    const account = await verifyCredentials({ username, password }, { ...attempt, session: member.session })
    if (!account) return input.refuse({ errors: { password: UNPROVEN.wrong } })
    await session.changePassword(member, account, await hashPassword(newPassword), attempt)
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect('/account?notice=password-changed')
}

export async function changeRecoveryEmail(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(RecoveryForm, form)
  if (!input.ok) return input.state
  const { email, password, shownTo } = input.data
  if (!env().mail) return input.refuse({ message: 'This site sends no e-mail, so nothing was changed.' })
  try {
    const member = await session.requireShownToMember(shownTo, '/account')
    const attempt = await getAttempt()
    const proof = await session.proveMember(member, password, attempt)
    if (proof !== 'proven') return input.refuse({ errors: { password: UNPROVEN[proof] } })
    if (!(await recovery.askForRecoveryEmail(member, email, attempt))) redirect(LOG_IN_AGAIN)
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect('/account?notice=recovery-mailed')
}

export async function removeRecoveryEmail(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(ProofForm, form)
  if (!input.ok) return input.state
  try {
    const member = await session.requireShownToMember(input.data.shownTo, '/account')
    const attempt = await getAttempt()
    const proof = await session.proveMember(member, input.data.password, attempt)
    if (proof !== 'proven') return input.refuse({ errors: { password: UNPROVEN[proof] } })
    await recovery.removeRecoveryEmail(member, attempt)
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect('/account?notice=recovery-removed')
}

const PUBLISHING = {
  publish: { run: publishedList.publishList, notice: 'list-published' },
  save: { run: publishedList.changeCover, notice: 'list-saved' },
  takeBack: { run: publishedList.unpublishList, notice: 'list-taken-back' },
}

export async function changePublication(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(PublishForm, form)
  if (!input.ok) return input.state
  const { act, shownTo, ...cover } = input.data
  const { run, notice } = PUBLISHING[act]
  try {
    const member = await session.requireShownToMember(shownTo, '/account')
    const attempt = await getAttempt()
    if (act === 'publish') await countTry('publishByMember', { ...attempt, subject: [member.userId] })
    if (!(await run(member, cover, attempt))) {
      refresh()
      return input.refuse({
        message: 'Nothing was done: your page has changed meanwhile. Look at what it says here now.',
      })
    }
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  redirect(`/account?notice=${notice}`)
}

export async function deleteAccount(_: FormState | null, form: FormData): Promise<FormState | null> {
  await requireOwnOrigin()
  const input = parseForm(ProofForm, form)
  if (!input.ok) return input.state
  let erased: accounts.Erased
  try {
    const member = await session.requireShownToMember(input.data.shownTo, '/account')
    const attempt = await getAttempt()
    const proof = await session.proveMember(member, input.data.password, attempt)
    if (proof !== 'proven') return input.refuse({ errors: { password: UNPROVEN[proof] } })
    erased = (await accounts.deleteAccount(member, attempt)) ?? redirect(LOG_IN_AGAIN)
  } catch (error) {
    return input.refuse(unavailable(error))
  }
  await clearCookie()
  redirect(`/forgotten?account=1&likes=${erased.likes}${erased.isUnsubscribed ? '&list=1' : ''}`)
}

const LOG_IN_AGAIN = '/login?notice=log-in-again&next=%2Faccount'
