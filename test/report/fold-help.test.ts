import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldHelp } from '../../src/report/help/fold-help.ts'

it('folds prose, and sets what an example is for below it where it has no room', () => {
  const text = [
    'Examples:',
    '  $ rebaseline try                       on the newest release',
    '  $ rebaseline export --list drop        names of the patches that leave, one a line',
    '',
    'Patches that the target holds are out; those that land',
    'elsewhere are refreshed.',
    'Exit codes: 0 done; 1 wrong usage.',
    '  queues: is a line of a file, and stays as long as it is written',
  ].join('\n')
  expect(foldHelp(text, 60).split('\n')).toEqual([
    'Examples:',
    '  $ rebaseline try',
    '      on the newest release',
    '  $ rebaseline export --list drop',
    '      names of the patches that leave, one a line',
    '',
    'Patches that the target holds are out; those that land',
    'elsewhere are refreshed.',
    'Exit codes: 0 done; 1 wrong usage.',
    '  queues: is a line of a file, and stays as long as it is written',
  ])
})

it('loses no word, and breaks none', () => {
  const word = fc.constantFrom('a', 'patch', 'release.', '$', 'of', 'rebaseline', ':')
  const line = fc
    .tuple(fc.constantFrom('', '  $ ', '  '), fc.array(word))
    .map(([indent, words]) => indent + words.join(' '))
  const wordsOf = (text: string) => text.split(/\s+/).filter(Boolean)
  fc.assert(
    fc.property(fc.array(line), fc.integer({ min: 20, max: 100 }), (lines, width) => {
      expect(wordsOf(foldHelp(lines.join('\n'), width))).toEqual(wordsOf(lines.join('\n')))
    }),
  )
})
