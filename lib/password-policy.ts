/** Which passwords are refused although they are long enough, and why. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { dictionary } from '@zxcvbn-ts/language-common'
import { env } from './env.ts'

const OUR_NAME = 'likes'

/** What must be left of a password without the names in it. */
const REST_AT_LEAST = 8

let known: Set<string> | undefined

/**
 * Why guessers would try this password early, in words for the person who chose it, or null (NIST SP 800-63B-4, 3.1.1.2;
 * ASVS 5.0, 6.2.4, 6.2.11, 6.2.12).
 */
export function weaknessOf(password: string, username: string): string | null {
  const plain = password.normalize('NFKC').toLowerCase()
  const word = withoutEnds(plain)
  if (isCommon(plain)) return 'Many people use this password, so guessers try it first. Choose another.'
  if (word !== plain && isCommon(word))
    return 'This is a common password with a little added, which guessers try early. Add another word or two.'
  const names = [username, OUR_NAME, env().siteName.normalize('NFKC').toLowerCase()].filter((name) =>
    plain.includes(name),
  )
  const rest = names.reduce((left, name) => left.replaceAll(name, ''), plain)
  if (names.length === 0 || [...rest].length >= REST_AT_LEAST) return null
  return names.includes(username)
    ? 'This is little more than your username. Add a few words that have nothing to do with it.'
    : 'This is little more than the name of this site. Add a few words that have nothing to do with it.'
}

/** Without the digits and signs that people put around a word. */
function withoutEnds(password: string) {
  const characters = [...password]
  const isOfWord = (character: string) => !/[\p{N}\p{P}\p{S}\p{Z}]/u.test(character)
  return characters.slice(characters.findIndex(isOfWord), characters.findLastIndex(isOfWord) + 1).join('')
}

// Made at the first question, since most processes are never asked. Of the first list, 49,000 of any length, nearly all
// are too short by themselves; the second has the 10,000 most used leaked ones that are long enough (decision 0009).
function isCommon(password: string) {
  known ??= new Set([...dictionary['passwords-common'].map(String), ...readLeaked()])
  return known.has(password)
}

function readLeaked() {
  return gunzipSync(readFileSync(resolve('lib/common-passwords.txt.gz')))
    .toString()
    .trim()
    .split('\n')
}
