import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesSince } from '../../src/audit/changes.ts'
import { debtOf } from '../../src/audit/debt.ts'
import { AUDIT_COLUMNS, readFilter, selectRows, sumRows } from '../../src/audit/select.ts'
import type { AuditedClaim, AuditedPatch, RecordedAudit } from '../../src/model/audit.ts'
import { auditHeadline, inOrderOfDebt } from '../../src/report/audit-rows.ts'

const debt = (points: number) => ({
  ...{ points, because: 'It is so.' },
  parts: { conflicts: points, age: 0, refreshes: 0, size: 0, heat: 0 },
})

const row = (position: number, more: Partial<AuditedPatch> = {}): AuditedPatch => ({
  ...{ position, name: `${position}.patch`, listed: null, section: 'Debt / xen', owner: null, author: 'Ann <a@x.org>' },
  ...{ class: 'unsent', because: 'nothing says so', finding: 'absent', verdict: 'applies', claims: [], hygiene: [] },
  ...{ retire: [], next: 'send', age: null, debt: debt(position) },
  ...more,
})

function select(rows: AuditedPatch[], ...wishes: string[]): number[] {
  const filters = wishes.map((wish) => {
    const filter = readFilter(wish)
    if (!filter) throw new Error(`${wish} is no filter`)
    return filter
  })
  return selectRows(rows, filters).map(({ position }) => position)
}

const FALSE: AuditedClaim = {
  ...{
    field: 'name',
    form: 'backport',
    commit: '1a4ae2e7',
    at: 'nowhere',
    holds: 'false',
    differs: null,
    because: 'x',
  },
}

describe('the rows that are asked for', () => {
  const old = row(2, { owner: 'nina', age: { days: 900, isAtLeast: false, refreshes: 3, conflicts: 1 } })
  const rows = [row(1, { class: 'backport', hygiene: ['twice'], claims: [FALSE] }), old, row(3, { section: 'Own' })]

  it('are told by words, numbers, and by what is empty', () => {
    expect(select(rows, 'class=unsent')).toEqual([2, 3])
    expect(select(rows, 'class!=unsent')).toEqual([1])
    expect(select(rows, 'owner=-')).toEqual([1, 3])
    expect(select(rows, 'age>365')).toEqual([2])
    expect(select(rows, 'age=-')).toEqual([1, 3])
    expect(select(rows, 'section=debt', 'hygiene=-')).toEqual([2])
    expect(select(rows, 'author=ann')).toEqual([1, 2, 3])
    expect(select(rows, 'claim=false')).toEqual([1])
    expect(select(rows, 'debt<3', 'owner=NINA')).toEqual([2])
  })

  it('are not told by anything else', () => {
    for (const words of ['colour=red', 'class', 'class>x', 'age=old', 'age>-', '=x', 'class=', '__proto__=x'])
      expect(readFilter(words)).toBeNull()
  })

  it('are all rows, each once, where a wish and its contrary are put together', () => {
    const value = fc.constantFrom('unsent', '-', 'nina', '900', '2')
    fc.assert(
      fc.property(fc.constantFrom(...AUDIT_COLUMNS), value, (column, words) => {
        const filters = [readFilter(`${column}=${words}`), readFilter(`${column}!=${words}`)]
        if (!filters[0] || !filters[1]) return
        const both = filters.flatMap((filter) => (filter ? selectRows(rows, [filter]) : []))
        expect(both.map(({ position }) => position).sort()).toEqual([1, 2, 3])
      }),
    )
  })

  it('come to sums that add up', () => {
    const sums = sumRows(rows, 'section')
    expect(sums.map(({ name, patches }) => [name, patches])).toEqual([
      ['Debt / xen', 2],
      ['Own', 1],
    ])
    expect(sums.reduce((sum, one) => sum + one.debt, 0)).toBe(6)
    // What leaves costs nothing any more.
    expect(sumRows([...rows, row(9, { next: 'drop' })], 'section')[0]).toMatchObject({ patches: 3, debt: 3 })
    expect(sumRows(rows, 'owner').map(({ name, oldest }) => [name, oldest])).toEqual([
      ['-', null],
      ['nina', 900],
    ])
  })

  it('stand by their debt, what leaves last', () => {
    const leaving = row(9, { next: 'drop' })
    expect(inOrderOfDebt([...rows, leaving]).map(({ position }) => position)).toEqual([3, 2, 1, 9])
    expect(auditHeadline([...rows, leaving], 'v2')).toEqual([
      '1 of 4 patches leaves with v2, 3 stay: 3 to send.',
      'They come to 6 points of debt (6 for conflicts); 2 without an owner.',
    ])
  })
})

describe('what changed since the last audit', () => {
  const former: RecordedAudit = {
    ...{ attempt: 4, auditedAt: '2026-01-02T03:04:05.000Z', target: 'v1' },
    patches: [row(1), row(2)],
    gates: [{ text: 'no false claim', pass: true, isAsked: true, because: '' }],
  }

  it('is nothing where nothing did', () => {
    const same = changesSince(former, former)
    expect(same).toMatchObject({ came: [], left: [], reclassed: [], falseNow: [], gates: [], debt: { from: 3, to: 3 } })
  })

  it('is what came, left, changed its class, turned false, or broke a gate', () => {
    const patches = [row(1, { class: 'sent', claims: [FALSE] }), row(3)]
    expect(changesSince(former, { patches, gates: [{ text: 'no false claim', pass: false }] })).toMatchObject({
      ...{ came: ['3.patch'], left: ['2.patch'], debt: { from: 3, to: 4 } },
      reclassed: [{ name: '1.patch', from: 'unsent', to: 'sent' }],
      falseNow: [{ name: '1.patch', claim: '1a4ae2e7 in its name' }],
      gates: [{ text: 'no false claim', pass: false }],
    })
  })
})

describe('the debt of a patch', () => {
  const result = (added: number, kind: string) => ({ patch: { added, removed: 0 }, verdict: { kind } }) as never

  it('is a sentence whose numbers add up', () => {
    const age = { days: 4800, isAtLeast: true, refreshes: 24, conflicts: 2 }
    expect(debtOf({ result: result(217, 'conflicting'), age, heat: 194, target: 'v2' })).toEqual({
      points: 56,
      parts: { conflicts: 30, age: 10, refreshes: 2, size: 4, heat: 10 },
      because:
        'It was in conflict at 2 earlier rebases and is with v2 (30), has been carried for at least 13 years (10), was refreshed 24 times (2), changes 217 lines (4), and stands in files that upstream changed 194 times since its base (10).',
    })
    expect(debtOf({ result: result(3, 'applies'), age: null, heat: null, target: 'v2' }).because).toBe(
      'It is young and short, and stands where upstream changes little.',
    )
  })

  it('is not much for a patch that is only often refreshed', () => {
    const age = { days: 0, isAtLeast: false, refreshes: 127, conflicts: 0 }
    const { points } = debtOf({ result: result(0, 'applies'), age, heat: 0, target: 'v2' })
    const conflict = debtOf({ result: result(0, 'conflicting'), age: null, heat: 0, target: 'v2' })
    expect(points).toBeLessThanOrEqual(conflict.points)
  })
})
