import type { Page } from 'playwright/test'

/** Pastes into the field for a thing as a browser does: what is on the clipboard comes with an event. */
export async function paste(page: Page, text: string) {
  await page.getByLabel('I like').evaluate((field, text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}
