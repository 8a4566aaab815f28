/**
 * What this process counts for whoever watches the site: numbers without names, addresses or ids, in the registry of
 * prom-client, which the door shares (server.mjs). Docs: docs/operations.md.
 */
import { Counter, Gauge, register } from 'prom-client'

const PROCESSES = 'by this process since it started'

// Next may load this file once for a page and once for the start; the registry is one, and takes a name once.
function counter<Label extends string>(name: string, help: string, label: Label) {
  return (register.getSingleMetric(name) as Counter<Label>) ?? new Counter({ name, help, labelNames: [label] })
}

const sessions = counter('likes_sessions_total', `Sessions begun, claimed, ended and purged ${PROCESSES}.`, 'what')
const events = counter('likes_security_events_total', `Events of the security log, ${PROCESSES}.`, 'event')
const purged = counter('likes_purged_rows_total', `Rows that may no longer be kept, deleted ${PROCESSES}.`, 'kind')
const queueName = 'likes_password_queue'
const queue =
  (register.getSingleMetric(queueName) as Gauge) ??
  new Gauge({ name: queueName, help: 'Passwords that wait for a free worker.' })

/**
 * Counts sessions: `begun` by a visitor or at a log-in, `claimed` from a visitor by a log-in, `ended` by somebody,
 * `purged` because their time was over.
 */
export function countSessions(what: 'begun' | 'claimed' | 'ended' | 'purged', count = 1): void {
  sessions.inc({ what }, count)
}

/** Counts an event of the security log, a refused log-in for instance. */
export function countEvent(event: string): void {
  events.inc({ event })
}

/** Counts what the clean-up deleted. */
export function countPurged(kind: string, count: number): void {
  purged.inc({ kind }, count)
}

/** Notes how many passwords wait for a worker now. */
export function showQueue(waiting: number): void {
  queue.set(waiting)
}

/** All numbers as Prometheus reads them. @returns the text and its media type. */
export async function exposition(): Promise<{ text: string; type: string }> {
  return { text: await register.metrics(), type: register.contentType }
}
