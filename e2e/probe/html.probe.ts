import { afterAll, beforeAll, expect, test } from 'vitest'
import { compose, MAILS, type MailKind } from '../../lib/mail-texts'
import { openForm } from '../raw-form'
import { type Cast, raiseCast } from './cast'
import { Findings } from './findings'
import { forgotten, nameOf, type State, statesOf } from './states'
import { faultsOfHtml, HTML_EXCEPTIONS } from './valid-html'

const FACTS = {
  recipient: 'ada@example.org',
  token: 'token',
  usernames: ['ada', 'grace'],
  announcement: { subject: 'News of the <week> & "more"', text: 'Hello,\n\n<b>bold</b>\nhttps://example.org' },
}

let cast: Cast
beforeAll(async () => {
  cast = await raiseCast()
})
afterAll(() => cast?.stop())

test('every page in every state is valid HTML as it comes, and so is every message', async () => {
  const states = statesOf(cast)
  expect(forgotten(states)).toEqual([])
  const findings = new Findings('html-validate', HTML_EXCEPTIONS)
  for (const state of states)
    for (const message of await faultsOfHtml(await pageOf(state))) findings.add(`${nameOf(state)}: ${message}`)
  const kinds = Object.keys(MAILS) as MailKind[]
  for (const kind of kinds)
    for (const message of await faultsOfHtml(compose(kind, FACTS).html, 'message'))
      findings.add(`message ${kind}: ${message}`)
  findings.report(`${states.length} pages, ${kinds.length} messages`)
})

/** The page as it comes, without a browser to mend it. */
async function pageOf(state: State): Promise<string> {
  const { who, path, form } = state
  const person = cast.people[who]
  const answer = form
    ? await (await openForm(person, path, new RegExp(`>${form.button}\\b`))).send(form.fields)
    : await person.get(path, { maxRedirects: 0 })
  const text = await answer.text()
  const isPage = answer.headers()['content-type']?.startsWith('text/html') && !answer.headers().location
  if (!isPage || !text.includes(form?.says ?? ''))
    throw new Error(`${nameOf(state)}: ${answer.status()} ${answer.headers().location ?? ''}`)
  return text
}
