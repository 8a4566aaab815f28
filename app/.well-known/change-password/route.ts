import { seeOther } from '#lib/request'

/** Where password managers send people to change a password (W3C, A Well-Known URL for Changing Passwords). */
export function GET() {
  return seeOther('/account#password')
}
