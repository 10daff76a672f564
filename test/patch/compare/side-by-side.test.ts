import { describe, expect, it } from 'vitest'
import { sideBySide } from '../../../src/patch/compare/side-by-side.ts'
import { readPatch } from '../../../src/patch/read/read-patch.ts'

const listing = {
  name: 'p',
  section: '',
  owner: null,
  comment: null,
  strip: 1,
  reversed: false,
  directory: '',
  listed: null,
}
const patchOf = (text: string) => readPatch(listing, 1, Buffer.from(text))
const replacing = patchOf(
  '--- a/f.c\n+++ b/f.c\n@@ -10,5 +10,6 @@\n one();\n two();\n-the_old_call(argument);\n+the_new_call(argument);\n+another_new_call();\n three();\n four();\n',
)

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
