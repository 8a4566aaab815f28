import { expect, test } from 'vitest'
import { LikeForm, LogInForm, parseForm, SignUpForm } from './forms.ts'

function form(fields: Record<string, string | string[] | Blob>) {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    for (const item of Array.isArray(value) ? value : [value]) data.append(name, item)
  }
  return data
}

function thingOf(thing: string) {
  const parsed = parseForm(LikeForm, form({ thing }))
  return parsed.ok ? parsed.data.thing.join(' | ') : parsed.state.errors.thing
}

test('2.3.2 a thing is 1 to 200 characters after NFC and trimming, counted as people count', () => {
  expect(thingOf('  tea \n')).toBe('tea')
  expect(thingOf('e\u0301')).toBe('é')
  expect(thingOf('x'.repeat(200))).toBe('x'.repeat(200))
  expect(thingOf('🍵'.repeat(200))).toBe('🍵'.repeat(200))
  expect(thingOf('x'.repeat(201))).toMatch(/longer than 200/)
  expect(thingOf('🍵'.repeat(201))).toMatch(/longer than 200/)
})

test('several lines are several things, and a refusal says which line it means', () => {
  expect(thingOf('tea\r\n\r  rain \n\u200b\n')).toMatch('Line 4: Type something you like.')
  expect(thingOf('tea\r\n\r  rain \n')).toBe('tea | rain')
  expect(thingOf(`tea\n${'x'.repeat(201)}`)).toMatch(/^Line 2: That is longer than 200/)
  expect(thingOf('x\n'.repeat(50))).toMatch(/^x( \| x){49}$/)
  expect(thingOf('x\n'.repeat(51))).toMatch(/more than 50 lines/)
  expect(thingOf('\n \n')).toBe('Type something you like.')
})

test('what cannot be seen is nothing: empty, blank, zero-width', () => {
  for (const thing of ['', '   ', '\u00a0', '\u200b\u200d', '\u3164', '\u115f', '\uffa0']) {
    expect(thingOf(thing), JSON.stringify(thing)).toBe('Type something you like.')
  }
})

test('NUL, lone surrogates and control characters are refused with a reason', () => {
  for (const thing of ['tea\0', 'tea\ud800', 'tea\u0007time', 'tea\u001b[2J']) {
    expect(thingOf(thing), JSON.stringify(thing)).toMatch(/cannot keep/)
  }
})

test('15.3.5 a file or a list where one text belongs is refused, and so is no form at all', () => {
  for (const thing of [['tea', 'rain'], new Blob(['tea'])]) {
    const parsed = parseForm(LikeForm, form({ thing }))
    expect(parsed.ok).toBe(false)
    if (!parsed.ok)
      expect(parsed.state).toEqual({ values: { view: '', shownTo: '' }, errors: { thing: 'Please type text here.' } })
  }
  for (const nothing of [null, undefined, 'tea', { thing: 'tea' }, [], 7]) {
    const parsed = parseForm(LikeForm, nothing)
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.state.message).toMatch(/did not arrive whole/)
  }
})

test('a refusal gives back what was typed, but never a password', () => {
  const parsed = parseForm(SignUpForm, form({ username: 'A B', password: 'hunter2', keep: 'on', next: '/x' }))
  expect(parsed.ok).toBe(false)
  if (!parsed.ok) {
    expect(parsed.state.values).toEqual({ username: 'A B', keep: 'on', next: '/x' })
    expect(Object.keys(parsed.state.errors)).toEqual(['username', 'password'])
  }
  expect(JSON.stringify(parsed.refuse({ message: 'no' }))).not.toContain('hunter2')
})

function signUp(fields: Record<string, string>) {
  const parsed = parseForm(SignUpForm, form({ username: 'ada', password: 'four words in a row', ...fields }))
  return parsed.ok ? parsed.data : parsed.state.errors
}

test('usernames are 3 to 30 of a–z, 0–9, "_" and "-", in any case', () => {
  expect(signUp({ username: ' Ada_L-9 ' })).toMatchObject({ username: 'ada_l-9', keep: false, next: '' })
  for (const username of ['ab', 'x'.repeat(31), 'a b', 'adä', 'a@b', '', 'ａｄａ']) {
    expect(signUp({ username }), username).toHaveProperty('username')
    expect(signUp({ username }), username).not.toHaveProperty('password')
  }
})

test('6.2.1 6.2.9 passwords are at least 12 characters, counted as code points, of any kind', () => {
  for (const password of ['            ', 'abcdefghqrst', '🦊'.repeat(12), 'x'.repeat(1000), ' leads and trails ']) {
    expect(signUp({ password }), password).toMatchObject({ password })
  }
  for (const password of [
    '',
    'abcdefghijk',
    '🦊'.repeat(11),
    'x'.repeat(1001),
    'ada-ada-ada-2026',
    'tea\0 and more things',
  ]) {
    expect(Object.keys(signUp({ password })), password).toEqual(['password'])
  }
})

test('log-in does not say which rule a password breaks', () => {
  expect(parseForm(LogInForm, form({ username: 'ADA', password: 'x' }))).toMatchObject({
    ok: true,
    data: { username: 'ada', password: 'x' },
  })
})

test('8.2.3 15.3.3 fields nobody asked for are dropped', () => {
  const parsed = parseForm(LikeForm, form({ thing: 'tea', userId: 'x', id: 'y' }))
  expect(parsed.ok && parsed.data).toEqual({ thing: ['tea'], view: '', shownTo: '' })
})
