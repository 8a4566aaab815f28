/** Forms of the site as its pages have them, filled in and sent with or without script. */
import { createJiti } from 'jiti'

const { hiddenFields } = await createJiti(import.meta.url).import('../e2e/raw-form.ts')
const BOUNDARY = '----likes'
let addresses = 0

/** Nobody's posts are counted together: each has an address of its own. */
export function fromAnywhere(request) {
  addresses++
  request.headers['x-forwarded-for'] = `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`
  return request
}

/**
 * Takes the form with this button from a page, as whoever has this cookie sees it.
 * @returns for `load`: how to send it again and again, each time with other `fields()`. With `isScripted` as our script
 *   does, so that the page comes with the answer; otherwise as a browser without it.
 */
export async function formOf(server, path, button, headers, fields, isScripted = false) {
  const page = await (await fetch(server.url + path, { headers })).text()
  const hidden = hiddenFields(page, button)
  if (!hidden) throw new Error(`${path} has no form with the button ${button}`)
  const said = [...hidden].filter(([name]) => !name.startsWith('$'))
  const called = [...hidden].find(([name]) => name.endsWith(':0'))?.[1]
  const scripted = { accept: 'text/x-component', 'next-action': JSON.parse(called).id }
  return {
    path,
    requests: [
      {
        method: 'POST',
        headers: {
          ...headers,
          ...(isScripted && scripted),
          origin: server.url,
          'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
        },
        setupRequest(request) {
          const given = { ...Object.fromEntries(isScripted ? said : hidden), ...fields() }
          // What React makes of the arguments of an action: the state before, and the form.
          const parts = isScripted
            ? [...Object.entries(given).map(([name, value]) => [`_1_${name}`, value]), ['0', '[null,"$K1"]']]
            : Object.entries(given)
          return fromAnywhere({ ...request, headers: { ...request.headers }, body: multipart(parts) })
        },
      },
    ],
  }
}

function multipart(parts) {
  const written = parts.map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return `${written.join('')}--${BOUNDARY}--\r\n`
}
