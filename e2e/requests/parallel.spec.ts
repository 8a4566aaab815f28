import { expect, test } from '../fixtures'
import { newCredentials } from '../people'
import { alertsOf, openForm } from '../raw-form'

test('20 parallel log-ins with one cookie: likes move once, and nothing breaks', async ({
  page,
  request,
  database,
}) => {
  test.slow()
  const ada = newCredentials()
  await (await openForm(page.request, '/signup', 'Sign up')).send(ada)
  const like = await openForm(request, '/', 'Like')
  for (const thing of ['Tea', 'Rain', 'Long walks']) await like.send({ thing })
  const logIn = await openForm(request, '/login', 'Log in')

  const answers = await Promise.all(Array.from({ length: 20 }, () => logIn.send(ada)))
  const refused = answers.filter((answer) => answer.status() !== 303)
  expect(refused.length).toBeLessThan(20)
  for (const answer of refused) {
    expect(answer.status()).toBe(200)
    expect(await alertsOf(answer)).toEqual([expect.stringMatching(/try again|wait/)])
  }
  expect(await database.thingsOf(page.context())).toEqual(['Tea', 'Rain', 'Long walks'])
  const receipts = await database.rows(
    `SELECT s.id FROM "Session" s JOIN "User" u ON u.id = s."userId" WHERE u.username = ? AND s.data LIKE '%"claim"%'`,
    ada.username,
  )
  expect(receipts).toHaveLength(1)
})

test('20 parallel first likes of one browser that has a session are all kept', async ({ request, database }) => {
  const form = await openForm(request, '/', 'Like')
  await form.send({ thing: 'thing 0' })
  const things = Array.from({ length: 20 }, (_, index) => `thing ${index + 1}`)
  const answers = await Promise.all(things.map((thing) => form.send({ thing })))
  expect(answers.map((answer) => answer.status())).toEqual(things.map(() => 303))
  expect(new Set(await database.thingsOf(request))).toEqual(new Set(['thing 0', ...things]))
})

test('20 parallel likes of the same thing keep one row', async ({ request, database }) => {
  const form = await openForm(request, '/', 'Like')
  await form.send({ thing: 'Rain' })
  const answers = await Promise.all(Array.from({ length: 20 }, () => form.send({ thing: 'Tea' })))
  for (const answer of answers) expect([200, 303]).toContain(answer.status())
  expect(await database.thingsOf(request)).toEqual(['Rain', 'Tea'])
})
