import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HunkLine } from '../../../src/model/patch.ts'
import { reflowedIn } from '../../../src/patch/hold/reflowed.ts'
import { LineKeys } from '../../../src/patch/hold/text.ts'

const keys = new LineKeys()
const text = (lines: readonly string[]) => keys.text(`${lines.join('\n')}\n`)

const BEFORE = [
  'int first(void)',
  '{',
  '  before_this(one, two);',
  '  after_this(three, four);',
  '}',
  'int last(void);',
]
const BLOCK: HunkLine[] = [
  { kind: 'context', text: '  before_this(one, two);' },
  { kind: 'add', text: '  call_of_it(with_some_arguments, and_more_of_them, to_the_end);' },
  { kind: 'context', text: '  after_this(three, four);' },
]
const AFTER = [...BEFORE.slice(0, 3), BLOCK[1]?.text ?? '', ...BEFORE.slice(3)]

/** The hunk's lines as a formatter breaks them, in a text that changed elsewhere, too. */
const REFLOWED = [
  ...['/* new */', 'int first(void) {', '    before_this(one,', '                two);'],
  ...['    call_of_it(with_some_arguments,', '               and_more_of_them, to_the_end);'],
  ...['    after_this(three, four);', '}', 'int last(void);'],
]

const found = (target: readonly string[]) =>
  reflowedIn({ at: 2, block: BLOCK }, { before: text(BEFORE), target: text(target) })

describe('reflowedIn', () => {
  it('finds what a formatter broke anew', () => {
    expect(found(REFLOWED)).toBe(2)
    expect(found(AFTER)).toBe(2)
  })

  it.each([
    ['it is not there', BEFORE],
    ['a word differs', REFLOWED.map((line) => line.replace('to_the_end', 'to_an_end'))],
    ['it is there twice', [...REFLOWED, ...REFLOWED]],
    ['what it starts from stands, too', [...REFLOWED, ...BEFORE]],
    ['it is nested deeper', AFTER.map((line) => (line.includes('call_of_it') ? `  ${line}` : line))],
    ['it is switched off', [...REFLOWED.slice(0, 2), '#if 0', ...REFLOWED.slice(2, 7), '#endif', ...REFLOWED.slice(7)]],
  ])('does not where %s', (_, target) => {
    expect(found(target)).toBeNull()
  })

  it('finds the result at any width of a step, and at any length of lines', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        (step, breaks) => {
          let at = 0
          const broken = AFTER.flatMap((line) => {
            const indent = ' '.repeat(line.startsWith(' ') ? step : 0)
            const parts = line.trim().split(/(?<=,) /)
            const lines: string[] = []
            for (const part of parts)
              if (lines.length > 0 && breaks[at++ % 20]) lines.push(`${indent}${' '.repeat(20)}${part}`)
              else lines.push(`${lines.pop() ?? indent}${lines.length > 0 ? ' ' : ''}${part}`)
            return lines
          })
          expect(found(broken)).not.toBeNull()
        },
      ),
    )
  })
})
