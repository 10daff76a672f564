/** What plain commands of a recipe print: as bash prints it, or not known. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countedBy, outputOf } from '../../src/queue/formats/shell/output.ts'

const plain = (text: string) =>
  text.replace(/\$\{?(\w+)\}?/g, (_, name) => ({ level: '015', count: '7' })[name as string] ?? '')
const bash = (script: string) => execFileSync('bash', ['-c', `level=015 count=7; ${script}`], { encoding: 'utf8' })

const number = fc.oneof(fc.integer({ min: 0, max: 120 }).map(String), fc.constantFrom('$count', '10#$level', '10#007'))
const sum = fc.oneof(
  number,
  fc.tuple(number, fc.constantFrom('+', '-'), number).map((parts) => parts.join(' ')),
)
const printf = fc
  .tuple(fc.constantFrom('%d', '%03d', '"%02d"', 'x-%s', '%5d'), number)
  .map(([how, one]) => `$(printf ${how} ${one.replace('10#', '')})`)
const seq = fc.tuple(fc.constantFrom('', '-w '), number, number).map(([how, from, to]) => `$(seq ${how}${from} ${to})`)

describe('what a command prints is worked out as bash has it', () => {
  it('or left open', () => {
    const sources = fc.oneof(
      sum.map((text) => `$((${text}))`),
      printf,
      seq,
    )
    fc.assert(
      fc.property(sources, (source) => {
        const found = outputOf(source, plain)
        if (found !== null) expect(`${found}\n`).toBe(bash(`x=${source}; printf '%s\\n' "$x"`))
      }),
      { numRuns: 60 },
    )
    expect(outputOf('$((10#$level + 1))', plain)).toBe('16')
    expect(outputOf('$(printf "%03d" $count)', plain)).toBe('007')
    expect(outputOf('$(seq -w 9 10)', plain)).toBe('09\n10')
  })

  it('and so is what a loop counts', () => {
    const loop = fc
      .tuple(number, fc.constantFrom('<', '<='), number)
      .map(([from, how, to]) => `((i=${from}; i ${how} ${to}; i++))`)
    fc.assert(
      fc.property(loop, (head) => {
        const { variable, fields } = countedBy(head, plain)
        expect([variable, fields?.map(({ text }) => `${text}\n`).join('')]).toEqual([
          'i',
          bash(`for ${head}; do echo $i; done`),
        ])
      }),
      { numRuns: 40 },
    )
    for (const head of [
      '((;;))',
      '((i=0; i<9; i+=2))',
      '((i=1; j<9; i++))',
      '((i=0; i<99999999; i++))',
      '((i=08; i<9; i++))',
    ])
      expect(countedBy(head, plain).fields).toBeNull()
  })
})
