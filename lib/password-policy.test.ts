import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dictionary } from '@zxcvbn-ts/language-common'
import { expect, test } from 'vitest'
import { parseForm, SignUpForm } from './forms.ts'
import { weaknessOf } from './password-policy.ts'

process.env.SITE_NAME = 'Tea & Rain'

test('6.2.4 every password of the list that is long enough is refused, in whatever case', () => {
  const long = dictionary['passwords-common'].filter((password) => [...password].length >= 12)
  expect(dictionary['passwords-common'].length).toBeGreaterThan(10_000)
  expect(long.length).toBeGreaterThan(300)
  for (const password of long) {
    expect(weaknessOf(password, 'ada'), password).toMatch(/guessers try/)
    expect(weaknessOf(password.toUpperCase(), 'ada'), password).toMatch(/guessers try/)
  }
})

test('6.2.4 6.2.12 the 10,000 most used leaked passwords that are long enough are refused', () => {
  const leaked = gunzipSync(readFileSync('lib/common-passwords.txt.gz')).toString().trim().split('\n')
  expect(new Set(leaked).size).toBe(10_000)
  expect(leaked.slice(0, 4)).toEqual(['123qweasdzxc', '1qaz2wsx3edc', 'q1w2e3r4t5y6', '1q2w3e4r5t6y'])
  expect(leaked.filter((password) => [...password].length < 12)).toEqual([])
  expect(leaked.filter((password) => !weaknessOf(password, 'ada'))).toEqual([])
  expect(weaknessOf('Qwerty-123456', 'ada')).toMatch(/guessers try/)
})

test('a common password with digits and signs around it is refused', () => {
  for (const password of ['password2026!', '123 sunshine 123', 'Iloveyou-1234', '!!!dragon!!!!!']) {
    expect(weaknessOf(password, 'ada'), password).toMatch(/a little added/)
  }
})

test('6.2.11 a password made of the username or of the name of the site is refused', () => {
  for (const password of ['grace-hopper', 'Grace-Hopper-2026', 'grace-hoppergrace-hopper', 'my grace-hopper']) {
    expect(weaknessOf(password, 'grace-hopper'), password).toMatch(/your username/)
  }
  for (const password of ['likeslikeslikes', 'Likes-Likes-Likes', 'ＬＩＫＥＳ likes 26']) {
    expect(weaknessOf(password, 'ada'), password).toMatch(/the name of this site/)
  }
})

test('6.2.11 a password made of the name that the site was given is refused', () => {
  for (const password of ['tea & rain 2026', 'Tea & Rain Tea & Rain', 'my tea & rain']) {
    expect(weaknessOf(password, 'ada'), password).toMatch(/the name of this site/)
  }
  expect(weaknessOf('a cup of tea & rain at noon', 'ada')).toBeNull()
})

test('a short username within a long password is no reason to refuse it', () => {
  expect(weaknessOf('canada goose feathers', 'ada')).toBeNull()
  expect(weaknessOf('she likes long walks', 'ada')).toBeNull()
})

test('6.2.5 no kind of character is asked for', () => {
  for (const password of ['abcdefghqrst', 'four words in a row', '948203847561', '🦊'.repeat(12), 'ab'.repeat(6)]) {
    expect(weaknessOf(password, 'ada'), password).toBeNull()
  }
})

test('the sign-up form says why', () => {
  const form = new FormData()
  form.set('username', 'ada')
  form.set('password', 'passwordpassword')
  const parsed = parseForm(SignUpForm, form)
  expect(parsed.ok).toBe(false)
  expect(!parsed.ok && parsed.state.errors.password).toMatch(/Many people use this password/)
})

test('15.2.2 a password far too long is refused at once, whatever it is made of', () => {
  const form = new FormData()
  form.set('username', 'ada')
  form.set('password', `a${'1'.repeat(60_000)}a`)
  const started = performance.now()
  expect(parseForm(SignUpForm, form)).toMatchObject({
    ok: false,
    state: { errors: { password: expect.stringMatching(/at most 1,000/) } },
  })
  expect(weaknessOf(`a${'1 '.repeat(500)}a`, 'ada')).toBeNull()
  // It once took three seconds.
  expect(performance.now() - started).toBeLessThan(1000)
})
