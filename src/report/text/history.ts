/**
 * The life of a queue for people: its size release by release, what flowed between two points, one
 * patch through the years.
 */
import type { Lineage } from '../../trend/lineage.ts'
import type { Flow, Period } from '../../trend/shrinkage.ts'
import { toCsv } from '../csv.ts'
import { cut, type Medium, pad, plural, styleFor } from '../layout.ts'
import { dateOf, PERIOD_COLUMNS, periodCells } from '../period-cells.ts'
import { forTerminal, linesForTerminal } from '../sanitize.ts'

/** Why patches left, as far as attempts recorded it: by the digest of their last content. */
export type Outcomes = ReadonlyMap<string, { verdict: string; commit: string | null }>

export function historyToText(
  repository: string,
  branch: string,
  periods: readonly Period[],
  { locator, ...medium }: Medium & { locator: string },
): string {
  const last = periods.at(-1)
  return `${[
    cut(forTerminal(`${repository}, branch ${branch}`), medium.width),
    `${plural(last?.size.patches ?? 0, 'patch', 'patches')} now`,
    '',
    ...periodLines(periods, medium),
    '',
    ...groupLines('by section', periods, ({ bySection }) => bySection, medium),
    ...groupLines('by owner', periods, ({ byOwner }) => byOwner, medium),
    `next: rebaseline history flow${locator} FROM TO  rebaseline history patch${locator} NAME  rebaseline report${locator}`,
  ].join('\n')}\n`
}

/** The columns in the order in which a narrow terminal keeps them. */
const KEPT_FIRST = [
  ...['release', 'until', 'patches', 'came', 'left', 'refreshed', 'backport', 'waiting', 'debt'],
  ...['added', 'removed', 'files', 'hunks'],
]

/** A line per period, as many columns as fit the terminal, and a word about the others. */
function periodLines(periods: readonly Period[], medium: Medium): string[] {
  const style = styleFor(medium)
  const rows = [
    PERIOD_COLUMNS,
    ...periods.map((period) => periodCells(period).map((cell) => forTerminal(String(cell)))),
  ]
  const widths = PERIOD_COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const shown = columnsThatFit(widths, medium.width)
  const lines = rows.map((row, at) => {
    const cells = shown.map((column) => {
      const [text = '', width = 0] = [row[column], widths[column]]
      return column < 2 ? pad(text, width) : text.padStart(width)
    })
    const line = cut(cells.join('  ').trimEnd(), medium.width)
    return at === 0 ? style.bold(line) : line
  })
  const left = PERIOD_COLUMNS.filter((_, column) => !shown.includes(column))
  return left.length === 0 ? lines : [...lines, style.dim(`not in ${medium.width} columns: ${left.join(', ')} (--csv)`)]
}

/** Indices of the columns that fit, in the order of the table. */
function columnsThatFit(widths: readonly number[], width: number): number[] {
  let used = -2
  const fitting = KEPT_FIRST.map((name) => PERIOD_COLUMNS.indexOf(name)).filter((column) => {
    used += (widths[column] ?? 0) + 2
    return used <= width
  })
  return fitting.sort((one, other) => one - other)
}

const MAX_GROUPS = 12

/** Patches now, and a release before, of each section or owner; the largest first. */
function groupLines(
  title: string,
  periods: readonly Period[],
  countsOf: (size: Period['size']) => Record<string, number>,
  { width }: Medium,
): string[] {
  const [before, now] = [periods.at(-2), periods.at(-1)].map(
    (one) => new Map(Object.entries(one ? countsOf(one.size) : {})),
  )
  const names = [...new Set([...(now?.keys() ?? []), ...(before?.keys() ?? [])])].filter((name) => name !== '')
  const rows = names.map((name) => ({ name, now: now?.get(name) ?? 0, before: before?.get(name) ?? 0 }))
  if (rows.length === 0) return []
  const shown = rows.sort((one, other) => other.now - one.now || other.before - one.before).slice(0, MAX_GROUPS)
  const said = shown.map(({ name, now: count, before: was }) =>
    cut(forTerminal(`  ${String(was).padStart(5)} -> ${String(count).padStart(4)}  ${name}`), width),
  )
  const left = rows.length - shown.length
  return [
    `${title} (from ${forTerminal(periods.at(-2)?.name ?? 'nothing')} on)`,
    ...said,
    ...(left > 0 ? [`  … ${left} more`] : []),
    '',
  ]
}

export function historyToCsv(periods: readonly Period[]): string {
  return toCsv(
    [...PERIOD_COLUMNS, 'revision'],
    periods.map((period) => [...periodCells(period), period.revision.sha]),
  )
}

export function flowToText(
  { from, to }: { from: string; to: string },
  flow: Flow,
  outcomes: Outcomes,
  medium: Medium,
): string {
  const style = styleFor(medium)
  const { stayed, refreshed, renamed, left, came } = flow
  const before = stayed.length + refreshed.length + left.length
  const after = stayed.length + refreshed.length + came.length
  const rows = (title: string, lineages: readonly Lineage[], says: (lineage: Lineage) => string) =>
    lineages.length === 0
      ? []
      : [
          style.bold(`${title} ${lineages.length}`),
          ...lineages.map((one) => cut(forTerminal(`  ${one.listing.name}  ${says(one)}`), medium.width)),
          '',
        ]
  return `${[
    `${forTerminal(from)} -> ${forTerminal(to)}: ${before} -> ${after} patches`,
    `${stayed.length} stayed, ${refreshed.length} refreshed, ${left.length} left, ${came.length} came in`,
    '',
    ...rows('LEFT', left, (one) => whyLeft(one, outcomes)),
    ...rows('CAME IN', came, (one) => one.listing.kind),
    ...rows('RENAMED', renamed, (one) => `was ${namesOf(one).slice(0, -1).join(', ')}`),
    ...rows('REFRESHED', refreshed, (one) => `${plural(one.versions.length, 'version')}`),
  ].join('\n')}`
}

/** What an attempt proved comes before what the commit that took it out says. */
export function whyLeft({ left, versions, listing }: Lineage, outcomes: Outcomes): string {
  if (!left) return `still listed${listing.disabled ? ', commented out' : ''}`
  const outcome = versions.map(({ digest }) => outcomes.get(digest ?? '')).findLast((one) => one !== undefined)
  const proof = outcome ? `${outcome.verdict}${outcome.commit ? ` as ${outcome.commit.slice(0, 12)}` : ''}; ` : ''
  const merged = left.mergedInto === null ? '' : 'merged into another patch; '
  return `${dateOf(left.time)} ${proof}${merged}"${left.message}"`
}

function namesOf({ versions }: Lineage): string[] {
  return [...new Set(versions.map(({ name }) => name))]
}

/**
 * `diff`: what changed between two versions, as lines with a mark in front; none where there is but
 * one.
 */
export function lineageToText(lineage: Lineage, outcomes: Outcomes, diff: readonly string[], medium: Medium): string {
  const style = styleFor(medium)
  const { listing, versions } = lineage
  const [first] = versions
  const lines = [
    `${style.bold(forTerminal(listing.name))}  ${listing.kind}${listing.section ? `, ${forTerminal(listing.section)}` : ''}${listing.owner ? `, ${forTerminal(listing.owner)}` : ''}`,
    `  carried since ${dateOf(first?.time ?? 0)}, ${plural(versions.length, 'version')}; ${forTerminal(whyLeft(lineage, outcomes))}`,
    '',
    ...versions.map(({ time, sha, name, digest }, at) => {
      return cut(
        `  ${String(at + 1).padStart(3)}  ${dateOf(time)}  ${sha.slice(0, 10)}  ${digest?.slice(0, 10) ?? 'no file   '}  ${forTerminal(name)}`,
        medium.width,
      )
    }),
    ...(diff.length === 0
      ? []
      : [
          '',
          style.bold('what changed'),
          ...diff.flatMap((line) => linesForTerminal(line)).map((line) => mark(line, style)),
        ]),
  ]
  return `${lines.join('\n')}\n`
}

function mark(line: string, style: ReturnType<typeof styleFor>): string {
  if (line.startsWith('+')) return style.green(line)
  return line.startsWith('-') ? style.red(line) : line
}
