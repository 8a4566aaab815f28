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
