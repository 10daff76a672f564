import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elementAt } from '../../src/model/elements.ts'
import { changesIn } from '../../src/model/fate.ts'
import type { AccountSide } from '../../src/patch/account/hunk-runs.ts'
import { netHunk, undoneBy } from '../../src/patch/account/undone.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'

const HEAD = ['first();', 'second();', 'third();']
const TAIL = ['last();', 'end();', 'out();']

/** The patch that puts some lines in the place of others in a file. */
function side(name: string, before: readonly string[], after: readonly string[]): AccountSide {
  const stateOf = (lines: readonly string[]) => ({
    entry: { mode: '100644', blob: lines.join('\n') },
    lines: [...HEAD, ...lines, ...TAIL].map((line) => `${line}\n`),
  })
  const marked = (mark: string, lines: readonly string[]) => lines.map((line) => `${mark}${line}\n`).join('')
  const hunk = marked(' ', HEAD) + marked('-', before) + marked('+', after) + marked(' ', TAIL)
  const counts = `-1,${6 + before.length} +1,${6 + after.length}`
  const patch = readPatch(bareListing(name), 1, Buffer.from(`--- a/a.c\n+++ b/a.c\n@@ ${counts} @@\n${hunk}`))
  return { patch, files: new Map([['a.c', { before: stateOf(before), after: stateOf(after) }]]) }
}

const states = fc
  .uniqueArray(fc.nat(99), { minLength: 3, maxLength: 9 })
  .map((numbers) => numbers.map((number) => `call_${number}();`))
  .chain((lines) => fc.tuple(fc.shuffledSubarray(lines, { maxLength: 3 }), fc.constant(lines)))
  .map(([before, lines]) => ({ before, after: lines.filter((line) => !before.includes(line)).slice(0, 3) }))
  .filter(({ after }) => after.length > 0)

const changeOf = ({ patch }: AccountSide) => elementAt(changesIn(patch), 0)

describe('what a patch does', () => {
  it('is undone by the patch that does the contrary, and by none that leaves the file', () => {
    fc.assert(
      fc.property(states, ({ before, after }) => {
        const there = side('there', before, after)
        expect(undoneBy([there, side('back', after, before)], 0, changeOf(there))).toBe('back')
        expect(undoneBy([there], 0, changeOf(there))).toBe(null)
        expect(undoneBy([there, side('more', after, [...after, 'more();'])], 0, changeOf(there))).toBe(null)
      }),
    )
  })

  it('is not undone where it is done again', () => {
    fc.assert(
      fc.property(states, ({ before, after }) => {
        const [there, back] = [side('there', before, after), side('back', after, before)]
        expect(undoneBy([there, back, side('again', before, after)], 0, changeOf(there))).toBe(null)
      }),
    )
  })

  it('is what the queue leaves of it in the end', () => {
    const there = side('there', [], ['one();', 'two();'])
    const added = (sides: AccountSide[]) =>
      netHunk(sides, 0, changeOf(there))?.lines.flatMap(({ kind, text }) => (kind === 'add' ? [text.trim()] : []))
    expect(added([there])).toEqual(['one();', 'two();'])
    expect(added([there, side('half', ['one();', 'two();'], ['two();'])])).toEqual(['two();'])
  })
})
