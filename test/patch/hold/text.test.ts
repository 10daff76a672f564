import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineKeys } from '../../../src/patch/hold/text.ts'

/** Short lines of few kinds: versions of a file that have much in common, blank lines first, too. */
const content = fc
  .array(fc.constantFrom('', 'a', 'b', ' a', 'int f(void);', '}'), { maxLength: 12 })
  .chain((lines) => fc.boolean().map((isEnded) => lines.join('\n') + (isEnded && lines.length > 0 ? '\n' : '')))

/** What the text of a file has to be. */
function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

describe('the text of a file', () => {
  it('has all its lines, also where the first is blank', () => {
    expect(new LineKeys().text('\na\n').lines).toEqual(['', 'a'])
  })

  it('is the same, whatever other versions were read before it', () => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 5 }), (versions) => {
        const keys = new LineKeys()
        let former = keys.text('')
        for (const version of versions) {
          former = keys.text(version, former)
          expect(former.lines).toEqual(linesOf(version))
          expect(former.keys).toEqual(linesOf(version).map((line) => keys.keyOf(line)))
        }
      }),
    )
  })
})
