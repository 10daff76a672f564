import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hunk } from '../../src/model/patch.ts'
import {
  countSigned,
  hasTextFromAfter,
  hasTextFromBefore,
  isMadeBy,
  takeFrom,
} from '../../src/patch/account/landed-then.ts'

/** A file in which a piece is replaced by another, and the hunk that does it. */
const change = fc
  .record({
    before: fc.integer({ min: 1, max: 5 }),
    after: fc.integer({ min: 1, max: 5 }),
    removed: fc.integer({ min: 0, max: 3 }),
    added: fc.integer({ min: 0, max: 3 }),
  })
  .filter(({ removed, added }) => removed + added > 0)
  .map(({ before, after, removed, added }) => {
    const named = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}(${at});\n`)
    const [head, old, now, tail] = [
      named('head', before),
      named('old', removed),
      named('now', added),
      named('tail', after),
    ]
    const lines = (kind: 'context' | 'add' | 'remove', texts: string[]) => texts.map((text) => ({ kind, text }))
    const hunk: Hunk = {
      ...{ oldStart: 1, oldCount: before + removed + after, newStart: 1, newCount: before + added + after },
      ...{ context: '', line: 1 },
      lines: [...lines('context', head), ...lines('remove', old), ...lines('add', now), ...lines('context', tail)],
    }
    return { hunk, from: [...head, ...old, ...tail], to: [...head, ...now, ...tail] }
  })

describe('the text from before a hunk', () => {
  it('stands where it is not applied, and not where it is', () => {
    fc.assert(
      fc.property(change, ({ hunk, from, to }) => {
        expect(hasTextFromBefore(hunk, from)).toBe(true)
        expect(hasTextFromBefore(hunk, to)).toBe(false)
      }),
    )
  })

  it('is found wherever it went, and taken back', () => {
    fc.assert(
      fc.property(change, fc.nat(4), ({ hunk, from }, lines) => {
        const above = Array.from({ length: lines }, (_, at) => `upstream(${at});\n`)
        expect(hasTextFromBefore(hunk, [...above, ...from, ...above])).toBe(true)
      }),
    )
  })
})

describe('the text from after a hunk', () => {
  it('stands where it is applied, as often as it was, and not where it is not', () => {
    fc.assert(
      fc.property(change, ({ hunk, from, to }) => {
        expect(hasTextFromAfter([hunk], to)).toBe(true)
        expect(hasTextFromAfter([hunk], from)).toBe(false)
        expect(hasTextFromAfter([hunk, hunk], to)).toBe(false)
        expect(hasTextFromAfter([hunk, hunk], [...to, ...to])).toBe(true)
      }),
    )
  })
})

describe('a hunk at an end of a file', () => {
  const lines = (kind: 'context' | 'add', ...texts: string[]) => texts.map((text) => ({ kind, text }))
  const hunkOf = (parts: Hunk['lines']): Hunk => {
    return { oldStart: 1, oldCount: 1, newStart: 1, newCount: 2, context: '', line: 1, lines: parts }
  }

  it('is not taken back where the line beside it stands behind, or in front of, other lines', () => {
    const first = hunkOf([...lines('add', 'new();\n'), ...lines('context', 'old();\n')])
    const last = hunkOf([...lines('context', 'old();\n'), ...lines('add', 'new();\n')])
    for (const hunk of [first, last]) expect(hasTextFromBefore(hunk, ['old();\n'])).toBe(true)
    expect(hasTextFromBefore(first, ['renewed();\n', 'old();\n'])).toBe(false)
    expect(hasTextFromBefore(last, ['old();\n', 'renewed();\n'])).toBe(false)
  })
})

describe('a hunk', () => {
  it('takes each line of a commit once', () => {
    fc.assert(
      fc.property(change, ({ hunk }) => {
        const left = countSigned([hunk])
        expect([takeFrom(left, hunk), takeFrom(left, hunk)]).toEqual([true, false])
      }),
    )
  })

  it('is made by a commit that has all its lines, and by none that lacks one', () => {
    fc.assert(
      fc.property(change, fc.nat(), ({ hunk }, which) => {
        expect(isMadeBy(hunk, [hunk])).toBe(true)
        const told = hunk.lines.filter(({ kind }) => kind !== 'context')
        const without = told[which % told.length]
        expect(isMadeBy(hunk, [{ ...hunk, lines: hunk.lines.filter((line) => line !== without) }])).toBe(false)
      }),
    )
  })

  it('that says nothing is made by none', () => {
    const hunk: Hunk = {
      ...{ oldStart: 1, oldCount: 0, newStart: 1, newCount: 1, context: '', line: 1 },
      lines: [{ kind: 'add', text: '}\n' }],
    }
    expect(isMadeBy(hunk, [hunk])).toBe(false)
  })
})
