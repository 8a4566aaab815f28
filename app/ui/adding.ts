'use client'

import { unstable_rethrow } from 'next/navigation'
import { useActionState, useEffect, useRef } from 'react'
import type { FormState } from '#lib/forms'
import { addLike } from '../actions'

const NO_ANSWER = 'We got no answer, so this may not be on your list. Look below, then press Like once more.'

/**
 * Adds likes, and loses nothing that was typed: what got no answer is an answer too, and a refusal that was not shown yet,
 * because the next like was on its way, goes along with the next answer.
 * @returns `post` for the form itself, which works without a script, and `add` for where one runs.
 */
export function useAdding() {
  const [posted, post] = useActionState(addLike, null)
  const shown = useRef(posted)
  const [added, add, isAdding] = useActionState(async (before: FormState | null, form: FormData) => {
    const answer = await addLike(null, form).catch((error) => withoutAnswer(form, error))
    return before === shown.current ? answer : together(before, answer)
  }, posted)
  useEffect(() => {
    shown.current = added
  }, [added])
  return { added, add, post, isAdding }
}

function withoutAnswer(form: FormData, error: unknown): FormState {
  // Next leaves by an error when an action redirects.
  unstable_rethrow(error)
  return { values: { thing: String(form.get('thing')) }, errors: {}, message: NO_ANSWER }
}

function together(one: FormState | null, other: FormState | null): FormState | null {
  if (!one || !other) return one ?? other
  const both = (a: string | undefined, b: string | undefined, between: string) =>
    [...new Set([a, b].filter(Boolean))].join(between)
  const thing = both(one.values.thing, other.values.thing, '\n')
  const error = both(one.errors.thing, other.errors.thing, ' ')
  const message = both(one.message, other.message, ' ')
  return { values: thing ? { thing } : {}, errors: error ? { thing: error } : {}, ...(message && { message }) }
}
