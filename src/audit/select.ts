/** Which rows of an audit are wanted, and what they come to: "class=unsent", "age>365". Pure. */
import { type AuditedPatch, type AuditSum, debtOfAll, type NextStep, type SumColumn } from '../model/audit.ts'
import { isInSection } from '../model/section.ts'

/** What a row has in each column; null, or nothing, where it is empty. */
const COLUMNS = {
  patch: ({ name }: AuditedPatch) => [name],
  class: ({ class: kind }: AuditedPatch) => [kind],
  section: ({ section }: AuditedPatch) => (section === '' ? [] : [section]),
  owner: ({ owner }: AuditedPatch) => (owner === null ? [] : [owner]),
  author: ({ author }: AuditedPatch) => (author === null ? [] : [author]),
  claim: ({ claims }: AuditedPatch) => claims.flatMap(({ form, holds }) => [form, holds]),
  finding: ({ finding }: AuditedPatch) => [finding],
  hygiene: ({ hygiene }: AuditedPatch) => hygiene,
  next: ({ next }: AuditedPatch) => [next],
  age: ({ age }: AuditedPatch) => age?.days ?? null,
  conflicts: ({ age }: AuditedPatch) => age?.conflicts ?? null,
  refreshes: ({ age }: AuditedPatch) => age?.refreshes ?? null,
  debt: ({ debt }: AuditedPatch) => debt.points,
} as const
type Column = keyof typeof COLUMNS

export const AUDIT_COLUMNS = Object.keys(COLUMNS) as readonly Column[]

/** A wish for rows, such as "owner=-", "class!=backport", "age>365". */
export interface RowFilter {
  column: Column
  operator: '=' | '!=' | '<' | '>'
  value: string
}

/** Null for what is none, and for an order of words or a number that is none. */
export function readFilter(words: string): RowFilter | null {
  const [, name = '', operator = '', value = ''] = /^([a-z]+)(!=|[=<>])(.+)$/s.exec(words) ?? []
  const column = AUDIT_COLUMNS.find((one) => one === name)
  if (!column) return null
  const isOrder = operator === '<' || operator === '>'
  const isNumber = /^\d{1,9}$/.test(value)
  if (NUMBERS.includes(column) ? !isNumber && (isOrder || value !== EMPTY) : isOrder) return null
  return { column, operator: operator as RowFilter['operator'], value }
}

const NUMBERS: readonly Column[] = ['age', 'conflicts', 'refreshes', 'debt']
/** Names, of which a part tells enough; all other words are whole. */
const NAMES: readonly Column[] = ['patch', 'owner', 'author']
/** Stands for a cell without anything in it. */
const EMPTY = '-'

/** The rows that fit all filters, in their order. */
export function selectRows(rows: readonly AuditedPatch[], filters: readonly RowFilter[]): AuditedPatch[] {
  return rows.filter((row) => filters.every((filter) => fits(row, filter)))
}

function fits(row: AuditedPatch, { column, operator, value }: RowFilter): boolean {
  const cell = COLUMNS[column](row)
  if (operator === '=') return isEqual(column, cell, value)
  if (operator === '!=') return !isEqual(column, cell, value)
  if (typeof cell !== 'number') return false
  return operator === '>' ? cell > Number(value) : cell < Number(value)
}

function isEqual(column: Column, cell: readonly string[] | number | null, value: string): boolean {
  if (cell === null || typeof cell === 'number') return value === EMPTY ? cell === null : cell === Number(value)
  if (value === EMPTY) return cell.length === 0
  const wanted = value.toLowerCase()
  return cell.some((one) => {
    if (column === 'section') return isInSection(one, value)
    return NAMES.includes(column) ? one.toLowerCase().includes(wanted) : one.toLowerCase() === wanted
  })
}

/** The greatest debt first. */
export function sumRows(rows: readonly AuditedPatch[], column: SumColumn): AuditSum[] {
  const groups = new Map<string, AuditedPatch[]>()
  for (const row of rows) {
    const name = COLUMNS[column](row)[0] ?? EMPTY
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  const sums = [...groups].map(([name, group]): AuditSum => {
    const ages = group.flatMap(({ age }) => age?.days ?? [])
    return {
      ...{ name, patches: group.length, debt: debtOfAll(group) },
      oldest: ages.length === 0 ? null : Math.max(...ages),
      next: countNext(group),
    }
  })
  return sums.sort((one, other) => other.debt - one.debt || (one.name < other.name ? -1 : 1))
}

function countNext(rows: readonly AuditedPatch[]): [NextStep, number][] {
  const counts = new Map<NextStep, number>()
  for (const { next } of rows) counts.set(next, (counts.get(next) ?? 0) + 1)
  return [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1))
}
