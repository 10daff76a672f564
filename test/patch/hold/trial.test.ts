import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hunk, HunkLine } from '../../../src/model/patch.ts'
import { LineKeys } from '../../../src/patch/hold/text.ts'
import { landsAnew } from '../../../src/patch/hold/trial.ts'

const PLACES = 4
/** Each has lines of its own, which no hunk reaches beyond. */
const SECTION = 10

const base = Array.from({ length: PLACES * SECTION }, (_, at) => `base_${at};`)

/** What a patch does in the middle of one section. */
interface Change {
  removes: boolean
  adds: readonly string[]
}

const changes = fc.array(
  fc
    .record({
      removes: fc.boolean(),
      // The first of these names stand in the base, and some come more than once.
      adds: fc.array(fc.constantFrom('base_0;', 'base_1;', 'new_0;', 'new_1;', 'new_2;'), { maxLength: 3 }),
    })
    .filter(({ removes, adds }) => removes || adds.length > 0),
  { minLength: PLACES, maxLength: PLACES },
)

const line = (kind: HunkLine['kind']) => (text: string) => ({ kind, text })

function hunkOf({ removes, adds }: Change, section: number): Hunk {
  const middle = section * SECTION + 5
  const [above, below] = [base.slice(middle - 3, middle), base.slice(middle + 1, middle + 4)]
  const own = base.slice(middle, middle + 1)
  const lines = [
    ...above.map(line('context')),
    ...own.map(line(removes ? 'remove' : 'context')),
    ...adds.map(line('add')),
    ...below.map(line('context')),
  ]
  const oldCount = lines.filter(({ kind }) => kind !== 'add').length
  const newCount = lines.filter(({ kind }) => kind !== 'remove').length
  return { oldStart: middle - 2, oldCount, newStart: middle - 2, newCount, context: '', line: 1, lines }
}

/** The base with some of the changes made, and a few lines more on top. */
function textWith(made: readonly Change[], isMade: (section: number) => boolean, onTop: readonly string[]): string[] {
  const sections = made.flatMap(({ removes, adds }, section) => {
    const [from, middle] = [section * SECTION, section * SECTION + 5]
    if (!isMade(section)) return base.slice(from, from + SECTION)
    return [...base.slice(from, removes ? middle : middle + 1), ...adds, ...base.slice(middle + 1, from + SECTION)]
  })
  return [...onTop, ...sections]
}

function trial(made: readonly Change[], target: readonly string[]) {
  const keys = new LineKeys()
  return landsAnew(made.map(hunkOf), { before: keys.textOf(base), target: keys.textOf(target) }, keys)
}

const tops = fc.array(fc.constantFrom('top_0;', 'top_1;'), { maxLength: 5 })

describe('landsAnew', () => {
  it('finds the one hunk of a commit that the target has undone', () => {
    fc.assert(
      fc.property(changes, fc.nat(PLACES - 1), tops, (made, undone, onTop) => {
        const target = textWith(made, (section) => section !== undone, onTop)
        const lands = trial(made, target).map((place) => place !== null)
        expect(lands).toEqual(made.map((_, section) => section === undone))
      }),
    )
  })

  it('finds none of a commit that stands', () => {
    fc.assert(
      fc.property(changes, tops, (made, onTop) => {
        expect(
          trial(
            made,
            textWith(made, () => true, onTop),
          ),
        ).toEqual(made.map(() => null))
      }),
    )
  })

  it('takes what would only stand twice for no loss', () => {
    const block = ['void close(void)', '{', '}', '']
    const hunk = {
      ...{ oldStart: 2, oldCount: 4, newStart: 2, newCount: 8, context: '', line: 1 },
      lines: [
        ...['{', '}', ''].map(line('context')),
        ...['void shut(void)', '{', '}', ''].map(line('add')),
        line('context')('void last(void)'),
      ],
    }
    const keys = new LineKeys()
    const text = (lines: readonly string[]) => keys.textOf(lines)
    const before = text([...block, 'void last(void)'])
    const landed = text([...block, 'void shut(void)', '{', '}', '', 'void last(void)'])
    expect(landsAnew([hunk], { before, target: landed }, keys)).toEqual([null])
    expect(landsAnew([hunk], { before, target: before }, keys)).toEqual([1])
  })
})
