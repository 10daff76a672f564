/** The sums of a scan, for people. */
import { VERDICTS } from '../../model/attempt.ts'
import type { Scanned, ScanProblem } from '../../model/scan.ts'
import { cut, type Medium, plural } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** What could not be tried is named so many times; the rest is counted. */
const NAMED = 20

export function scanToText(scanned: Scanned, { width, locator }: Medium & { locator: string }): string {
  const { items, tried, done, summary, problems } = scanned
  const verdicts = VERDICTS.filter((verdict) => summary[verdict] > 0)
  const lines = [
    `${plural(items, 'queue on a release', 'queues on releases')}: ${tried} tried now, ${done - tried} known, ${items - done} open`,
    ...(verdicts.length > 0
      ? [`patches: ${verdicts.map((verdict) => `${summary[verdict]} ${verdict}`).join(', ')}`]
      : []),
    ...problemLines(problems),
    `next: ${problems.length > 0 ? 'rebaseline scan --help (--retry tries what failed again)' : `rebaseline show${locator}`}`,
  ]
  return lines.map((line) => `${cut(line, width)}\n`).join('')
}

function problemLines(problems: readonly ScanProblem[]): string[] {
  if (problems.length === 0) return []
  const named = problems
    .slice(0, NAMED)
    .flatMap(({ name, onto, message, hint }) => [
      `  ${forTerminal(name)}${onto === null ? '' : ` on ${forTerminal(onto)}`}: ${forTerminal(message)}`,
      `    ${forTerminal(hint)}`,
    ])
  const more = problems.length > NAMED ? [`  and ${problems.length - NAMED} more: --json names them all`] : []
  return [`${problems.length} could not be tried:`, ...named, ...more]
}
