/** What rebases took and what the next will take, for people. */
import type { Effort } from '../../model/effort.ts'
import type { Forecast, Hardship } from '../../trend/forecast.ts'
import { printJson } from '../json/print.ts'
import { cut, type Medium, pad, plural } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

export function effortsToText(efforts: readonly Effort[], { width, locator }: Medium & { locator: string }): string {
  if (efforts.length === 0) return 'no effort is logged yet\nnext: rebaseline effort log --help\n'
  const rows = efforts.map(({ from, to, days, hands, source, note }) => {
    const step = forTerminal(`${from} -> ${to}`)
    const how = source === 'commits' ? 'from commits' : ''
    return [step, durationOf(days), hands === 1 ? '' : `${hands} hands`, how, forTerminal(note)]
  })
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    cut(
      row
        .map((text, column) => pad(text, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
      width,
    ),
  )
  return `${lines.join('\n')}\nnext: rebaseline effort forecast${locator}\n`
}

/** In the largest unit that leaves a number of one or more. */
export function durationOf(days: number): string {
  const units: [number, string][] = [
    [365, 'year'],
    [30, 'month'],
    [1, 'day'],
    [1 / 24, 'hour'],
  ]
  const [size, unit] = units.find(([one]) => days >= one) ?? [1 / 24, 'hour']
  const count = Math.round((days / size) * 10) / 10
  return plural(count, unit)
}

/** `alone`: logged steps that no attempt fits. */
export function forecastToText(next: Hardship, found: Forecast | null, alone: readonly Effort[]): string {
  const step = forTerminal(`${next.base} -> ${next.target}`)
  if (!found) {
    return [
      `${step}: ${plural(next.conflicts, 'patch needs', 'patches need')} a person; there is too little data for a forecast`,
      'it takes two past rebases with a logged effort and a recorded attempt each:',
      '  rebaseline effort log --from 4.1 --to 4.2 --duration 3mo',
      '  rebaseline try --base RELEASE-4.1.0 --onto RELEASE-4.2.0 … (with the queue of that time)',
      ...aloneLines(alone),
      '',
    ].join('\n')
  }
  const { days, low, high, past } = found
  const lines = [
    `${step}: ${durationOf(days)} of one person (${durationOf(low)} to ${durationOf(high)}), for ${plural(next.conflicts, 'patch', 'patches')} to mend`,
    'it rests on',
    ...past.map(({ effort, conflicts, rate, forecast }) => {
      const said = forecast === null ? '' : `; from the others: ${durationOf(forecast)}`
      return `  ${forTerminal(`${effort.from} -> ${effort.to}`)}: ${durationOf(effort.days)} for ${plural(conflicts, 'conflict')}, ${durationOf(rate)} each${said}`
    }),
    ...aloneLines(alone),
  ]
  return `${lines.join('\n')}\n`
}

function aloneLines(alone: readonly Effort[]): string[] {
  const steps = [...new Set(alone.map(({ from, to }) => forTerminal(`${from} -> ${to}`)))]
  return steps.length === 0
    ? []
    : [`logged, but no attempt in conflict is recorded from and to these releases: ${steps.join(', ')}`]
}

/** The `rebaseline/effort@1` document. */
export function effortsToJson(efforts: readonly Effort[]): string {
  return printJson({ schema: 'rebaseline/effort@1', efforts })
}

/** The `rebaseline/forecast@1` document; `forecast` is null where there is too little data. */
export function forecastToJson(next: Hardship, found: Forecast | null): string {
  return printJson({ schema: 'rebaseline/forecast@1', next, forecast: found })
}
