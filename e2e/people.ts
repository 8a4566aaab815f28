/** What a person does, through the same controls as a person. */
import { randomUUID } from 'node:crypto'
import type { APIRequestContext, Page } from 'playwright/test'
import { expect } from './fixtures'
import { openForm } from './raw-form'

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

/** Somebody with an account and a list, made on another device; without a browser, since that one is not looked at. */
export async function newMember(request: APIRequestContext, ...things: string[]): Promise<Credentials> {
  const who = newCredentials()
  const answers = [await (await openForm(request, '/signup', 'Sign up')).send(who)]
  const form = await openForm(request, '/', 'Like')
  for (const thing of things) answers.push(await form.send({ thing }))
  for (const answer of answers) expect(answer.status()).toBe(303)
  return who
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

/** As `signUp`, but by a request of the browser: for what is not about signing up. */
export async function beMember(page: Page, who: Credentials = newCredentials(), { keep = false, at = '' } = {}) {
  return enter(page, `${at}/signup`, 'Sign up', who, keep)
}

/** As `logIn`, but by a request of the browser. */
export async function enterAs(page: Page, who: Credentials) {
  return enter(page, '/login', 'Log in', who, false)
}

async function enter(page: Page, path: string, button: string, who: Credentials, keep: boolean) {
  const answer = await (await openForm(page.request, path, button)).send({ ...who, ...(keep && { keep: 'on' }) })
  expect(answer.status()).toBe(303)
  await page.goto(new URL('/', answer.url()).href)
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
