/** The groups of an attempt in lines, as much of each as there is room for. */
import type { PatchResult, RecordedAttempt } from '../../model/attempt.ts'
import { breakagesIn } from '../../model/work-list.ts'
import { count, cut, type Medium, type Style, spread, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'
import {
  dropRows,
  isToLookAt,
  keepRows,
  mendRows,
  type Row,
  refreshRows,
  repairRows,
  reviewRows,
  WIDE,
  waitRows,
} from './attempt-rows.ts'
import { dropGroups, leastSure } from './drop-evidence.ts'
import { GROUPS, type GroupName, type Groups } from './groups.ts'

/** How much of an attempt is shown. */
export interface Limits {
  /** Whether drops have a row each, or are counted by what they rest on, or are only counted. */
  drop: 'rows' | 'grounds' | 'none'
  mend: number
  review: number
  notes: number
  /** Whether every patch has its row. */
  isWhole: boolean
}

interface GroupOptions extends Medium {
  locator: string
  only: readonly GroupName[]
}

/** So few patches have their rows in place of a count. */
const FEW = 4
const LEAST_SURE = 6
const COMMIT = 10

/** Each group that has something in it, with an empty line behind it. */
export function groupLines(attempt: RecordedAttempt, groups: Groups, options: GroupOptions, limits: Limits): string[] {
  const shown = GROUPS.filter((name) => options.only.length === 0 || options.only.includes(name))
  const view: View = { attempt, groups, options, limits, style: styleFor(options) }
  return shown.flatMap((name) => {
    const lines = groups[name].length === 0 ? [] : LINES[name](view)
    // One-line groups stand together.
    const isShort = !limits.isWhole && (name === 'wait' || name === 'refresh')
    const hasNext = name === 'wait' ? groups.refresh.length + groups.keep.length > 0 : groups.keep.length > 0
    return lines.length === 0 || (isShort && hasNext) ? lines : [...lines, '']
  })
}

interface View {
  attempt: RecordedAttempt
  groups: Groups
  options: GroupOptions
  limits: Limits
  style: Style
}

const LINES: Readonly<Record<GroupName, (view: View) => string[]>> = {
  drop: dropLines,
  mend: mendLines,
  repair: repairLines,
  wait: waitLines,
  refresh: refreshLines,
  keep: keepLines,
  review: reviewLines,
}

/** The word of a group and its number, as wide as those beside it. */
function titleOf(word: string, patches: readonly PatchResult[], says: string, style: Style): string {
  const number = count(patches.length)
  return `${style.bold(word)} ${number}${' '.repeat(Math.max(2, 12 - word.length - number.length))}${says}`
}

function dropLines({ attempt, groups: { drop }, options, limits, style }: View): string[] {
  const hasRows = limits.drop !== 'none' && (limits.drop === 'rows' || drop.length <= FEW)
  const command = hasRows ? '' : `rebaseline export${options.locator} --attempt @${attempt.id} --list drop`
  const [title = '', second] = spread(`${style.bold('DROP')} ${count(drop.length)}`, command, options.width).split('\n')
  const titles = second === undefined ? title.trimEnd() : `${style.bold('DROP')} ${count(drop.length)}`
  const grounds = limits.drop === 'none' || drop.length <= FEW ? [] : groundLines(drop)
  return [titles, ...grounds, ...(hasRows ? dropRows(drop, options).flat() : [])]
}

function groundLines(drop: readonly PatchResult[]): string[] {
  const doubtful = leastSure(drop)
  const named = (positions: readonly number[]) => (positions.length > FEW ? '' : `: ${positions.join(', ')}`)
  return [
    ...dropGroups(drop).map(
      ({ words, positions }) => `${count(positions.length).padStart(5)}  ${words}${named(positions)}`,
    ),
    ...(doubtful.length === 0 ? [] : [`       least sure: ${doubtful.slice(0, LEAST_SURE).join(', ')}`]),
  ]
}

function someOf(positions: readonly number[], most: number): string {
  const more = positions.length - most
  return `${positions.slice(0, most).join(', ')}${more > 0 ? `, … ${more} more` : ''}`
}

function mendLines({ attempt, groups: { mend, work }, options, limits, style }: View): string[] {
  const suggested = mend.filter((result) => conflictsOf(result).every(({ suggestion }) => suggestion !== null))
  const sure = suggested.filter((result) => conflictsOf(result).every(({ suggestion }) => suggestion?.sure))
  const hint = suggested.length === 0 ? '' : `; ${suggested.length} suggested, ${sure.length} sure`
  const title = `${style.bold(style.red('MEND'))} ${count(mend.length)}, in this order${hint}`
  const legend = options.width < WIDE ? 'k/n hunks, by which commit' : 'k/n hunks, the commit behind most of them'
  const [head = ''] = spread(title, legend, options.width).split('\n')
  const rows = mendRows(mend, work, options)
  return [
    head,
    ...limitedRows(rows, limits.mend, { attempt, options, style }, 'mend'),
    ...breakageLines(mend, limits, options, style),
  ]
}

function conflictsOf({ landing }: PatchResult) {
  return 'conflicts' in landing ? landing.conflicts : []
}

/** Rows up to a limit, and where the rest is. */
function limitedRows(
  rows: readonly Row[],
  limit: number,
  { attempt, options, style }: Pick<View, 'attempt' | 'options' | 'style'>,
  name: GroupName,
): string[] {
  const more = rows.length - limit
  const command = `rebaseline show${options.locator} @${attempt.id} --${name}`
  const rest = style.dim(`      … ${limit === 0 ? `all ${rows.length}` : `${count(more)} more`}: ${command}`)
  return [...rows.slice(0, limit).flat(), ...(more > 0 ? [rest] : [])]
}

/** The upstream commits behind several conflicts: to understand one of them mends many patches. */
function breakageLines(
  results: readonly PatchResult[],
  { isWhole }: Limits,
  { width }: Medium,
  style: Style,
): string[] {
  const breakages = isWhole ? breakagesIn(results) : []
  if (breakages.length === 0) return []
  const rows = breakages.map(({ culprit: { sha, firstTag, subject }, patches }) => {
    const head = `  ${sha.slice(0, COMMIT)}  ${firstTag ?? 'no release yet'}  in the way of ${patches.length}: ${patches.join(', ')}`
    return cut(forTerminal(`${head}  "${subject}"`), width)
  })
  return ['', style.bold('BEHIND SEVERAL, one upstream commit each'), ...rows]
}

function repairLines(view: View): string[] {
  const { groups, options, limits, style } = view
  const title = `${style.bold(style.red('REPAIR'))} ${count(groups.repair.length)}, cannot be read`
  return [title, ...limitedRows(repairRows(groups.repair, options), limits.review, view, 'repair')]
}

function waitLines({ groups: { wait }, options, limits, style }: View): string[] {
  if (limits.isWhole)
    return [titleOf('WAIT', wait, 'land once others are mended', style), ...waitRows(wait, options).flat()]
  const pairs = wait.map(({ patch, landing }) => {
    const by = landing.kind === 'blocked' ? landing.by : []
    const first = by.slice(0, -1).join(', ')
    return `${patch.position} for ${[first, by.at(-1)].filter((part) => part !== '').join(' and ')}`
  })
  const [line = ''] = fillWith(pairs, options.width - 13)
  return [titleOf('WAIT', wait, line, style)]
}

/** As many of the texts as there is room for, and how many are not there. */
function fillWith(texts: readonly string[], width: number): string[] {
  for (let shown = texts.length; shown > 0; shown--) {
    const more = texts.length - shown
    const line = `${texts.slice(0, shown).join(' · ')}${more > 0 ? ` · … ${more} more` : ''}`
    if (line.length <= width || shown === 1) return [line]
  }
  return []
}

function refreshLines({ groups: { refresh }, options, limits, style }: View): string[] {
  const title = titleOf('REFRESH', refresh, 'moved, no conflict: export does it', style)
  if (limits.isWhole || (refresh.length <= FEW && limits.drop !== 'none'))
    return [title, ...refreshRows(refresh, options).flat()]
  const look = refresh.filter(isToLookAt).map(({ patch }) => patch.position)
  return [
    title,
    ...(look.length === 0 ? [] : [`             look once, no merge vouches for the place: ${someOf(look, FEW)}`]),
  ]
}

function keepLines({ groups: { keep }, options, limits, style }: View): string[] {
  return [titleOf('KEEP', keep, 'as they are', style), ...(limits.isWhole ? keepRows(keep, options).flat() : [])]
}

function reviewLines({ attempt, groups: { review, mend }, options, limits, style }: View): string[] {
  const isShared = review.some((one) => mend.includes(one))
  const title = titleOf('REVIEW', review, `a person decides${isShared ? ' (! also in MEND)' : ''}`, style)
  const colored = title.replace('REVIEW', style.magenta('REVIEW'))
  const rows = reviewRows(review, options, (one) => mend.includes(one))
  return [colored, ...limitedRows(rows, limits.review, { attempt, options, style }, 'review')]
}
