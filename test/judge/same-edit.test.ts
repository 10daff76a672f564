import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayGo } from '../../src/judge/fates.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'
import { fatesOfPatch, type Tied } from '../helpers/held-fates.ts'

const above = ['int open_ring(struct ring *r)', '{', '    lock(r);', '    count(r);']
const below = ['    notify(r);', '    unlock(r);', '    return audit(r);', '}']
const around = (line: string) => [...above, line, ...below]

/** Whether a patch that edits one line may go, beside a commit that edits another in its stead. */
function goes(own: readonly [string, string], theirs: readonly [string, string], tied: Partial<Tied> = {}): boolean {
  const context = (lines: readonly string[]) => lines.map((line) => ` ${line}`)
  const lines = [...context(above.slice(-2)), `-${own[0]}`, `+${own[1]}`, ...context(below.slice(0, 2))]
  const text = ['--- a/f.c', '+++ b/f.c', '@@ -3,5 +3,5 @@', ...lines, ''].join('\n')
  const patch = readPatch(bareListing('p'), 1, Buffer.from(text))
  const commit = { before: around(theirs[0]), after: around(theirs[1]), changedBy: null, ...tied }
  return mayGo(fatesOfPatch(patch, around(own[0]), around(theirs[1]), commit))
}

const call = (args: readonly string[], depth = 1) => `${'    '.repeat(depth)}next = read_line(${args.join(', ')});`
const words = fc.uniqueArray(fc.constantFrom('&ring', '&first', '&last', 'offset', 'length'), {
  minLength: 3,
  maxLength: 4,
})

describe('a line that differed before a commit, which edits it as the patch does', () => {
  it('has landed: an argument is put in at the same place', () => {
    fc.assert(
      fc.property(words, fc.constantFrom('flags', '0', 'NULL'), fc.nat(1), (args, added, at) => {
        // Upstream had taken the last argument away.
        const [own, theirs] = [args, args.slice(0, -1)]
        const put = (list: readonly string[]) => [...list.slice(0, at), added, ...list.slice(at)]
        expect(goes([call(own), call(put(own))], [call(theirs), call(put(theirs))])).toBe(true)
      }),
    )
  })

  it('has landed: it is taken out of a block', () => {
    const [own, theirs] = [
      ['&ring', '&last', 'offset'],
      ['&ring', '&last'],
    ]
    expect(goes([call(own, 2), call(own)], [call(theirs, 2), call(theirs)])).toBe(true)
    expect(goes([call(own, 2), call(own)], [call(theirs), call(theirs, 2)])).toBe(false)
  })

  it('has not landed where the commit puts in something else, or where it edits another line', () => {
    fc.assert(
      fc.property(words, fc.constantFrom(['flags', 'mode'], ['1', '2'], ['true', 'false']), (args, [one, other]) => {
        const theirs = args.slice(0, -1)
        expect(goes([call(args), call([...args, one ?? ''])], [call(theirs), call([...theirs, other ?? ''])])).toBe(
          false,
        )
      }),
    )
    const [own, sibling] = [call(['&ring', '&first']), call(['&ring', '&last'])]
    const before = [...around(own), sibling]
    const edited = [own, call(['&ring', '&first', 'flags'])] as const
    const after = [...around(own), call(['&ring', '&last', 'flags'])]
    expect(goes(edited, [own, own], { before, after })).toBe(false)
  })
})
