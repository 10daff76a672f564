/** What an audit says, in words for every medium. */
import {
  type Audit,
  type AuditChanges,
  type AuditedPatch,
  type AuditSum,
  claimName,
  DEBT_PARTS,
  type DebtPart,
  debtOfAll,
  type HygieneFault,
  type NextStep,
  type PatchAge,
} from '../model/audit.ts'
import { plural } from './layout.ts'

/** A row as it is told: what to carry out of the queue needs no more words. */
export type ToldPatch = Omit<AuditedPatch, 'retire'> & Partial<Pick<AuditedPatch, 'retire'>>

const DAYS_IN_YEAR = 365.25
const DAYS_IN_MONTH = DAYS_IN_YEAR / 12
/** Below it an age is told in months. */
const FEW_YEARS = 2

/** ">=10 y", "14 mo", "12 d"; "-" where it is not known. */
export function ageWords(age: Pick<PatchAge, 'days' | 'isAtLeast'> | null): string {
  if (age === null) return '-'
  return `${age.isAtLeast ? '>=' : ''}${daysWords(age.days)}`
}

export function daysWords(days: number): string {
  if (days >= FEW_YEARS * DAYS_IN_YEAR) return `${Math.floor(days / DAYS_IN_YEAR)} y`
  return days >= 2 * DAYS_IN_MONTH ? `${Math.floor(days / DAYS_IN_MONTH)} mo` : `${days} d`
}

/** Its owner, else the name of its author; empty where neither is told. */
export function personOf({ owner, author }: Pick<AuditedPatch, 'owner' | 'author'>): string {
  return owner ?? author?.split('<')[0]?.trim() ?? ''
}

/** What is carried on, the greatest debt first; then what leaves by itself. */
export function inOrderOfDebt<Row extends Pick<AuditedPatch, 'next' | 'debt' | 'position'>>(
  rows: readonly Row[],
): Row[] {
  const leaves = ({ next }: Row) => (next === 'drop' ? 1 : 0)
  return [...rows].sort((one, other) => {
    return leaves(one) - leaves(other) || other.debt.points - one.debt.points || one.position - other.position
  })
}

/** Of which attempt it is, where that was made before; no line where it is new. */
export function attemptLines({ id, startedAt, isRecorded }: Audit['attempt']): string[] {
  if (!isRecorded) return []
  return [`as @${id} of ${startedAt.slice(0, 10)} found it: nothing that decides it has changed since`]
}

/** What there is to do, and what the rest costs: two sentences. */
export function auditHeadline(rows: readonly ToldPatch[], target: string): string[] {
  const leaving = rows.filter(({ next }) => next === 'drop')
  const staying = rows.filter(({ next }) => next !== 'drop')
  const steps = NEXT_WORDS.flatMap(([next, words]): string[] => {
    const count = staying.filter((row) => row.next === next).length
    return count === 0 ? [] : [`${count} ${words}`]
  })
  const points = debtOfAll(rows)
  const unowned = staying.filter(({ owner }) => owner === null).length
  const old = staying.filter(({ age }) => age !== null && age.days > OLD * DAYS_IN_YEAR)
  const oldest = old.length === 0 ? '' : `; ${old.length} ${old.length === 1 ? 'is' : 'are'} older than ${OLD} years`
  const who = unowned === 0 ? 'each with an owner' : `${unowned} without an owner`
  const parts = DEBT_PARTS.flatMap((part) => {
    const sum = staying.reduce((all, { debt }) => all + debt.parts[part], 0)
    return sum === 0 ? [] : [`${sum} for ${PART_WORDS[part]}`]
  })
  const why = parts.length === 0 ? '' : ` (${parts.join(', ')})`
  const rest = staying.length === 0 ? [] : [`They come to ${plural(points, 'point')} of debt${why}${oldest}; ${who}.`]
  const leave = leaving.length === 1 ? 'leaves' : 'leave'
  const stay = `${staying.length} ${staying.length === 1 ? 'stays' : 'stay'}`
  const done = `${leaving.length} of ${plural(rows.length, 'patch', 'patches')} ${leave} with ${target}, ${stay}`
  return [`${done}${steps.length === 0 ? '' : `: ${steps.join(', ')}`}.`, ...rest]
}

const OLD = 5
const PART_WORDS: Readonly<Record<DebtPart, string>> = {
  conflicts: 'conflicts',
  age: 'age',
  refreshes: 'refreshes',
  size: 'size',
  heat: 'files that upstream changes often',
}
const NEXT_WORDS: readonly (readonly [NextStep, string])[] = [
  ['send', 'to send'],
  ['chase', 'to chase'],
  ['rework', 'to rework'],
  ['justify', 'to justify'],
  ['wait', 'wait for a release that has them'],
  ['keep', 'to keep'],
]

/** Claims that do not hold, in the order of the queue. */
export function falseClaims(rows: readonly ToldPatch[]): { name: string; claim: string; because: string }[] {
  return rows.flatMap(({ name, claims }) => {
    return claims.flatMap((claim) => {
      return claim.holds === 'false' ? [{ name, claim: claimName(claim), because: claim.because }] : []
    })
  })
}

/** Conditions under which a patch is to go, that are met or that cannot be answered. */
export function retirements(rows: readonly ToldPatch[]): { name: string; words: string }[] {
  return rows.flatMap(({ name, retire = [] }) => {
    return retire.flatMap(({ condition, met, because }) => {
      if (met === false) return []
      return [{ name, words: `${condition}: ${met ? 'met' : 'not known'}, ${because}` }]
    })
  })
}

/** How many patches lack what, the most first. */
export function faultCounts(rows: readonly ToldPatch[]): [string, number][] {
  const counts = new Map<HygieneFault, number>()
  for (const { hygiene } of rows) for (const fault of hygiene) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  return [...counts].sort((one, other) => other[1] - one[1]).map(([fault, count]) => [FAULTS[fault], count])
}

const FAULTS: Readonly<Record<HygieneFault, string>> = {
  'no-description': 'without a description',
  'no-author': 'without an author',
  'no-sign-off': 'without a sign-off',
  'no-justification': 'without a justification',
  'no-bug-reference': 'for debugging without a bug',
  twice: 'carried twice',
  'order-by-luck': 'in an order that nobody explains',
}

/** What is other than at the audit before, a sentence each. */
export function changeLines({ since, came, left, reclassed, falseNow, debt, gates }: AuditChanges): string[] {
  const difference = debt.to - debt.from
  const points = difference === 0 ? 'as before' : `${difference > 0 ? '+' : ''}${difference}`
  return [
    `since ${since.auditedAt.slice(0, 10)} on ${since.target} (attempt @${since.attempt}): debt ${debt.to}, ${points}`,
    ...named('came in', came),
    ...named('left', left),
    ...reclassed.map(({ name, from, to }) => `${name}: ${from} before, ${to} now`),
    ...falseNow.map(({ name, claim }) => `${name}: ${claim} is false now`),
    ...gates.map(({ text, pass }) => `${text}: ${pass ? 'holds again' : 'fails now'}`),
  ]
}

/** So many names are told of each kind. */
const MOST = 8

function named(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return []
  const more = names.length > MOST ? `, and ${names.length - MOST} more` : ''
  return [`${names.length} ${what}: ${names.slice(0, MOST).join(', ')}${more}`]
}

export const SUM_HEADS = ['patches', 'debt', 'oldest', 'what to do'] as const

export function sumCells({ patches, debt, oldest, next }: AuditSum): string[] {
  const steps = next.map(([step, count]) => `${step} ${count}`).join(', ')
  return [`${patches}`, `${debt}`, oldest === null ? '-' : daysWords(oldest), steps]
}
