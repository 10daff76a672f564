/** Calendar time, as people type it and read it. */

const MINUTE = 1 / (24 * 60)

/** Days of each unit, by its names; a month has 30 days and a year 365. */
const UNITS: readonly [days: number, names: RegExp][] = [
  [MINUTE, /^(?:m|min|mins|minutes?)$/],
  [60 * MINUTE, /^(?:h|hrs?|hours?)$/],
  [1, /^(?:d|days?)$/],
  [7, /^(?:w|wks?|weeks?)$/],
  [30, /^(?:mo|mon|mos|months?)$/],
  [365, /^(?:y|yrs?|years?)$/],
]

/** No rebase took longer: a hundred years, in days. */
const LONGEST = 36_500

/**
 * The days of "3 days", "13 months", "1y2mo", "90min", "1,5d"; null where that is no duration, is
 * nothing, or is over a hundred years. A lone capital M could be minutes or months: it is none.
 */
export function daysOf(typed: string): number | null {
  const words = typed.trim().replace(/\s+and\s+/gi, ' ')
  if (!/^(?:\d{1,6}(?:[.,]\d{1,4})?\s*[a-z]+[\s,]*)+$/i.test(words) || words.length > 80) return null
  let days = 0
  for (const [, count = '', unit = ''] of words.matchAll(/(\d+(?:[.,]\d+)?)\s*([a-z]+)/gi)) {
    const size = unit === 'M' ? undefined : UNITS.find(([, names]) => names.test(unit.toLowerCase()))?.[0]
    if (size === undefined) return null
    days += Number(count.replace(',', '.')) * size
  }
  return days > 0 && days <= LONGEST ? days : null
}

/** In the largest unit that leaves a number of one or more: "3 days", "1.1 years". */
export function durationOf(days: number): string {
  const units: readonly [days: number, name: string][] = [
    [365, 'year'],
    [30, 'month'],
    [1, 'day'],
    [60 * MINUTE, 'hour'],
  ]
  const [size, name] = units.find(([one]) => days >= one) ?? [MINUTE, 'minute']
  const count = Math.round((days / size) * 10) / 10
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
