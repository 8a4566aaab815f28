/** A site with everything on it, and the people for whom its pages differ. */
import { openSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type APIRequestContext, request } from 'playwright'
import { mendFailure } from '../../error-page.mjs'
import { MailServer } from '../../lib/testing/mail-server'
import { alertsOf, openForm } from '../raw-form'
import { startSite } from '../site'
import { findLinks, haveRecovery, haveSharedMost, likeMany, likeSome, seed } from './content'
import { FOLDER } from './findings'

const HOUR = 60 * 60_000
export const ADMIN_PASSWORD = 'the pass phrase of the owner'
export const PASSWORD = 'four words in a row'

export type Cast = Awaited<ReturnType<typeof raiseCast>>
export type Who = keyof Cast['people']

/** Starts it all. To be stopped by its `stop`. */
export async function raiseCast() {
  const stage = await setStage()
  try {
    return { ...stage, links: await fillStage(stage) }
  } catch (error) {
    await stage.stop()
    throw error
  }
}

/** The sites, empty, and people whom nobody knows yet. */
async function setStage() {
  const mails = await new MailServer().start()
  mails.behaviour.refuse = { 'nobody@example.org': 550 }
  const stderr = openSync(join(FOLDER, 'stderr.log'), 'a')
  const [site, mailless] = await Promise.all([
    startSite({ ADMIN_PASSWORD, SMTP_URL: mails.url }, 'pipe', stderr),
    startSite({ ADMIN_PASSWORD }, 'pipe', stderr),
  ])
  const failing = await serveFailures()
  const people = {
    stranger: await personAt(site.url),
    visitor: await personAt(site.url),
    newcomer: await personAt(site.url),
    member: await personAt(site.url),
    /** Typed the password more than ten minutes ago. */
    idle: await personAt(site.url),
    /** Has a list that everybody may read, and brought something along since. */
    publisher: await personAt(site.url),
    /** The owner of the site took the list down. */
    takenDown: await personAt(site.url),
    admin: await personAt(site.url),
    strangerWithoutMail: await personAt(mailless.url),
    memberWithoutMail: await personAt(mailless.url),
    adminWithoutMail: await personAt(mailless.url),
    /** Asks a server that fails. */
    unlucky: await personAt(failing.url),
  }
  return {
    ...{ site, mails, people },
    urlOf(who: keyof typeof people) {
      if (who === 'unlucky') return failing.url
      return who.endsWith('WithoutMail') ? mailless.url : site.url
    },
    /** What was removed lately was removed just now, so that its Undo is there however long the looking takes. */
    async renewUndo() {
      for (const { id, data } of await site.database.rows('SELECT id, data FROM "Session"')) {
        const { removed, ...rest } = JSON.parse(String(data))
        const renewed = JSON.stringify({ ...rest, ...(removed && { removed: { ...removed, at: Date.now() } }) })
        await site.database.rows('UPDATE "Session" SET data = ? WHERE id = ?', renewed, id ?? '')
      }
    },
    async stop() {
      for (const one of Object.values(people)) await one.dispose()
      failing.stop()
      await Promise.all([site.stop('SIGKILL'), mailless.stop('SIGKILL')])
      await mails.stop()
    },
  }
}

/** Makes everybody who they are. @returns the addresses that nobody can guess. */
async function fillStage({ site: { url, database }, mails, people }: Awaited<ReturnType<typeof setStage>>) {
  const { visitor, newcomer, member, idle, publisher, takenDown, admin, memberWithoutMail, adminWithoutMail } = people
  await seed(database)
  await likeSome(visitor)
  await send(visitor, '/', 'Subscribe', { email: 'visitor@example.org' })
  await send(newcomer, '/signup', 'Sign up', { username: 'newcomer', password: PASSWORD })
  await send(memberWithoutMail, '/signup', 'Sign up', { username: 'ada', password: PASSWORD })
  for (const [who, username] of [
    [member, 'ada'],
    [idle, 'grace'],
  ] as const) {
    await likeSome(who)
    await send(who, '/signup', 'Sign up', { username, password: PASSWORD })
    await likeMany(who, database)
    const elsewhere = await personAt(url)
    await send(elsewhere, '/login', 'Log in', { username, password: PASSWORD })
    await elsewhere.dispose()
    await haveRecovery(who, mails, 'both@example.org')
  }
  await haveRecovery(newcomer, mails, 'newcomer@example.org')
  await database.age(idle, 'sudoAt', HOUR)
  await send(newcomer, '/account', 'Publish my list', { act: 'publish' })
  await send(publisher, '/signup', 'Sign up', { username: 'publisher', password: PASSWORD })
  await likeMany(publisher, database)
  await haveSharedMost(publisher, database)
  await send(takenDown, '/signup', 'Sign up', { username: 'taken-down', password: PASSWORD })
  await send(takenDown, '/', 'Like', { thing: 'Tea' })
  await database.rows('UPDATE "User" SET "takenDownAt" = "createdAt" WHERE username = ?', 'taken-down')
  for (const owner of [admin, adminWithoutMail])
    await send(owner, '/admin/login', 'Log in', { password: ADMIN_PASSWORD })
  return findLinks({ member, admin, mails, database })
}

let addresses = 0

/** Somebody with a browser and an address of their own. */
export async function personAt(baseURL: string): Promise<APIRequestContext> {
  const address = `10.9.0.${++addresses}`
  return request.newContext({ baseURL, timeout: 120_000, extraHTTPHeaders: { 'x-forwarded-for': address } })
}

/** Fills in the form with this button. @returns where it leads. @throws Error when it is refused. */
export async function send(
  who: APIRequestContext,
  path: string,
  button: string | RegExp,
  fields: Record<string, string> = {},
): Promise<string> {
  const answer = await (await openForm(who, path, button)).send(fields)
  if (answer.status() !== 303)
    throw new Error(`${path} refuses ${button}: ${answer.status()} ${await alertsOf(answer)}`)
  return answer.headers().location ?? ''
}

/** Answers with the pages for what failed, made by the function that makes them for the site. */
async function serveFailures() {
  const server = createServer((request, response) => {
    mendFailure(request, response, async () => request.url === '/503')
    response.writeHead(request.url === '/409' ? 409 : 500)
    response.end()
  }).listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
