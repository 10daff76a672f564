import { structuredPatch } from 'diff'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Hunk, HunkLine } from '../../src/model/patch.ts'
import { madeOfLines } from '../../src/patch/made-of-lines.ts'

const KINDS: Record<string, HunkLine['kind']> = { ' ': 'context', '+': 'add', '-': 'remove' }

/** Hunks with so many lines of context, by another program. */
function hunksBetween(before: readonly string[], after: readonly string[], context: number): Hunk[] {
  const text = (lines: readonly string[]) => lines.join('')
  return structuredPatch('a', 'a', text(before), text(after), '', '', { context }).hunks.map((hunk) => ({
    ...{ oldStart: hunk.oldStart, oldCount: hunk.oldLines, newStart: hunk.newStart, newCount: hunk.newLines },
    ...{ context: '', line: 1 },
    lines: hunk.lines.map((line) => ({ kind: KINDS[line[0] ?? ''] ?? 'context', text: `${line.slice(1)}\n` })),
  }))
}

const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n'), { maxLength: 12 })

it('gives what stands between two places that stayed, whatever was done there', () => {
  fc.assert(
    fc.property(lines, lines, lines, lines, fc.integer({ min: 1, max: 4 }), (head, before, after, tail, context) => {
      const [first, last] = [
        [...head, '<\n'],
        ['>\n', ...tail],
      ]
      const hunks = hunksBetween([...first, ...before, ...last], [...first, ...after, ...last], context)
      expect(madeOfLines(hunks, first.length + 1, before)).toEqual(after)
    }),
    { numRuns: 500 },
  )
})

it('gives nothing where the hunks are of another file', () => {
  const hunks = hunksBetween(['a\n', 'b\n', 'c\n'], ['a\n', 'x\n', 'c\n'], 1)
  expect(madeOfLines(hunks, 2, ['other\n'])).toBeNull()
})
