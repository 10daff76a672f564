import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPatch } from '../../src/ingest/read-patch.ts'
import { holdAgainst, survivalOf } from '../../src/match/proof.ts'
import { sideBySide } from '../../src/match/side-by-side.ts'
import { toTargetFile } from '../../src/match/target-file.ts'

const listing = { name: 'p', section: '', owner: null, comment: null, strip: 1, reversed: false }
const patchOf = (text: string) => readPatch(listing, 1, Buffer.from(text))
const replacing = patchOf(
  '--- a/f.c\n+++ b/f.c\n@@ -10,5 +10,6 @@\n one();\n two();\n-the_old_call(argument);\n+the_new_call(argument);\n+another_new_call();\n three();\n four();\n',
)
const removing = patchOf(
  '--- a/f.c\n+++ b/f.c\n@@ -10,5 +10,4 @@\n one();\n two();\n-the_old_call(argument);\n three();\n four();\n',
)

function stateIn(patch: typeof replacing, lines: string[] | null) {
  const file = lines && toTargetFile('f.c', `${lines.join('\n')}\n`)
  const [hunk] = holdAgainst(patch, () => file)
  return [hunk?.state, hunk?.survival, hunk?.at?.line ?? null]
}

describe('holdAgainst', () => {
  it.each([
    [
      'where and as it says',
      ['0', 'two();', 'the_new_call(argument);', 'another_new_call();', 'three();'],
      'verbatim',
      1,
      2,
    ],
    ['indented anew', ['two();', '   the_new_call(argument);', '\tanother_new_call();', 'three();'], 'verbatim', 1, 1],
    ['among other lines', ['0', 'x();', 'the_new_call(argument);', 'another_new_call();', 'y();'], 'moved', 1, 3],
    ['half of it', ['two();', 'the_new_call(argument);', 'more();'], 'rewritten', 2 / 3, null],
    ['the text from before it', ['two();', 'the_old_call(argument);', 'three();'], 'absent', 0, 1],
    ['neither', ['something else'], 'rewritten', 1 / 3, null],
  ])('%s', (_, lines, state, survival, line) => {
    const found = stateIn(replacing, lines)
    expect([found[0], found[2]]).toEqual([state, line])
    expect(found[1]).toBeCloseTo(survival)
  })

  it('a removal stands where its surroundings have closed', () => {
    expect(stateIn(removing, ['one();', 'two();', 'three();', 'four();'])).toEqual(['verbatim', 1, 1])
    expect(stateIn(removing, ['one();', 'two();', 'the_old_call(argument);', 'three();', 'four();'])[0]).toBe('absent')
    expect(stateIn(removing, ['two();', 'three();'])[0]).toBe('rewritten')
  })

  it('a removal at the end of a file stands only where that is the end', () => {
    const shebang = patchOf('--- a/f\n+++ b/f\n@@ -1,3 +1,2 @@\n-#!/usr/bin/env kettle\n # coding\n # more\n')
    expect(stateIn(shebang, ['# coding', '# more'])[0]).toBe('verbatim')
    expect(stateIn(shebang, ['#!/usr/bin/env kettle', '# coding', '# more'])[0]).toBe('absent')
    const last = patchOf('--- a/f\n+++ b/f\n@@ -7,3 +7,2 @@\n first\n second\n-the_last_line();\n')
    expect(stateIn(last, ['first', 'second'])[0]).toBe('verbatim')
    expect(stateIn(last, ['first', 'second', 'the_last_line();'])[0]).toBe('absent')
  })

  it('a file that is gone holds nothing that was added, and all that was removed', () => {
    expect(stateIn(replacing, null)[0]).toBe('absent')
    expect(stateIn(removing, null)).toEqual(['verbatim', 1, null])
  })

  it('finds every patch whole in the file that it makes, and nothing of it in the one that it starts from', () => {
    const line = fc.integer({ min: 0, max: 1e6 }).map((number) => `statement_number(${number});`)
    const file = fc.uniqueArray(line, { minLength: 8, maxLength: 20 })
    fc.assert(
      fc.property(file, fc.nat(), fc.boolean(), (lines, where, adds) => {
        const at = 3 + (where % (lines.length - 6))
        const changed = adds ? ['an_added_statement();', 'and_another_one();'] : []
        const after = [...lines.slice(0, at), ...changed, ...lines.slice(at + 1)]
        const body = [
          ...lines.slice(at - 3, at).map((one) => ` ${one}`),
          `-${lines[at]}`,
          ...changed.map((one) => `+${one}`),
          ...lines.slice(at + 1, at + 4).map((one) => ` ${one}`),
        ]
        const counts = [7 - Math.max(0, at + 4 - lines.length), 6 + changed.length - Math.max(0, at + 4 - lines.length)]
        const patch = patchOf(
          `--- a/f.c\n+++ b/f.c\n@@ -${at - 2},${counts[0]} +${at - 2},${counts[1]} @@\n${body.join('\n')}\n`,
        )
        const held = (content: string[]) => holdAgainst(patch, () => toTargetFile('f.c', content.join('\n')))
        expect([held(after)[0]?.state, survivalOf(held(after))]).toEqual(['verbatim', 1])
        expect([held(lines)[0]?.state, survivalOf(held(lines))]).toEqual(['absent', 0])
      }),
    )
  })
})

describe('sideBySide', () => {
  const commit = patchOf(
    '--- a/moved/f.c\n+++ b/moved/f.c\n@@ -1,2 +1,3 @@\n a\n-  the_old_call( argument );\n+the_new_call(argument);\n+unrelated();\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-old thing\n+new thing\n',
  )

  it('pairs files by name and lines by their text, blanks aside', () => {
    const { files, both, onlyLeft, onlyRight } = sideBySide(replacing, commit)
    expect([both, onlyLeft, onlyRight]).toEqual([2, 1, 3])
    expect(files.map(({ leftPath, rightPath }) => [leftPath, rightPath])).toEqual([
      ['f.c', 'moved/f.c'],
      [null, 'g'],
    ])
  })

  it('shows every changed line of both sides once', () => {
    const { files } = sideBySide(replacing, commit)
    const pairs = files.flatMap((file) => file.pairs)
    expect(pairs.filter(({ left }) => left).length).toBe(3)
    expect(pairs.filter(({ right }) => right).length).toBe(5)
  })
})
