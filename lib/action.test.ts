/** What every server action begins and ends with. */
import { redirect } from 'next/navigation'
import { expect, test, vi } from 'vitest'
import { action } from './action.ts'
import { ChangePasswordForm, type FormState, MarkedForm } from './forms.ts'
import { answerTo } from './testing/next.ts'
import { Unavailable } from './unavailable.ts'

type Action = (state: FormState | null, form: FormData) => Promise<FormState | null>

function formOf(fields: Record<string, string>) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}

/** Sends a form from a page of this origin. @returns what the action answers. @throws what it throws. */
async function send(to: Action, form: FormData, origin = 'http://localhost:3000') {
  const request = new Request('http://localhost:3000/', { method: 'POST', headers: { origin } })
  const { outcome } = await answerTo('action', request, () => to(null, form))
  if (outcome?.status === 'rejected') throw outcome.reason
  return outcome?.value
}

test('a form from another site, or from nowhere, never reaches the work', async () => {
  const work = vi.fn(async () => null)
  const form = formOf({ shownTo: 'nobody' })
  for (const origin of ['https://evil.example', 'http://localhost:3001', 'null', ''])
    await expect(send(action(MarkedForm, work), form, origin)).rejects.toThrow('not from a page of ours')
  expect(work).not.toHaveBeenCalled()
  expect(await send(action(MarkedForm, work), form)).toBe(null)
  expect(work).toHaveBeenCalledOnce()
})

test('a form that is not as its schema says never reaches the work, and comes back without its passwords', async () => {
  const work = vi.fn(async () => null)
  const typed = formOf({ password: 'the old one', newPassword: 'short', shownTo: 'member 1', extra: 'x' })
  const state = await send(action(ChangePasswordForm, work), typed)
  expect(state?.values).toEqual({ shownTo: 'member 1' })
  expect(state?.errors.newPassword).toMatch(/^Use at least 12/)
  // A public address can be called with anything.
  for (const nothing of [undefined, null, 'form', {}, []]) {
    const answer = await send(action(ChangePasswordForm, work), nothing as unknown as FormData)
    expect(answer?.message).toMatch(/did not arrive whole/)
  }
  expect(work).not.toHaveBeenCalled()
})

test('what passes by itself is told in words, with what was typed; a bug and a redirect are thrown on', async () => {
  const refusing = action(MarkedForm, async () => {
    throw new Unavailable('Please wait.')
  })
  expect(await send(refusing, formOf({ shownTo: 'nobody' }))).toEqual({
    values: { shownTo: 'nobody' },
    errors: {},
    message: 'Please wait.',
  })
  const bug = new TypeError('x is not a function')
  const failing = action(MarkedForm, async () => {
    throw bug
  })
  await expect(send(failing, formOf({}))).rejects.toBe(bug)
  const leading = action(MarkedForm, async () => redirect('/account'))
  await expect(send(leading, formOf({}))).rejects.toMatchObject({ digest: expect.stringContaining('/account') })
})

test('a refusal of the work brings back what was typed, but no password', async () => {
  const refusing = action(ChangePasswordForm, async (_, refuse) => refuse({ errors: { password: 'Not that one.' } }))
  const typed = formOf({ password: 'the old one', newPassword: 'four words in a row', shownTo: 'member 1' })
  expect(await send(refusing, typed)).toEqual({
    values: { shownTo: 'member 1' },
    errors: { password: 'Not that one.' },
  })
})
