/** An audit on a terminal: what there is to do, the table by debt, and what does not hold. */
import type { AuditedPatch, AuditSum, ToldAudit } from '../../model/audit.ts'
import {
  ageWords,
  attemptLines,
  auditHeadline,
  changeLines,
  falseClaims,
  faultCounts,
  inOrderOfDebt,
  personOf,
  retirements,
  SUM_HEADS,
  sumCells,
} from '../audit-rows.ts'
import { gateLines } from '../gates/text.ts'
import { cut, cutMiddle, fold, type Medium, type NextCommand, nextLines, pad, plural, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'
import { securityParts } from './security.ts'

export interface AuditMedium extends Medium {
  /** Whether all rows are shown. */
  whole: boolean
  /** The options that make another command find the same queue. */
  locator: string
  /** The command that audits the same again. */
  again: string
}

/** So many rows are shown first. */
const FIRST = 12

export function auditToText(told: ToldAudit, medium: AuditMedium): string {
  const { audit, rows, sums } = told
  const all = audit.patches.length
  const shown = rows.length < all ? `, ${rows.length} of its ${plural(all, 'patch', 'patches')}` : ''
  const head = `${forTerminal(audit.called)}: against ${forTerminal(audit.target.ref)}${shown}`
  const parts = [
    [
      head,
      ...attemptLines(audit.attempt),
      '',
      ...auditHeadline(rows, audit.target.ref).flatMap((line) => fold(forTerminal(line), medium.width, '')),
    ],
    sums === null ? tableOf(rows, medium) : sumsTable(sums, medium),
    ...notesOf(told, medium),
    ...(audit.security ? securityParts(audit.security, audit.target.ref, medium) : []),
    gateLines(audit.policy, medium),
    nextLines(nextCommands(told, medium), medium),
  ]
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

const HEADS = ['#', 'patch', 'class', 'age', 'who', 'pts', 'con', 'finding', 'next']
/** What the columns beside the name take. */
const WIDTHS = [4, 0, 8, 6, 8, 3, 3, 8, 7]
const NUMBERS = [0, 5, 6]
const NAME = 1

function tableOf(rows: readonly AuditedPatch[], medium: AuditMedium): string[] {
  if (rows.length === 0) return ['no patch is so']
  const style = styleFor(medium)
  const others = WIDTHS.reduce((sum, width) => sum + width + 1, 0)
  const room = Math.max(20, Math.min(63, medium.width - others))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const width = at === NAME ? room : (WIDTHS[at] ?? 0)
        return NUMBERS.includes(at) ? cell.padStart(width) : pad(cutMiddle(cell, width), width)
      })
      .join(' ')
      .trimEnd()
  const ordered = inOrderOfDebt(rows)
  const shown = medium.whole ? ordered : ordered.slice(0, FIRST)
  const lines = shown.flatMap((row) => {
    const why = row.next === 'drop' ? row.because : row.debt.because
    return [line(cellsOf(row)), ...fold(forTerminal(why), medium.width, '     ').map(style.dim)]
  })
  const left = ordered.length - shown.length
  return [style.bold(line(HEADS)), ...lines, ...(left > 0 ? [`   … ${left} more: --all`] : [])]
}

function cellsOf({ position, name, class: kind, age, owner, author, debt, finding, next }: AuditedPatch): string[] {
  const who = personOf({ owner, author }) || '-'
  return [
    `${position}`,
    name,
    kind,
    ageWords(age),
    who,
    `${debt.points}`,
    `${age?.conflicts ?? '-'}`,
    finding,
    next,
  ].map(forTerminal)
}

function sumsTable({ column, sums }: { column: string; sums: readonly AuditSum[] }, medium: AuditMedium): string[] {
  const room = Math.max(12, ...sums.map(({ name }) => Math.min(40, name.length)))
  const lines = (name: string, [patches = '', debt = '', oldest = '', next = '']: readonly string[]) => {
    const sizes = `${patches.padStart(7)} ${debt.padStart(5)} ${oldest.padStart(6)}`
    const start = `${pad(cut(forTerminal(name), room), room)} ${sizes}  `
    const blank = ' '.repeat(start.length)
    return fold(next, medium.width - start.length, '').map((part, at) => (at === 0 ? start : blank) + part)
  }
  const heads = lines(column, SUM_HEADS).map(styleFor(medium).bold)
  return [...heads, ...sums.flatMap((sum) => lines(sum.name, sumCells(sum)))]
}

function notesOf({ audit: { orphans, changes }, rows }: ToldAudit, { width }: Medium): string[][] {
  const block = (name: string, lines: readonly string[]) =>
    lines
      .flatMap((line) => fold(forTerminal(line), width - 11, '').map((part, at) => (at === 0 ? part : `  ${part}`)))
      .map((line, at) => `${at === 0 ? pad(name, 8) : ' '.repeat(8)} ${line}`)
  return [
    block(
      'CLAIMS',
      falseClaims(rows).map(({ name, claim, because }) => `${name}: ${claim} is false: ${because}`),
    ),
    block(
      'RETIRE',
      retirements(rows).map(({ name, words }) => `${name}: ${words}`),
    ),
    block(
      'LACKING',
      faultCounts(rows).map(([words, count]) => `${count} ${words}`),
    ),
    block(
      'ORPHANS',
      orphans.length === 0 ? [] : [`${plural(orphans.length, 'file')} in no list: ${orphans.join(', ')}`],
    ),
    block('CHANGED', changes === null ? [] : changeLines(changes)),
  ]
}

function nextCommands({ rows, sums }: ToldAudit, { locator, again, whole }: AuditMedium): (NextCommand | false)[] {
  const first = inOrderOfDebt(rows).find(({ next, verdict }) => next === 'send' && verdict === 'applies')
  const isUntried = rows.some(({ age }) => age !== null) && rows.every(({ age }) => (age?.conflicts ?? 0) === 0)
  return [
    first !== undefined && [`rebaseline show${locator} ${first.position} --upstreamable`, 'ready for git send-email'],
    isUntried && [`rebaseline history --try-rebases${locator}`, 'finds the conflicts of past rebases, too'],
    sums === null && [`${again} --by section`, 'the sums of each section'],
    !whole && sums === null && [`${again} --all`, 'every patch'],
  ]
}
