import type { ByDay } from '#lib/figures'

const dayOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** In units of the drawing, which is as wide as its place: one bar and the gap beside it, and the highest bar. */
const STEP = 10
const GAP = 2
const HEIGHT = 100
/** What a day of zero still shows, so that a chart of nothing is a chart. */
const STUB = 2

/** Counts by day as bars, in a sentence, and as a table. */
export function BarChart({ title, days }: { title: string; days: ByDay }) {
  const most = days.reduce((best, day) => (day.count > best.count ? day : best), { day: '', count: 0 })
  const summary = sentence(days, most)
  return (
    <figure className="chart">
      <figcaption>
        <span className="chart-title">{title}</span> <span className="quiet">{summary}</span>
      </figcaption>
      {/* Words that scale with a drawing are too small on a phone, so they stand around it. */}
      <p aria-hidden="true" className="chart-most">
        {most.count > 0 && number(most.count)}
      </p>
      <svg
        role="img"
        aria-label={`${title}: ${summary}`}
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        {days.map(({ day, count }, i) => {
          const height = count > 0 ? Math.max(Math.round((count / most.count) * HEIGHT), 2 * STUB) : STUB
          const place = { x: i * STEP + GAP / 2, y: HEIGHT - height, width: STEP - GAP, height }
          return <rect key={day} {...place} className={count > 0 ? 'chart-bar' : 'chart-stub'} />
        })}
      </svg>
      <p aria-hidden="true" className="chart-days">
        <span>{nameOf(days[0]?.day)}</span> <span>{nameOf(days.at(-1)?.day)}</span>
      </p>
      <details>
        <summary>
          As a table<span className="visually-hidden">: {title}</span>
        </summary>
        <table>
          <caption>{title} by day, in UTC</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Count</th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, count }) => (
              <tr key={day}>
                <th scope="row">
                  <time dateTime={day}>{nameOf(day)}</time>
                </th>
                <td>{number(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

function sentence(days: ByDay, most: ByDay[number]) {
  const total = days.reduce((sum, { count }) => sum + count, 0)
  const period = `in the last ${days.length} days`
  if (total === 0) return `None ${period}`
  return `${number(total)} ${period}; most on ${nameOf(most.day)}: ${number(most.count)}`
}

function nameOf(day: string | undefined) {
  return day && dayOf.format(new Date(day))
}

function number(count: number) {
  return count.toLocaleString('en')
}
