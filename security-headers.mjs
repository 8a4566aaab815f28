/** What every answer carries, whoever makes it; what depends on the request (the nonce of the policy) is in proxy.ts. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  // Never no-referrer: that makes the Origin of our own forms "null".
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-frame-options': 'DENY',
}

/** Of what is no page: static files and refusals. Pages have a policy of their own, with a nonce (proxy.ts). */
const NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** A year, the least that browsers' lists take, and for the names below this one too (ASVS 5.0, 3.4.1). */
const HSTS = 'max-age=31536000; includeSubDomains'

/**
 * What every answer of the door carries, until Next says otherwise.
 * @param {boolean} isSecure Whether the public address is https.
 */
export function answerHeaders(isSecure) {
  const hsts = isSecure ? { 'strict-transport-security': HSTS } : {}
  return { ...SECURITY_HEADERS, ...hsts, 'content-security-policy': NO_PAGE }
}

/**
 * Names the charset where Next leaves it out: in what our own script asks for, in an SVG, in bare words (ASVS 5.0,
 * 4.1.1).
 * @param {import('node:http').ServerResponse} response
 */
export function nameCharset(response) {
  const { writeHead } = response
  response.writeHead = (status, ...rest) => {
    const isBare = status === 308 || status >= 400
    const type = String(response.getHeader('content-type') ?? (isBare ? 'text/plain' : ''))
    if (/^text\/|xml$/.test(type) && !type.includes('charset=')) {
      response.setHeader('content-type', `${type}; charset=utf-8`)
    }
    return writeHead.call(response, status, ...rest)
  }
}
