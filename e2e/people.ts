/** What a person does, through the same controls as a person. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright/test'
import type { Account } from '../lib/accounts'
import { like as keep } from '../lib/likes'
import { hashPassword } from '../lib/password'
import { findSession, type IssuedToken, openSession } from '../lib/session-store'
import { accountOf } from '../lib/testing/people'
import { sessionCookie } from './database'
import { expect } from './fixtures'

export type Credentials = { username: string; password: string }

export function newCredentials(): Credentials {
  return { username: `ada-${randomUUID().slice(0, 18)}`, password: `four words ${randomUUID()}` }
}

/** Likes things, one after the other, on the page that is open or else on the list's. */
export async function like(page: Page, ...things: string[]) {
  if (!(await page.getByLabel('I like').isVisible())) await page.goto('/')
  for (const thing of things) {
    await page.getByLabel('I like').fill(thing)
    await page.getByRole('button', { name: 'Like', exact: true }).click()
    // It can be removed as soon as the server has it.
    await expect(removeButton(page, thing)).toBeEnabled()
  }
}

export function removeButton(page: Page, thing: string) {
  return page.getByRole('button', { name: `Remove ${thing}`, exact: true })
}

/** The things on the list, newest first. */
export function yourLikes(page: Page) {
  return page.getByRole('list', { name: 'Your likes' }).getByRole('listitem').locator('bdi')
}

export async function expectLikes(page: Page, ...things: string[]) {
  await expect(yourLikes(page)).toHaveText(things)
}

export async function signUp(page: Page, who: Credentials = newCredentials(), { keep = false } = {}) {
  await page.goto('/signup')
  await fillIn(page, who, { keep })
  await page.getByRole('button', { name: 'Sign up' }).click()
  await expectMember(page, who)
  return who
}

export async function logIn(page: Page, who: Credentials, { keep = false } = {}) {
  await page.goto('/login')
  await fillIn(page, who, { keep })
  await page.getByRole('button', { name: 'Log in' }).click()
  await expectMember(page, who)
}

/** Somebody with an account and a list, made on another device. */
export async function newMember(...things: string[]): Promise<Credentials> {
  const { issued, ...who } = await newAccount()
  const viewer = await findSession(issued.token, new Date())
  if (viewer?.kind !== 'member') throw new Error('a new member is logged in')
  const began = Date.now() - things.length * 1000
  for (const [i, thing] of things.entries()) await keep(viewer, thing, new Date(began + i * 1000))
  return who
}

/** As `signUp`, but no page is asked for it and nothing hashed: for what is not about signing up. */
export async function beMember(page: Page, options?: { keep?: boolean }): Promise<Credentials> {
  const { issued, ...who } = await newAccount({ ...options, presented: await presentedBy(page) })
  return take(page, issued, who)
}

/** As `logIn`, in the same way. */
export async function enterAs(page: Page, who: Credentials) {
  return take(page, await open(await accountOf(who.username), { presented: await presentedBy(page) }), who)
}

async function presentedBy(page: Page) {
  return (await sessionCookie(page.context()))?.value ?? null
}

let passwordHash: Promise<string> | undefined

type Options = { keep?: boolean; presented?: string | null }

async function newAccount(options?: Options) {
  const who = { ...newCredentials(), password: 'a password that many have' }
  passwordHash ??= hashPassword(who.password)
  const account = { isNew: true, username: who.username, passwordHash: await passwordHash } as const
  return { ...who, issued: await open(account, options) }
}

async function open(account: Account, options: Options = {}) {
  const client = { address: '192.0.2.1', device: 'Chrome on Linux' }
  const issued = await openSession(account, { keep: false, presented: null, ...options, client, now: new Date() })
  if (!issued) throw new Error('the account is as it was')
  return issued
}

async function take(page: Page, { token, expiresAt, persistent }: IssuedToken, who: Credentials) {
  const expires = persistent ? Math.floor(expiresAt.getTime() / 1000) : -1
  const cookie = { name: 'session', value: token, expires, httpOnly: true, sameSite: 'Lax' } as const
  await page.context().addCookies([{ ...cookie, url: `http://localhost:${process.env.E2E_PORT}` }])
  await page.goto('/')
  return who
}

export async function fillIn(page: Page, { username, password }: Credentials, { keep = false } = {}) {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Keep me logged in').setChecked(keep)
}

export async function expectMember(page: Page, { username }: Credentials) {
  await expect(page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: username })).toBeVisible()
}

export async function expectStranger(page: Page) {
  await expect(page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Log in' })).toBeVisible()
  await expect(page.getByText('Nothing yet.')).toBeVisible()
}

export async function logOut(page: Page) {
  await page.goto('/logout')
  await page.getByRole('main').getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByText('You are logged out.')).toBeVisible()
}

/** The form with this button, and its fields. */
export function formWith(page: Page, button: string) {
  return page.locator('form').filter({ has: page.getByRole('button', { name: button, exact: true }) })
}
