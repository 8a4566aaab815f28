import { expect, test } from '../fixtures'
import { expectLikes, like, newCredentials, removeButton } from '../people'
import { openForm } from '../raw-form'

const REFUSAL = 'This request did not come from a page of this site, so nothing was done.'

const FOREIGN: Record<string, string>[] = [
  {},
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://localhost.evil.example' },
  { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
  { referer: 'https://evil.example/' },
]

test('3.5.1 a post from another site is refused in words, and changes nothing', async ({ request, database }) => {
  const form = await openForm(request, '/', 'Like')
  await form.send({ thing: 'Tea' })
  const session = await database.sessionOf(request)
  expect(session).toBeDefined()
  for (const headers of FOREIGN) {
    const answers = [
      await form.send({ thing: 'Bait' }, headers),
      await request.post('/forget', { headers, maxRedirects: 0 }),
    ]
    for (const answer of answers) {
      expect(answer.status(), JSON.stringify(headers)).toBe(403)
      expect(await answer.text()).toContain(REFUSAL)
      expect(answer.headers()['set-cookie']).toBeUndefined()
    }
  }
  expect(await database.sessionOf(request)).toEqual(session)
  expect(await database.thingsOf(request)).toEqual(['Tea'])
})

test('3.5.1 a browser’s word that another site asks outweighs an Origin', async ({ request, baseURL }) => {
  for (const site of ['cross-site', 'same-site', 'none']) {
    const headers = { origin: baseURL ?? '', 'sec-fetch-site': site }
    const answer = await request.post('/forget', { headers, maxRedirects: 0 })
    expect(answer.status()).toBe(403)
  }
})

test('a form on another site cannot forget a visitor', async ({ page, context, database, baseURL }) => {
  await like(page, 'Tea')
  const session = await database.sessionOf(context)
  const body = `<form method="post" action="${baseURL}/forget"><button>A present</button></form>`
  await page.route('http://evil.example/', (route) => route.fulfill({ contentType: 'text/html', body }))
  await page.goto('http://evil.example/')
  await page.getByRole('button', { name: 'A present' }).click()
  await expect(page.getByText(REFUSAL)).toBeVisible()
  expect(await database.sessionOf(context)).toEqual(session)
  await page.goto('/')
  await expectLikes(page, 'Tea')
})

test('8.2.2 somebody else’s like cannot be removed', async ({ page, openBrowser, database }) => {
  await like(page, 'Tea')
  const session = await database.sessionOf(page.context())
  const [theirs] = await database.rows('SELECT id FROM "Like" WHERE "sessionId" = ?', session?.id ?? '')
  const other = await openBrowser()
  await like(other, 'Rain')
  const form = await openForm(other.request, '/', 'Remove <span class="visually-hidden">Rain</span>')
  const answer = await form.send({ id: String(theirs?.id) })
  expect(answer.status()).toBe(200)
  expect((await answer.text()).includes('Your list changed in another tab.')).toBe(true)
  await page.reload()
  await expect(removeButton(page, 'Tea')).toBeEnabled()
})

test('3.5.1 log-in and sign-up from another site are refused too', async ({ request, database }) => {
  const [ada, grace] = [newCredentials(), newCredentials()]
  const signUp = await openForm(request, '/signup', 'Sign up')
  const logIn = await openForm(request, '/login', 'Log in')
  await signUp.send(ada)
  const session = await database.sessionOf(request)
  for (const headers of FOREIGN) {
    for (const answer of [await logIn.send(ada, headers), await signUp.send(grace, headers)]) {
      expect(answer.status(), JSON.stringify(headers)).toBe(403)
      expect(answer.headers()['set-cookie']).toBeUndefined()
    }
  }
  expect(await database.sessionOf(request)).toEqual(session)
  expect(await database.rows('SELECT id FROM "User" WHERE username = ?', grace.username)).toEqual([])
})
