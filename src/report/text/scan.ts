/** What came of a scan, for people: the queues with the most to do first. */

import stringWidth from 'string-width'
import { type Action, VERDICTS } from '../../model/attempt.ts'
import type { ChangedVerdict, DoneItem, Scanned, ScanProblem } from '../../model/scan.ts'
import { cut, cutMiddle, fold, type Medium, pad, plural } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'
import { changesByKind, ownerWords } from '../scan-changes.ts'

/** So many queues, and so much of what could not be tried, are named; the rest is counted. */
const NAMED = 40

/** `locate`: the options that make another command find a queue and the record. */
export function scanToText(scanned: Scanned, medium: Medium & { locate: (queue: string) => string }): string {
  const { queues, planned, tried, empty, items, changes, problems } = scanned
  const lines = [
    `${plural(queues, 'queue')}, ${plural(planned, 'attempt')}: ${tried} made now, ${items.length - tried} known, ${planned - items.length} open`,
    ...(empty > 0 ? [`${plural(empty, 'queue carries', 'queues carry')} no patch`] : []),
    ...fold(`patches: ${totalsOf(items)}`, medium.width, ''),
    ...tableOf(items, medium.width),
    ...changeLines(changes),
    ...problemLines(problems),
  ]
  // Commands are not cut: they would be others.
  return [...lines.map((line) => cut(line, medium.width)), ...nextLines(scanned, medium.locate), ''].join('\n')
}

function nextLines({ items, problems }: Scanned, locate: (queue: string) => string): string[] {
  const [worst] = byNeed(items)
  const commands = [
    ...(worst
      ? [`rebaseline show${locate(worst.source)} @${worst.attempt}  (${forTerminal(worst.name)} has the most to do)`]
      : []),
    ...(problems.length > 0 ? ['rebaseline scan --retry …  (tries again what was set aside)'] : []),
  ]
  if (commands.length === 0) return ['next: rebaseline scan --help']
  return commands.map((command, at) => `${at === 0 ? 'next: ' : '      '}${command}`)
}

function totalsOf(items: readonly DoneItem[]): string {
  const counts = VERDICTS.map(
    (verdict) => [verdict, items.reduce((sum, { summary }) => sum + summary[verdict], 0)] as const,
  )
  const told = counts.filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${verdict}`)
  return told.length === 0 ? 'none' : told.join(', ')
}

/** What is counted of each queue, by the actions that it sums up. */
const COLUMNS: readonly { title: string; actions: readonly Action[] }[] = [
  { title: 'drop', actions: ['drop'] },
  { title: 'review', actions: ['review'] },
  { title: 'mend', actions: ['rework', 'repair'] },
  { title: 'wait', actions: ['wait'] },
  { title: 'keep', actions: ['keep', 'refresh'] },
]
const NUMBERS = ['patches', ...COLUMNS.map(({ title }) => title)]
const SMALLEST_NUMBER = 6

function tableOf(items: readonly DoneItem[], width: number): string[] {
  if (items.length === 0) return []
  const shown = byNeed(items).slice(0, NAMED)
  const names = shown.map(({ name }) => forTerminal(name))
  const releases = shown.map(({ onto }) => forTerminal(onto))
  const numberWidths = NUMBERS.map((title) => Math.max(SMALLEST_NUMBER, title.length + 2))
  const room = width - numberWidths.reduce((sum, one) => sum + one, 2)
  // A release tells rows apart that have the same name: of the two it is cut last.
  const refWidth = Math.min(longest(['onto', ...releases]), Math.max(8, Math.floor(room * 0.6)))
  const nameWidth = Math.min(longest(['queue', ...names]), Math.max(12, room - refWidth))
  const row = (name: string, onto: string, cells: readonly (string | number)[]) => {
    const place = `${pad(cutMiddle(name, nameWidth), nameWidth)}  ${pad(cutMiddle(onto, refWidth), refWidth)}`
    return `${place}${cells.map((cell, at) => String(cell).padStart(numberWidths[at] ?? 0)).join('')}`
  }
  const rows = shown.map((item, at) => row(names[at] ?? '', releases[at] ?? '', [patchesOf(item), ...cellsOf(item)]))
  const more = items.length > NAMED ? [`and ${items.length - NAMED} more: --json has them all`] : []
  return [row('queue', 'onto', NUMBERS), ...rows, ...more]
}

function longest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => stringWidth(text)))
}

function cellsOf({ actions }: DoneItem): number[] {
  return COLUMNS.map((column) => column.actions.reduce((sum, action) => sum + (actions[action] ?? 0), 0))
}

function patchesOf({ summary }: DoneItem): number {
  return Object.values(summary).reduce((sum, count) => sum + count, 0)
}

/** Those with the most to mend first, then to look at, then to drop. */
function byNeed(items: readonly DoneItem[]): DoneItem[] {
  const needs = new Map(items.map((item) => [item, cellsOf(item)]))
  const needOf = (item: DoneItem) => {
    const [drop = 0, review = 0, mend = 0] = needs.get(item) ?? []
    return [mend, review, drop]
  }
  return [...items].sort((one, other) => {
    const others = needOf(other)
    const at = needOf(one).findIndex((count, place) => count !== others[place])
    return at < 0 ? 0 : (others[at] ?? 0) - (needOf(one)[at] ?? 0)
  })
}

/** What upstream did to patches since the attempt before: a line for each, by which commit, and whom to ask. */
function changeLines(changes: readonly ChangedVerdict[]): string[] {
  const groups = changesByKind(changes)
  const shown = new Set(groups.flatMap((group) => group.changes).slice(0, NAMED))
  const more = changes.length - shown.size
  return [
    ...groups.flatMap(({ title, changes: own }) => [
      `${title}${freshWords(own)}:`,
      ...own.filter((change) => shown.has(change)).flatMap(linesOf),
    ]),
    ...(more > 0 ? [`  and ${more} more: --json has them all`] : []),
  ]
}

/** What the scan before told already is told apart. */
function freshWords(changes: readonly ChangedVerdict[]): string {
  const fresh = changes.filter(({ isNew }) => isNew).length
  return fresh === changes.length ? '' : fresh === 0 ? ' (told before)' : ` (${fresh} of them since the last scan)`
}

function linesOf(change: ChangedVerdict): string[] {
  const { name, onto, patch, before, now, kind, commit } = change
  const asked = commit?.author ? [`ask ${commit.author}`] : []
  const who = kind === 'broke' ? [...asked, `carried by ${ownerWords(change)}`] : []
  return [
    `  ${name} on ${onto}  ${patch}: ${before} -> ${now}`,
    ...(commit === null ? [] : [`    ${commit.sha.slice(0, 12)} ${commit.subject}`]),
    ...(who.length === 0 ? [] : [`    ${who.join('; ')}`]),
  ].map(forTerminal)
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
