import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HunkLine } from '../../../src/model/patch.ts'
import { parseHunks } from '../../../src/patch/read/hunks.ts'

const MARKER = '\\ Kein Zeilenumbruch am Dateiende'
const MARKS = { context: ' ', add: '+', remove: '-' } as const

function parse(lines: readonly HunkLine[]) {
  const count = (other: HunkLine['kind']) => lines.filter(({ kind }) => kind !== other).length
  const raw = lines.flatMap(({ kind, text }) =>
    text.endsWith('\n') ? [MARKS[kind] + text.slice(0, -1)] : [MARKS[kind] + text, MARKER],
  )
  const header = `@@ -7,${count('add')} +9,${count('remove')} @@ main()`
  return parseHunks([{ line: 3, lines: [header, ...raw], missingContext: 0, eatenBlanks: 0 }])
}

describe('parseHunks', () => {
  it('gives back the lines of a hunk, however many, and where it stands', () => {
    const line = fc.record({
      kind: fc.constantFrom('context' as const, 'add' as const, 'remove' as const),
      text: fc.constantFrom(
        '\n',
        '\t\n',
        'a\n',
        '-- a\n',
        '++ b\n',
        '@@ -1 +1 @@\n',
        'diff --git a/x b/x\n',
        '\r\n',
        '\xff',
      ),
    })
    // What is read at a time are 4096 lines: the last ones stand on both sides of that.
    const length = fc.constantFrom(1, 2, 5, 4094, 4095, 4096, 4097, 8192, 8193)
    fc.assert(
      fc.property(fc.array(line, { minLength: 9, maxLength: 9 }), length, (pattern, size) => {
        const all = Array.from({ length: size }, (_, at) => pattern[at % pattern.length] as HunkLine)
        const lines: HunkLine[] = [...all, { kind: 'add', text: 'end\n' }]
        const [hunk] = parse(lines)
        expect(hunk?.lines).toEqual(lines)
        expect(hunk).toMatchObject({ oldStart: 7, newStart: 9, context: 'main()', line: 3 })
      }),
      { numRuns: 60 },
    )
  })
})
