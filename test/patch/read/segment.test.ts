import { describe, expect, it } from 'vitest'
import { MalformedPatch } from '../../../src/patch/read/malformed.ts'
import { segment } from '../../../src/patch/read/segment.ts'

const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('')
const BODY = ['@@ -1 +1 @@', '-a', '+b']
const NAMES = ['--- a/x', '+++ b/x']

function faultIn(bytes: string): { line: number; message: string } | null {
  try {
    segment(bytes)
    return null
  } catch (error) {
    if (!(error instanceof MalformedPatch)) throw error
    expect(error.hint).not.toBe('')
    return { line: error.line, message: error.message }
  }
}

describe('segment', () => {
  it('cuts a mail into its header and one section per file, and drops the signature', () => {
    const header = text(
      'From: Ann <ann@example.org>',
      'Subject: [PATCH] do it',
      '',
      '---',
      ' x | 2 +-',
      ' y | 2 +-',
      '',
    )
    const first = ['diff --git a/x b/x', 'index 7898192..6178079 100644', ...NAMES, ...BODY]
    const second = ['diff --git a/y b/y', '--- a/y', '+++ b/y', ...BODY, '-- ', '2.39.5', '']
    const { sections, ...rest } = segment(header + text(...first, ...second))
    expect(rest.header).toBe(header)
    expect(sections).toMatchObject([
      {
        line: 8,
        preamble: ['diff --git a/x b/x', 'index 7898192..6178079 100644'],
        oldName: 'a/x',
        newName: 'b/x',
        hunks: [{ line: 12, lines: BODY, missingContext: 0 }],
        binary: null,
        binaryStub: false,
      },
      {
        line: 15,
        preamble: ['diff --git a/y b/y'],
        oldName: 'a/y',
        newName: 'b/y',
        hunks: [{ line: 18, lines: BODY, missingContext: 0 }],
        binary: null,
        binaryStub: false,
      },
    ])
  })

  it.each([
    ['an empty file', ''],
    ['plain text', text('just words')],
    ['a line of prose that begins with diff', text('diff -u shows it', 'and that is all')],
    ['a diff stat and separators', text('---', ' x | 2 +-', '--- old', 'Index: of words', '***')],
    ['an indented diff', text(' --- a/x', ' +++ b/x', ' @@ -1 +1 @@', ' -a', ' +b')],
  ])('finds no section in %s', (_, bytes) => {
    expect(segment(bytes)).toEqual({ header: bytes, sections: [] })
  })

  it.each([
    ['git', ['diff --git a/x b/x', ...NAMES], 'a/x', 'b/x'],
    ['Mercurial', ['diff -r 0123456789ab -r 9876543210fe x', '--- a/x\tWed Jun 19 2013', '+++ b/x\tThu'], 'a/x', 'b/x'],
    ['quilt', ['Index: xen/x', '='.repeat(67), '--- xen.orig/x', '+++ xen/x'], 'xen.orig/x', 'xen/x'],
    ['Subversion', ['Index: x', '='.repeat(67), '--- x\t(revision 1)', '+++ x\t(working copy)'], 'x', 'x'],
    ['CVS', ['Index: x', '='.repeat(67), 'RCS file: /cvs/x,v', 'diff -u -r1.2 x', '--- x\t1 Jan', '+++ x'], 'x', 'x'],
    [
      'diff -ru',
      ['diff -ru old/x new/x', '--- old/x\t2013-06-19 10:11:12.000000000 +0100', '+++ new/x'],
      'old/x',
      'new/x',
    ],
    ['no first line', NAMES, 'a/x', 'b/x'],
    ['/dev/null', ['--- /dev/null\t1970-01-01', '+++ b/x'], '/dev/null', 'b/x'],
    ['a time after blanks', ['--- a/x  2013-06-19 10:11:12.5 +0100', '+++ b/x 2013-06-19 10:11:12'], 'a/x', 'b/x'],
    ['names with blanks', ['--- a/x y\t', '+++ b/x y\t'], 'a/x y', 'b/x y'],
    [
      'a date in the name',
      ['--- a/log 2013-06-19.txt', '+++ b/log 2013-06-19.txt'],
      'a/log 2013-06-19.txt',
      'b/log 2013-06-19.txt',
    ],
    ['quoted names', ['--- "a/\\303\\244"', '+++ "b/\\303\\244"'], '"a/\\303\\244"', '"b/\\303\\244"'],
    ['CRLF', ['--- a/x\r', '+++ b/x\r'], 'a/x', 'b/x'],
    [
      'a name in UTF-8 that ends in the byte A0',
      ['--- a/voil\xc3\xa0', '+++ b/voil\xc3\xa0'],
      'a/voil\xc3\xa0',
      'b/voil\xc3\xa0',
    ],
  ])('reads the names of a section as %s writes them', (_, lines, oldName, newName) => {
    expect(segment(text(...lines, ...BODY)).sections).toMatchObject([{ oldName, newName, hunks: [{ lines: BODY }] }])
  })

  it.each([
    ['an empty context line that lost its blank', ['@@ -1,3 +1,3 @@', ' a', '', '-b', '+c']],
    ['an empty CRLF context line that lost its blank', ['@@ -1,2 +1,2 @@', '\r', '-b\r', '+c\r']],
    [
      'removed and added lines that look like names',
      ['@@ -1,2 +1,2 @@', '--- a/y', '+++ b/y', '-@@ -1 +1 @@', '+@@ -1 +1 @@'],
    ],
    ['a line of one dash pair', ['@@ -1,2 +1 @@', ' a', '--']],
    ['git’s marker', ['@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+b', '\\ No newline at end of file']],
    ['diff’s marker in German', ['@@ -1 +1 @@', '-a', '+b', '\\ Kein Zeilenumbruch am Dateiende.']],
    ['a marker with CRLF', ['@@ -1 +1 @@\tf()', '-a', '\\ No newline at end of file\r', '+b']],
    ['NUL and Latin-1', ['@@ -1 +1 @@', '-a\0\xfc', '+\xff\0']],
    ['only additions', ['@@ -0,0 +1,2 @@', '+a', '+b']],
  ])('takes %s as part of the hunk', (_, hunk) => {
    const next = ['diff --git a/y b/y', '--- a/y', '+++ b/y', ...BODY]
    expect(segment(text(...NAMES, ...hunk, ...next)).sections.map((section) => section.hunks[0]?.lines)).toEqual([
      hunk,
      BODY,
    ])
  })

  it('takes text between and after sections, and hunks without text between them', () => {
    const bytes = text(
      ...NAMES,
      ...BODY,
      '@@ -9 +9 @@ f()',
      '-c',
      '+d',
      '',
      'some words',
      '--- a/y',
      '+++ b/y',
      ...BODY,
      'bye',
    )
    const { sections } = segment(bytes)
    expect(sections.map((section) => [section.line, section.hunks.map((hunk) => hunk.line)])).toEqual([
      [1, [3, 6]],
      [11, [13]],
    ])
  })

  it('reads the last line of a file that has no line feed at its end', () => {
    const lines = [...NAMES, '@@ -1,2 +1,2 @@', '-a', '+b', ' c']
    expect(segment(lines.join('\n'))).toEqual(segment(text(...lines)))
  })

  it.each([
    ['--', '-- ', '2.39.5'],
    ['an empty line', ''],
    ['words', 'words'],
    ['more context without a change', ' c'],
    ['a CRLF signature', '-- \r', '2.39.5\r'],
  ])('ends a hunk before %s', (_, ...after) => {
    expect(segment(text(...NAMES, ...BODY, ...after)).sections).toMatchObject([{ hunks: [{ lines: BODY }] }])
  })

  it.each([
    [1, ['@@ -1,3 +1,3 @@', '-a', '+b', ' c']],
    [2, ['@@ -1,4 +1,4 @@', '-a', '+b', ' c']],
  ])(
    'accepts %i lines of context that were chopped off the end of the file, as patch(1) does',
    (missingContext, hunk) => {
      expect(segment(text(...NAMES, ...hunk)).sections).toMatchObject([{ hunks: [{ lines: hunk, missingContext }] }])
    },
  )

  it('reads binary data both ways, and goes on behind it', () => {
    const data = ['literal 3', 'KcmZQz0ssA', '', 'delta 2', 'JcmZ', '']
    const first = ['diff --git a/p b/p', 'index 1234567..89abcde 100644', 'GIT binary patch', ...data]
    const { sections } = segment(text(...first, 'diff --git a/x b/x', ...NAMES, ...BODY))
    expect(sections).toMatchObject([
      { binary: data, hunks: [] },
      { binary: null, oldName: 'a/x' },
    ])
  })

  it('knows a binary file whose content is left out', () => {
    const git = ['diff --git a/p b/p', 'index 1234567..89abcde 100644', 'Binary files a/p and b/p differ']
    expect(segment(text(...git, ...NAMES, ...BODY)).sections).toMatchObject([
      { binaryStub: true },
      { binaryStub: false },
    ])
  })

  const SHORT = 'the hunk is shorter than its header "@@ -1,4 +1,4 @@" says: the file is cut off or was edited by hand'
  const sums = (header: string) => `the hunk's lines do not add up to its header "${header}"`
  const long = (line: number, header: string) =>
    `the hunk that begins in line ${line} has more lines than its header "${header}" says; git and patch would leave them out silently`

  it.each([
    ['cut off in its change', ['@@ -1,4 +1,4 @@', ' a', '-b', '+c'], 3, SHORT],
    ['cut off by more than two lines', ['@@ -1,4 +1,4 @@', ' a'], 3, SHORT],
    ['short of a removed line', ['@@ -1,4 +1,4 @@', ' a', '+b', ' c', ' d'], 3, SHORT],
    ['empty', ['@@ -1,4 +1,4 @@'], 3, SHORT],
    [
      'short in the middle of the file',
      ['@@ -1,4 +1,4 @@', ' a', '-b', '+c', ' d', 'diff --git a/y b/y', '--- a/y', '+++ b/y', ...BODY],
      3,
      SHORT,
    ],
    [
      'short in front of the next hunk',
      ['@@ -1,4 +1,4 @@', ' a', '-b', '+c', ' d', '@@ -9 +9 @@', '-e', '+f'],
      3,
      SHORT,
    ],
    ['with more old lines than new ones are left', ['@@ -1,1 +1,2 @@', '-a', '-b', '+c'], 3, sums('@@ -1,1 +1,2 @@')],
    ['with one more added line', ['@@ -1 +1 @@', '-a', '+b', '+c'], 6, long(3, '@@ -1 +1 @@')],
    ['with one more removed line', ['@@ -1 +1 @@', '-a', '+b', '-c'], 6, long(3, '@@ -1 +1 @@')],
    ['with one more change behind context', ['@@ -1 +1 @@', '-a', '+b', ' c', ' d', '+e'], 6, long(3, '@@ -1 +1 @@')],
    ['with one more change behind an empty line', ['@@ -1 +1 @@', '-a', '+b', '', '+e'], 6, long(3, '@@ -1 +1 @@')],
    ['with one more removed line "- item"', ['@@ -1 +1 @@', '-a', '+b', '-- item'], 6, long(3, '@@ -1 +1 @@')],
    ['with more lines, as second hunk', [...BODY, '@@ -9 +9 @@ f()', '-c', '+d', '+e'], 9, long(6, '@@ -9 +9 @@ f()')],
    [
      'with the marker first',
      ['@@ -1 +1 @@', '\\ No newline at end of file', '-a', '+b'],
      4,
      '"\\ No newline" before any line of the hunk',
    ],
    ['of no file', [...BODY, 'words', '@@ -9 +9 @@', '-c', '+d'], 7, 'a hunk that belongs to no file'],
  ])('refuses a hunk %s', (_, lines, line, message) => {
    expect(faultIn(text(...NAMES, ...lines))).toEqual({ line, message })
  })

  it.each([
    ['behind a diff line', ['diff --git a/x b/x', ...NAMES, '@@ -1,3 +1,'], 4, 'no hunk header: "@@ -1,3 +1,"'],
    ['without a diff line', [...NAMES, '@@ -1,3 +1,', ' a', '-b', '+c'], 3, 'no hunk header: "@@ -1,3 +1,"'],
    [
      'in a later section',
      [...NAMES, ...BODY, 'words', '--- a/y', '+++ b/y', '@@ -1,3 +1,', ' a'],
      9,
      'no hunk header: "@@ -1,3 +1,"',
    ],
    [
      'of a merge',
      ['diff --cc x', 'index 1234567,2345678..3456789', ...NAMES, '@@@ -1 -1 +1 @@@', '--a', '++b'],
      5,
      'no hunk header: "@@@ -1 -1 +1 @@@"',
    ],
    ['that is missing', ['diff --git a/x b/x', ...NAMES, 'words'], 4, 'names a file but has no hunk for it'],
  ])('refuses a hunk header %s', (_, lines, line, message) => {
    expect(faultIn(text(...lines))).toEqual({ line, message })
  })

  it('refuses an endless header line', () => {
    const bytes = text('diff --git a/x b/x', `rename from ${'x'.repeat(1 << 20)}`)
    expect(faultIn(bytes)).toEqual({ line: 2, message: 'a header line of over 1 MiB' })
  })

  it('refuses lines without end', () => {
    const bytes = text(...NAMES, '@@ -0,0 +1,2000000 @@') + '+\n'.repeat(2_000_000)
    expect(faultIn(bytes)).toEqual({ line: 2_000_000, message: 'more than 2000000 lines' })
  })

  it('refuses words without end in front of a diff', () => {
    const bytes = text('word '.repeat(1 << 20), ...NAMES, '@@ -1 +1 @@', '-a', '+b')
    expect(faultIn(bytes)).toEqual({ line: 1, message: 'words of over 4 MiB in front of the diff' })
  })

  it('does not take a context diff for a file without a diff', () => {
    const hunk = ['***************', '*** 1 ****', '! a', '--- 1 ----', '! b']
    expect(faultIn(text('*** a/x\t2013-06-19', '--- b/x\t2013-06-20', ...hunk))).toMatchObject({ line: 1 })
  })
})
