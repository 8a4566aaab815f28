/** What people were told, and what they expect to find. */
import type { Answer } from './browser'

/** How a write ended, as far as whoever sent it knows. */
export type Outcome = 'done' | 'refused' | 'unsure'

/** What must be true of a thing on a list: of one whose write was not acknowledged it may be either. */
export type Fate = 'there' | 'gone' | 'unsure'
export type Fates = Map<string, Fate>

export class Journal {
  intended = 0
  acknowledged = 0
  refused = 0
  unanswered = 0
  /** Of the likes that were acknowledged and not removed since, those that the last audit found, and did not find. */
  found = 0
  lost = 0
  /** What was said to those who were refused, and how often. */
  readonly words = new Map<string, number>()

  /** Notes a write before it is sent, and afterwards what became of it. */
  async write(send: () => Promise<Answer>, isDone: (answer: Answer) => boolean): Promise<Outcome> {
    this.intended++
    const answer = await unlessCut(send())
    if (answer && isDone(answer)) {
      this.acknowledged++
      return 'done'
    }
    if (!answer) {
      this.unanswered++
      return 'unsure'
    }
    this.refused++
    const words = wordsOf(answer)
    this.words.set(words, (this.words.get(words) ?? 0) + 1)
    // Of anything else it is said that nothing was changed.
    return /cannot reach our database|as far as we know/.test(words) ? 'unsure' : 'refused'
  }
}

/** The whole answer; null when the connection was refused, cut, or ended too early: what fetch throws as a TypeError. */
export function unlessCut(answer: Promise<Answer>): Promise<Answer | null> {
  return answer.catch((error) => {
    if (error instanceof TypeError) return null
    throw error
  })
}

/** What an answer that is no success says of it. @throws Error when it says nothing. */
export function wordsOf({ status, location, text }: Answer): string {
  if (status === 303) return location
  const said = text.matchAll(/role="(?:alert|status)"[^>]*>(?:<p[^>]*>)?([^<]{8,})/g)
  const [, page] = /<h1>[^<]*<\/h1>\s*<p>([^<]*)/.exec(text) ?? []
  const words = status >= 500 ? page : [...said].map(([, one]) => one).join(' ')
  if (!words) throw new Error(`refused without a word: ${status} ${text.slice(0, 500)}`)
  return words.replaceAll('&#x27;', "'").replace(/\d+ seconds?|\d+ minutes?/, 'a while')
}
