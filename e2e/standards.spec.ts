import type { Page } from 'playwright/test'
import { expect, test } from './fixtures'
import { beMember, like } from './people'
import { violationsOn } from './probe/axe'
import { faultsOfHtml, HTML_EXCEPTIONS } from './probe/valid-html'

/** `npm run probe` looks at every page in every state. */
test('the pages that most people see are valid HTML, and axe has nothing against them', async ({
  page,
  javaScriptEnabled: isScripted,
}) => {
  // This site has no admin page.
  for (const path of ['/', '/signup', '/admin']) await expectStandards(page, path, isScripted)
  await beMember(page)
  await like(page, '<b>Tea</b>')
  for (const path of ['/', '/account']) await expectStandards(page, path, isScripted)
})

async function expectStandards(page: Page, path: string, isScripted: boolean) {
  const html = await (await page.request.get(path)).text()
  const faults = await faultsOfHtml(html)
  expect(
    faults.filter((fault) => !HTML_EXCEPTIONS.some(({ is }) => is.test(fault))),
    path,
  ).toEqual([])
  await page.goto(path)
  expect(await violationsOn(page, { isScripted }), path).toEqual([])
}
