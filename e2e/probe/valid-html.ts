/** HTML as the standard has it, with what is recommended, less what is a matter of taste or of React's. */
import { HtmlValidate } from 'html-validate'
import type { Exception } from './findings'

/** The rules that are not asked, and why. */
const NOT_ASKED: Record<string, string> = {
  'attr-case': 'React writes encType and dateTime; names of attributes have no case',
  'void-style': 'React writes <br/>, which is the same as <br>',
  'attribute-boolean-style': 'React writes async="", which is the same as async',
  'attribute-empty-style': 'the same',
  'doctype-style': 'a matter of taste',
  'no-implicit-button-type': 'a button of a form submits it, which ours are for; the one that does not says so',
  'no-implicit-input-type': 'an input is of text',
  'no-trailing-whitespace': 'the line before the end of a message, “-- ”, has a space (RFC 3676)',
}

export const HTML_EXCEPTIONS: Exception[] = [
  {
    is: /attribute-allowed-values: Attribute "action" has invalid value ""/,
    because:
      'React writes action="" for a form that a script need not send; every browser takes it for the page itself',
  },
]

/** Of a message no styles are expected but inline ones: mail programs drop others. */
const validators = { page: validatorWithout([]), message: validatorWithout(['no-inline-style']) }

function validatorWithout(rules: string[]) {
  return new HtmlValidate({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:document', 'html-validate:a11y'],
    rules: {
      // As the standard has it: Next's ids begin with an underscore, and any list may have a name.
      'valid-id': ['error', { relaxed: true }],
      'require-sri': ['error', { target: 'crossorigin' }],
      'aria-label-misuse': ['error', { allowAnyNamable: true }],
      ...Object.fromEntries([...Object.keys(NOT_ASKED), ...rules].map((rule) => [rule, 'off'])),
    },
  })
}

/** What is wrong with it: a line each. */
export async function faultsOfHtml(html: string, kind: keyof typeof validators = 'page'): Promise<string[]> {
  const { results } = await validators[kind].validateString(html)
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
  )
}
