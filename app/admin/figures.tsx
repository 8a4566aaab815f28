import type { Figures as Counts } from '#lib/figures'
import { BarChart } from './bar-chart'

/** How much the site is used: the last thirty days, and the sessions that are alive now. */
export function Figures({ figures: { sessions, ...byDay } }: { figures: Counts }) {
  return (
    <div className="figures">
      <BarChart title="Likes" days={byDay.likes} />
      <BarChart title="Sign-ups" days={byDay.signUps} />
      <BarChart title="Subscriptions" days={byDay.subscriptions} />
      <BarChart title="Refused log-ins" days={byDay.refusedLogIns} />
      <div className="session-counts">
        <p className="chart-title">Sessions alive now</p>
        <dl>
          <Count of="Visitors" is={sessions.visitors} />
          <Count of="Members, kept logged in" is={sessions.keptMembers} />
          <Count of="Members, not kept logged in" is={sessions.briefMembers} />
        </dl>
      </div>
    </div>
  )
}

function Count({ of, is }: { of: string; is: number }) {
  return (
    <div>
      <dt>{of}</dt>
      <dd>{is.toLocaleString('en')}</dd>
    </div>
  )
}
