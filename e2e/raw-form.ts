/** Posts what no form of ours would send. */
import type { APIRequestContext, APIResponse } from 'playwright/test'

type Field = string | File | string[]
type RawForm = {
  /** What the form sends unasked: which action it is for, above all. */
  hidden: FormData
  /** The same form in the hands of somebody else. */
  by(other: APIRequestContext): RawForm
  /** Posts it, filled in with `fields`; as a page of ours unless `headers` say otherwise. */
  send(fields: Record<string, Field>, headers?: Record<string, string>): Promise<APIResponse>
}

/** Takes the form with this button, or like this, from a page, as a browser without script would see it. */
export async function openForm(request: APIRequestContext, url: string, button: string | RegExp): Promise<RawForm> {
  const page = await request.get(url)
  const hidden = hiddenFields(await page.text(), button)
  if (!hidden) throw new Error(`${url} has no form with the button ${button}`)
  return rawForm(request, page.url(), hidden)
}

/** What the form with this button, or like this, sends unasked; null when the page has none. */
export function hiddenFields(page: string, button: string | RegExp): FormData | null {
  const form = page.match(/<form[\s\S]*?<\/form>/g)?.find((html) => hasButton(html, button))
  if (!form) return null
  const hidden = new FormData()
  for (const [, name = '', value = ''] of form.matchAll(/<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g)) {
    hidden.append(name, value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
  }
  return hidden
}

function hasButton(html: string, button: string | RegExp) {
  return typeof button === 'string' ? html.includes(`>${button}</button>`) : button.test(html)
}

function rawForm(request: APIRequestContext, url: string, hidden: FormData): RawForm {
  return {
    hidden,
    by: (other) => rawForm(other, url, hidden),
    send(fields, headers = { origin: new URL(url).origin }) {
      const multipart = new FormData()
      for (const [name, value] of hidden) if (!(name in fields)) multipart.append(name, value)
      for (const [name, value] of Object.entries(fields)) {
        for (const one of Array.isArray(value) ? value : [value]) multipart.append(name, one)
      }
      return request.post(url, { multipart, headers, maxRedirects: 0 })
    },
  }
}

/** What a page that was answered with complains about. */
export async function alertsOf(answer: APIResponse): Promise<string[]> {
  return [...(await answer.text()).matchAll(/role="alert"[^>]*>([^<]+)/g)].map(([, text = '']) => text)
}
