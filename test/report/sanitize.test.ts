import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cut, cutMiddle, pad } from '../../src/report/layout.ts'
import { forTerminal, linesForTerminal } from '../../src/report/sanitize.ts'

it('lets no escape, control, bidirectional or invisible character through, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(forTerminal(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      expect(linesForTerminal(text).join('')).not.toMatch(/[^\P{Cc}\t]|[\p{Cf}\p{Cs}]/u)
    }),
    { numRuns: 500 },
  )
})

it('names what it takes out, and leaves letters of every script', () => {
  expect(forTerminal('\x1b[31mred\u202e')).toBe('\\u{1b}[31mred\\u{202e}')
  expect(forTerminal('Zoë Ünsal 山田 €')).toBe('Zoë Ünsal 山田 €')
})

it('cuts and pads by columns, not by characters', () => {
  expect(cut('山田山田', 5)).toBe('山田…')
  expect(cutMiddle('0001-very-long-name.patch', 14)).toBe('0001-ver…patch')
  expect(pad('山', 4)).toBe('山  ')
})
