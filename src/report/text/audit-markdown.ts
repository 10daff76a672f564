/** An audit in Markdown, to paste into an issue or a mail. */
import type { AuditedPatch, ToldAudit } from '../../model/audit.ts'
import {
  ageWords,
  attemptLines,
  auditHeadline,
  changeLines,
  falseClaims,
  faultCounts,
  inOrderOfDebt,
  retirements,
  SUM_HEADS,
  sumCells,
  type ToldPatch,
} from '../audit-rows.ts'
import { markdownCell, markdownTable } from '../markdown.ts'
import { securityToMarkdown } from './security-markdown.ts'

export function auditToMarkdown({ audit, rows, sums }: ToldAudit): string {
  const { attempt, called, target, policy, changes, orphans, security } = audit
  const gates = (policy?.gates ?? []).map(({ gate, pass, because }) => [pass ? 'holds' : 'fails', gate.text, because])
  const parts = [
    `# Why each patch is carried: ${markdownCell(called)}`,
    auditParagraph(rows, target.ref),
    ...attemptLines(attempt).map(markdownCell),
    sums === null
      ? auditTable(rows)
      : markdownTable(
          [sums.column, ...SUM_HEADS],
          sums.sums.map((sum) => [sum.name, ...sumCells(sum)]),
        ),
    ...auditNotes(rows),
    ...section('Files in no list', orphans),
    ...(gates.length === 0 ? [] : ['## Gates', markdownTable(['', 'gate', 'why'], gates)]),
    ...(security === null ? [] : securityToMarkdown(security)),
    ...section('Changed', changes === null ? [] : changeLines(changes)),
  ]
  return `${parts.join('\n\n')}\n`
}

export function auditParagraph(rows: readonly ToldPatch[], target: string): string {
  return markdownCell(auditHeadline(rows, target).join(' '))
}

const HEADS = ['#', 'patch', 'class', 'age', 'owner', 'author', 'finding', 'next', 'points', 'for what']

/** The greatest debt first. */
export function auditTable(rows: readonly ToldPatch[]): string {
  return markdownTable(
    HEADS,
    inOrderOfDebt(rows).map(
      ({ position, name, owner, author, finding, next, debt, age, ...row }: Omit<AuditedPatch, 'retire'>) => [
        ...[position, name, row.class, ageWords(age), owner ?? '', author ?? '', finding, next, debt.points],
        next === 'drop' ? row.because : debt.because,
      ],
    ),
  )
}

/** What does not hold, and what is lacking. */
export function auditNotes(rows: readonly ToldPatch[]): string[] {
  return [
    ...section(
      'Claims that do not hold',
      falseClaims(rows).map(({ name, claim, because }) => `${name}: ${claim}: ${because}`),
    ),
    ...section(
      'Conditions to retire',
      retirements(rows).map(({ name, words }) => `${name}: ${words}`),
    ),
    ...section(
      'What is lacking',
      faultCounts(rows).map(([words, count]) => `${count} ${words}`),
    ),
  ]
}

function section(name: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  return [`## ${name}`, lines.map((line) => `- ${markdownCell(line)}`).join('\n')]
}
