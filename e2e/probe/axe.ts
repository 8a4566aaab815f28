/** axe on a page as it is: with its policy, with script or without. */
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What can differ with the size of the window and the colours. */
const OF_LOOKS = ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable']

const runOnly = { all: { type: 'tag', values: TAGS }, looks: { type: 'rule', values: OF_LOOKS } }

/**
 * What axe has against it: a line each. It comes into the page through the debugger, which the page's policy does not
 * concern, and which runs where the page's own scripts may not: nothing of the page is changed for it.
 */
export async function violationsOn(
  page: Page,
  { rules = 'all', isScripted = true }: { rules?: keyof typeof runOnly; isScripted?: boolean } = {},
): Promise<string[]> {
  const options = { runOnly: runOnly[rules], resultTypes: ['violations'], preload: false }
  // Timers stand still where a page may run no script, and axe goes on by them.
  if (!isScripted) await page.evaluate('globalThis.setTimeout = (run) => void Promise.resolve().then(run)')
  await page.evaluate(axe.source)
  // As text: there it is the page's axe that is meant.
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target} ${failureSummary?.replace(/\s+/g, ' ')}`),
  )
}
