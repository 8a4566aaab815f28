/** What counts as one e-mail address, and how it is spelled, so that one mailbox is one row. */
import { domainToASCII } from 'node:url'

type Parsed = { ok: true; address: string } | { ok: false; reason: string }

/** RFC 5321, 4.5.3.1: octets before the @, and of the whole. */
const LOCAL_AT_MOST = 64
const ADDRESS_AT_MOST = 254

// RFC 5321's Dot-string: what mailboxes have in practice. No quotes, no comments, nothing that a header gives a meaning.
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i
// Before it is spelled in ASCII, where a URL's other parts would be cut off and percent signs decoded.
const WRITTEN_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Reads one address, such as `ada@example.org`, in lower case and with an international domain in its ASCII form. Lower
 * case before the @ too: no mailbox in practice tells two people apart by it.
 */
export function parseAddress(text: string): Parsed {
  const trimmed = text.trim()
  if (trimmed === '') return no('Type an e-mail address.')
  // First of all, since the rest takes longer the longer it is.
  if (trimmed.length > ADDRESS_AT_MOST) return no('That is longer than an address can be.')
  if (/[\p{Cc}\p{Cf}\p{Z}]/u.test(trimmed)) return no('An e-mail address has no spaces in it.')
  if (/[,;<>]/.test(trimmed)) return no('Type one address and nothing else.')
  const at = trimmed.lastIndexOf('@')
  if (at < 1 || at === trimmed.length - 1) return no('An e-mail address looks like name@example.org.')
  const local = trimmed.slice(0, at)
  if (/[^\x21-\x7e]/.test(local)) return no('Before the @ there can be no letters but a–z.')
  if (!LOCAL.test(local)) return no('Before the @ stands something that no mailbox has.')
  const written = trimmed.slice(at + 1)
  const domain = WRITTEN_DOMAIN.test(written) ? domainToASCII(written).toLowerCase() : ''
  if (!DOMAIN.test(domain)) return no('After the @ there must be a domain, such as example.org.')
  const address = `${local.toLowerCase()}@${domain}`
  if (local.length > LOCAL_AT_MOST || address.length > ADDRESS_AT_MOST)
    return no('That is longer than an address can be.')
  return { ok: true, address }
}

/** The mailbox behind an address: what stands after a plus sign is the owner's own label. */
export function mailboxOf(address: string): string {
  return address.replace(/\+.*(?=@)/, '')
}

function no(reason: string): Parsed {
  return { ok: false, reason }
}
