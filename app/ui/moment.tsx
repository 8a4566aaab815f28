const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

const relative = new Intl.RelativeTimeFormat('en')
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** How long ago something was, with the exact time on hover or, where that matters, beside it. */
export function Moment({ at, now, isExact = false }: { at: Date; now: Date; isExact?: boolean }) {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000)
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? []
  return (
    <time dateTime={at.toISOString()} title={`${exact.format(at)} UTC`}>
      {unit ? relative.format(-Math.floor(seconds / length), unit) : 'just now'}
      {isExact && ` (${exact.format(at)} UTC)`}
    </time>
  )
}
