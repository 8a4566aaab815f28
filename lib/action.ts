/** What every server action begins and ends with. */
import type { z } from 'zod'
import { unavailable } from './db.ts'
import { type FormState, type Parsed, parseForm } from './forms.ts'
import { requireOwnOrigin } from './request.ts'

/** Answers with what was typed, never a password, and why nothing was done. */
type Refuse = Parsed<never>['refuse']

/**
 * A server action: only for a form that a page of ours sent, and only when it is as its schema says. An action is a public
 * address, which anybody can call with anything (ASVS 5.0, 2.2.2, 3.5.1). Who may do it is for `work` to ask.
 * @param work Ends in a redirect, in `showAgain`, or in a refusal. Of what it throws, whatever passes by itself becomes a
 *   refusal in words; a bug goes on to error.tsx.
 */
export function action<S extends z.ZodObject>(
  schema: S,
  work: (input: z.output<S>, refuse: Refuse) => Promise<FormState | null>,
) {
  return async (_: FormState | null, form: FormData): Promise<FormState | null> => {
    await requireOwnOrigin()
    const input = parseForm(schema, form)
    if (!input.ok) return input.state
    try {
      return await work(input.data, input.refuse)
    } catch (error) {
      return input.refuse(unavailable(error))
    }
  }
}
