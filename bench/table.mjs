/** The table of results: what was measured, what was to be reached, and whether it was. */

/** @typedef {{ what: string, measured: string, target: string, isReached: boolean, note: string }} Row */

/**
 * @param {number | { median: number, min: number, max: number }} value
 * @param {{ target: string, unit: string, holds: (value: number) => boolean }} goal
 * @returns {Row}
 */
export function row(what, value, goal, { note = '' } = {}) {
  const { median, min, max } = typeof value === 'number' ? { median: value } : value
  const range = min === undefined ? '' : ` (${short(min)}–${short(max)})`
  return {
    what,
    measured: `${short(median)}${range}${goal.unit}`,
    target: goal.target,
    isReached: goal.holds(median),
    note,
  }
}

/** Of what could not be measured: the rest is worth having all the same. */
export function unmeasured(what, error) {
  console.error(error)
  return { what, measured: 'nothing', target: '', isReached: false, note: error.message }
}

export function atMost(most, unit = ' ×') {
  return { target: `≤ ${short(most)}${unit}`, unit, holds: (value) => value <= most }
}

export function atLeast(least, unit = ' ×') {
  return { target: `≥ ${short(least)}${unit}`, unit, holds: (value) => value >= least }
}

export function exactly(number) {
  return { target: short(number), unit: '', holds: (value) => value === number }
}

function short(number) {
  return number.toLocaleString('en', { maximumFractionDigits: number < 10 ? 2 : 0 })
}

/** As Markdown, which reads well in a terminal too. */
export function markdown(rows) {
  const lines = rows.map(
    ({ what, measured, target, isReached, note }) =>
      `| ${isReached ? '✓' : '✗'} | ${what} | ${measured} | ${target} | ${note.replaceAll('|', '\\|')} |`,
  )
  return ['| | what | measured | to reach | |', '|---|---|---|---|---|', ...lines].join('\n')
}
