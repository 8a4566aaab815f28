import { expect, test } from 'vitest'
import { readEnv } from './env.ts'

test('with no variables it runs on a file, for the loopback names of port 3000', () => {
  expect(readEnv({ NODE_ENV: 'production' })).toEqual({
    databaseUrl: 'file:./data/likes.db',
    databasePool: 10,
    origins: ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'],
    isSecure: false,
    peppers: [],
    adminPassword: undefined,
    mail: null,
    appUrl: 'http://localhost:3000',
    siteName: 'Likes',
    postalAddress: undefined,
    metricsToken: undefined,
    logLevel: 'info',
  })
  expect(readEnv({ PORT: '80', APP_URL: '' }).origins[0]).toBe('http://localhost')
})

test('3.5.4 APP_URL is the one origin, and https makes the cookie secure', () => {
  expect(readEnv({ APP_URL: 'https://likes.example/', NODE_ENV: 'production' })).toMatchObject({
    origins: ['https://likes.example'],
    isSecure: true,
  })
})

test('3.7.5 12.2.1 in production an APP_URL that is http and not loopback refuses to start', () => {
  expect(() => readEnv({ APP_URL: 'http://likes.example', NODE_ENV: 'production' })).toThrow(/^APP_URL: must be https/)
  expect(readEnv({ APP_URL: 'http://127.0.0.1:8080', NODE_ENV: 'production' }).isSecure).toBe(false)
  expect(readEnv({ APP_URL: 'http://likes.example', NODE_ENV: 'development' }).isSecure).toBe(false)
})

test('1.4.2 3.5.4 13.2.3 a wrong variable is refused with its name and what it must be', () => {
  for (const APP_URL of ['likes.example', 'ftp://x', 'https://x/path', 'https://x?y', 'https://me@x']) {
    expect(() => readEnv({ APP_URL }), APP_URL).toThrow(/^APP_URL: must be an address/)
  }
  expect(() => readEnv({ PORT: 'eighty' })).toThrow('PORT: must be a whole number from 1 to 65535')
  expect(() => readEnv({ PORT: '70000' })).toThrow(/^PORT: /)
  expect(() => readEnv({ TRUSTED_PROXY_HOPS: '-1' })).toThrow(/^TRUSTED_PROXY_HOPS: /)
  expect(() => readEnv({ DATABASE_URL: 'mysql://x' })).toThrow(/^DATABASE_URL: must be file:/)
  expect(() => readEnv({ DATABASE_POOL: '0' })).toThrow(/^DATABASE_POOL: /)
  expect(() => readEnv({ LOG_LEVEL: 'loud' })).toThrow(/^LOG_LEVEL: must be one of debug, info/)
  expect(() => readEnv({ ADMIN_PASSWORD: 'eleven char' })).toThrow('ADMIN_PASSWORD: must be at least 12 characters')
  expect(() => readEnv({ SMTP_URL: 'mail.example:25' })).toThrow(/^SMTP_URL: must be smtp:/)
  expect(() => readEnv({ METRICS_TOKEN: 'fifteen-letters' })).toThrow(/^METRICS_TOKEN: must be at least 16/)
  expect(() => readEnv({ METRICS_TOKEN: 'sixteen letters, with spaces' })).toThrow(/^METRICS_TOKEN: /)
  for (const NEXT_SERVER_ACTIONS_ENCRYPTION_KEY of ['short', 'x'.repeat(42), `${'A'.repeat(20)}==`]) {
    expect(() => readEnv({ NEXT_SERVER_ACTIONS_ENCRYPTION_KEY })).toThrow(/: must be 16, 24 or 32 bytes in base64/)
  }
  expect(() => readEnv({ BUILD_ID: '../x' })).toThrow(/^BUILD_ID: /)
  expect(() => readEnv({ PASSWORD_PEPPER: 'a fine long pepper,short' })).toThrow(/^PASSWORD_PEPPER: /)
})

test('e-mail is sent when SMTP_URL says where to, and in development only shown', () => {
  const NODE_ENV = 'production'
  const smtpUrl = 'smtps://me:secret@mail.example:465'
  expect(readEnv({ NODE_ENV, MAIL_FROM: 'Likes <likes@likes.example>' }).mail).toBeNull()
  expect(readEnv({ NODE_ENV, SMTP_URL: smtpUrl, APP_URL: 'https://likes.example' })).toMatchObject({
    mail: { smtpUrl, from: 'likes@likes.example' },
    appUrl: 'https://likes.example',
  })
  expect(readEnv({ SMTP_URL: smtpUrl, MAIL_FROM: 'Likes <hello@likes.example>' }).mail?.from).toBe(
    'Likes <hello@likes.example>',
  )
  expect(readEnv({ NODE_ENV: 'development' }).mail).toEqual({ smtpUrl: undefined, from: 'likes@localhost' })
})

test('1.3.11 a sender that could begin a header of its own is refused', () => {
  for (const MAIL_FROM of [
    'likes',
    'a@example.org, b@example.org',
    'Likes\r\nBcc: <a@example.org>',
    '"L" <a@example.org>',
  ]) {
    expect(() => readEnv({ MAIL_FROM }), MAIL_FROM).toThrow(/^MAIL_FROM: must be an address/)
  }
  expect(() => readEnv({ SITE_NAME: 'Likes\nBcc: a@example.org' })).toThrow(/^SITE_NAME: must be one line/)
  expect(() => readEnv({ POSTAL_ADDRESS: 'x'.repeat(201) })).toThrow(/^POSTAL_ADDRESS: must be one line of at most 200/)
})

test('11.2.2 of several peppers the first is the one for new hashes', () => {
  expect(readEnv({ PASSWORD_PEPPER: 'the newest one, the one before' }).peppers).toEqual([
    'the newest one',
    'the one before',
  ])
})
