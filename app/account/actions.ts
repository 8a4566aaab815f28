'use server'

import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import * as accounts from '#lib/accounts'
import { action } from '#lib/action'
import { verifyCredentials } from '#lib/credentials'
import { env } from '#lib/env'
import { ChangePasswordForm, EndSessionForm, MarkedForm, ProofForm, PublishForm, RecoveryForm } from '#lib/forms'
import { endOtherSession, endOtherSessions } from '#lib/member-sessions'
import { hashPassword } from '#lib/password'
import { weaknessOf } from '#lib/password-policy'
import * as publishedList from '#lib/published-list'
import * as recovery from '#lib/recovery'
import { getAttempt } from '#lib/request'
import * as session from '#lib/session'
import { clearCookie } from '#lib/session-cookie'
import { countTry } from '#lib/throttle'

const UNPROVEN = {
  missing: 'Type your current password first. Nothing was changed.',
  wrong: 'That is not your password. Nothing was changed.',
}

export const endSessions = action(EndSessionForm, async ({ end, password, shownTo }, refuse) => {
  const member = await session.requireShownToMember(shownTo, '/account')
  const attempt = await getAttempt()
  const proof = await session.proveMember(member, password, attempt)
  if (proof !== 'proven') return refuse({ errors: { password: UNPROVEN[proof] } })
  if (end === '') redirect('/account?notice=password-proven')
  if (end === 'others') {
    await endOtherSessions(member, attempt)
    redirect('/account?notice=others-ended')
  }
  // One that is not there has ended already, and one that is not theirs is not there.
  const isEnded = await endOtherSession(member, end, attempt)
  redirect(`/account?notice=${isEnded ? 'session-ended' : ''}`)
})

export const changePassword = action(ChangePasswordForm, async ({ password, newPassword, shownTo }, refuse) => {
  const member = await session.requireShownToMember(shownTo, '/account')
  const { username } = member
  const weakness = weaknessOf(newPassword, username)
  if (weakness) return refuse({ errors: { newPassword: weakness } })
  const attempt = await getAttempt()
  const account = await verifyCredentials({ username, password }, { ...attempt, session: member.session })
  if (!account) return refuse({ errors: { password: UNPROVEN.wrong } })
  await session.changePassword(member, account, await hashPassword(newPassword), attempt)
  redirect('/account?notice=password-changed')
})

export const changeRecoveryEmail = action(RecoveryForm, async ({ email, password, shownTo }, refuse) => {
  if (!env().mail) return refuse({ message: 'This site sends no e-mail, so nothing was changed.' })
  const member = await session.requireShownToMember(shownTo, '/account')
  const attempt = await getAttempt()
  const proof = await session.proveMember(member, password, attempt)
  if (proof !== 'proven') return refuse({ errors: { password: UNPROVEN[proof] } })
  if (!(await recovery.askForRecoveryEmail(member, email, attempt))) redirect(LOG_IN_AGAIN)
  redirect('/account?notice=recovery-mailed')
})

export const removeRecoveryEmail = action(ProofForm, async (input, refuse) => {
  const member = await session.requireShownToMember(input.shownTo, '/account')
  const attempt = await getAttempt()
  const proof = await session.proveMember(member, input.password, attempt)
  if (proof !== 'proven') return refuse({ errors: { password: UNPROVEN[proof] } })
  await recovery.removeRecoveryEmail(member, attempt)
  redirect('/account?notice=recovery-removed')
})

export const changePublication = action(PublishForm, async ({ act, shownTo, claims, ...cover }, refuse) => {
  const member = await session.requireShownToMember(shownTo, '/account')
  const attempt = await getAttempt()
  if (act === 'publish') await countTry('publishByMember', { ...attempt, subject: [member.userId] })
  const change = act === 'publish' ? publishedList.publishList : publishedList.changeCover
  if (!(await change(member, { ...cover, claims: claims.split(' ') }, attempt))) {
    refresh()
    return refuse({
      message: 'Nothing was done, since your page was changed meanwhile. Have a look at it here, then try again.',
    })
  }
  redirect('/account?notice=list-changed')
})

export const takeListBack = action(MarkedForm, async (input) => {
  const member = await session.requireShownToMember(input.shownTo, '/account')
  // One that is not published is what was asked for.
  await publishedList.takeListBack(member, await getAttempt())
  redirect('/account?notice=list-changed')
})

export const deleteAccount = action(ProofForm, async (input, refuse) => {
  const member = await session.requireShownToMember(input.shownTo, '/account')
  const attempt = await getAttempt()
  const proof = await session.proveMember(member, input.password, attempt)
  if (proof !== 'proven') return refuse({ errors: { password: UNPROVEN[proof] } })
  const erased = (await accounts.deleteAccount(member, attempt)) ?? redirect(LOG_IN_AGAIN)
  await clearCookie()
  redirect(`/forgotten?account=1&likes=${erased.likes}${erased.isUnsubscribed ? '&list=1' : ''}`)
})

const LOG_IN_AGAIN = '/login?notice=log-in-again&next=%2Faccount'
