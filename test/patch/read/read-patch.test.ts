import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromBytes, splitLines, toBytes } from '../../../src/model/bytes.ts'
import { type FileChange, type Hunk, type Patch, pathsOf } from '../../../src/model/patch.ts'
import { unsafePath } from '../../../src/model/paths.ts'
import { type Listing, readPatch } from '../../../src/patch/read/read-patch.ts'

const LISTING: Listing = {
  name: 'x.patch',
  section: '',
  owner: null,
  comment: null,
  strip: 1,
  reversed: false,
  directory: '',
  listed: null,
}
const BODY = ['@@ -1 +1 @@', '-a', '+b']
const MODE_ONLY = ['old mode 100644', 'new mode 100755']

const text = (lines: string[]) => lines.map((line) => `${line}\n`).join('')
const read = (bytes: string | Uint8Array, listing: Partial<Listing> = {}): Patch =>
  readPatch({ ...LISTING, ...listing }, 7, typeof bytes === 'string' ? toBytes(bytes) : bytes)
const readLines = (lines: string[], listing: Partial<Listing> = {}) => read(text(lines), listing)

function filesOf(patch: Patch): FileChange[] {
  if (patch.content.kind === 'unreadable') throw new Error(patch.content.problem.message)
  return patch.content.files
}

function problemOf(patch: Patch): { line: number | null; message: string } | null {
  if (patch.content.kind === 'readable') return null
  const { file, hint, ...problem } = patch.content.problem
  expect(file).toBe('x.patch')
  expect(hint).not.toBe('')
  expect(patch).toMatchObject({ added: 0, removed: 0, files: 0 })
  return problem
}

function hunksOf(change: FileChange): Hunk[] {
  if (change.body.kind !== 'text') throw new Error(`a ${change.body.kind}`)
  return change.body.hunks
}

/** Both sides of a file, made of its old content and its hunks. */
function sidesOf(old: string, hunks: Hunk[]): { old: string; new: string } {
  const lines = splitLines(old)
  const sides = { old: '', new: '' }
  let at = 0
  for (const hunk of hunks) {
    const start = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1
    const untouched = lines.slice(at, start).join('')
    const newStart = splitLines(sides.new + untouched).length + (hunk.newCount === 0 ? 0 : 1)
    expect(hunk.newStart).toBe(newStart)
    const side = (other: string) => hunk.lines.filter((line) => line.kind !== other).map((line) => line.text)
    sides.old += untouched + side('add').join('')
    sides.new += untouched + side('remove').join('')
    at = start + hunk.oldCount
  }
  const rest = lines.slice(at).join('')
  return { old: sides.old + rest, new: sides.new + rest }
}

describe('readPatch', () => {
  it('says everything of a patch', () => {
    const diff = ['diff --git a/d/x.c b/d/x.c', 'index 7898192..6178079 100755', '--- a/d/x.c', '+++ b/d/x.c']
    const bytes = text(['Subject: [PATCH] it', '', ...diff, '@@ -3,2 +3,3 @@ int main(void)', ' a', '-b', '+c', '+d'])
    const listing = { ...LISTING, section: 'Debt', owner: 'ann', comment: 'ann - 1' }
    expect(readPatch(listing, 7, toBytes(bytes))).toMatchObject({
      ...listing,
      position: 7,
      digest: createHash('sha256').update(bytes).digest('hex'),
      subject: 'it',
      author: null,
      added: 2,
      removed: 1,
      files: 1,
      bytes: toBytes(bytes),
      header: { style: 'mail', text: 'Subject: [PATCH] it\n\n' },
      warnings: [],
      content: {
        kind: 'readable',
        files: [
          {
            operation: 'modify',
            oldPath: 'd/x.c',
            newPath: 'd/x.c',
            writtenPath: 'b/d/x.c',
            oldMode: null,
            newMode: null,
            plain: null,
            mail: 0,
            oldBlob: '7898192',
            newBlob: '6178079',
            body: {
              kind: 'text',
              hunks: [
                {
                  oldStart: 3,
                  oldCount: 2,
                  newStart: 3,
                  newCount: 3,
                  context: 'int main(void)',
                  line: 7,
                  lines: [
                    { kind: 'context', text: 'a\n' },
                    { kind: 'remove', text: 'b\n' },
                    { kind: 'add', text: 'c\n' },
                    { kind: 'add', text: 'd\n' },
                  ],
                },
              ],
            },
          },
        ],
      },
    })
  })

  it('passes on the problem of a file that could not be opened', () => {
    const problem = { file: 'series', line: 3, message: 'no such file', hint: 'add it' }
    expect(readPatch({ ...LISTING, name: 'backport-4a1fb2c.patch' }, 1, problem)).toMatchObject({
      content: { kind: 'unreadable', problem },
      added: 0,
      files: 0,
      header: { style: 'none', references: [{ from: 'name', sha: '4a1fb2c' }] },
    })
  })

  it.each([
    ['', 1, 'the file is empty'],
    ['only words', 1, 'no diff, and the last line has no end: the file was cut off'],
    [
      'Words.\n\nSigned-off-by: Ann <a@x>\n',
      3,
      'the tags of a patch, and no diff: the file was cut off, or never had one',
    ],
    [
      'From: Ann <a@x>\nSubject: it\n\nWords.\n',
      1,
      'the fields of a patch, and no diff: the file was cut off, or never had one',
    ],
    ['Words.\n---\n', 2, 'a trace of a diff, and no diff: the file was cut off, or never had one'],
    ['Words.\n x.c | 2 +-\n', 2, 'a trace of a diff, and no diff: the file was cut off, or never had one'],
    ['Words.\n\ndiff --git a/x\n', 3, 'a trace of a diff, and no diff: the file was cut off, or never had one'],
  ])('takes %j for damaged, not for empty', (bytes, line, message) => {
    expect(problemOf(read(bytes))).toEqual({ line, message })
  })

  it('takes no line of a hunk for a header that was cut off', () => {
    const [change] = filesOf(read(text(['--- a/x', '+++ /dev/null', '@@ -1 +0,0 @@', '--- x'])))
    expect(change && hunksOf(change)[0]?.lines).toEqual([{ kind: 'remove', text: '-- x\n' }])
  })

  it('takes a last line that only begins a file for a cut, and a file that is made of nothing for a sign of one', () => {
    const diff = text(['diff -r 1234 x', '--- a/x', '+++ b/x', ...BODY])
    expect(problemOf(read(`${diff}diff -r 1234 y\n`))).toMatchObject({ line: 7 })
    const git = text(['diff --git a/x b/x', 'index 7898192..6178079 100644', '--- a/x', '+++ b/x', ...BODY])
    const made = text(['diff --git a/y b/y', 'new file mode 100644'])
    expect(read(git + made).warnings).toMatchObject([
      { line: 8, message: 'the last file is made, and nothing says what of' },
    ])
    expect(read(`${git}${made}index 0000000..e69de29\n`).warnings).toEqual([])
    expect(read(made).warnings).toEqual([])
  })

  it('warns where a diff may be cut off', () => {
    const whole = text([
      'Words.',
      '---',
      ' x | 2 +-',
      ' y | 2 +-',
      ' 2 files changed, 2 insertions(+), 2 deletions(-)',
      '',
    ])
    const diff = text(['--- a/x', '+++ b/x', ...BODY])
    const other = text(['--- a/y', '+++ b/y', ...BODY])
    expect(read(whole + diff + other).warnings).toEqual([])
    expect(read(whole + diff).warnings).toMatchObject([{ line: 5, message: 'announces 2 files, and has 1' }])
    expect(read(diff.slice(0, -1)).warnings).toMatchObject([{ line: 5, message: 'the last line has no line feed' }])
    expect(read(`${diff}-- \n2.40`).warnings).toEqual([])
  })

  it.each(['only words\n', `From ${'1'.repeat(40)} Mon Sep 17 00:00:00 2001\nSubject: it\n\n-- \n2.40\n`])(
    'reads %j as a patch that changes nothing',
    (bytes) => {
      expect(read(bytes)).toMatchObject({ content: { kind: 'readable', files: [] }, added: 0, removed: 0, files: 0 })
    },
  )

  it('keeps the header of a patch whose changes are unsafe', () => {
    expect(readLines(['Subject: it', '', '--- a/x', '+++ b/.git/x', ...BODY])).toMatchObject({ subject: 'it' })
  })
})

describe('the files of a patch', () => {
  const git = (name: string, ...lines: string[]) => [`diff --git a/${name} b/${name}`, ...lines]

  it.each([
    [
      'a mode',
      git('x', ...MODE_ONLY),
      { operation: 'modify', oldPath: 'x', newPath: 'x', oldMode: '100644', newMode: '100755' },
    ],
    [
      'an empty new file',
      git('x', 'new file mode 100644', 'index 0000000..e69de29'),
      { operation: 'create', oldPath: null, newPath: 'x', oldBlob: null, newBlob: 'e69de29' },
    ],
    [
      'an empty file gone',
      git('x', 'deleted file mode 100755', 'index e69de29..0000000'),
      { operation: 'delete', oldPath: 'x', newPath: null, oldMode: '100755', newBlob: null },
    ],
    [
      'a new file',
      git('x', 'new file mode 120000', '--- /dev/null', '+++ b/x', '@@ -0,0 +1 @@', '+a'),
      { operation: 'create', oldPath: null, newPath: 'x', newMode: '120000' },
    ],
    [
      'a file gone',
      git('x', 'deleted file mode 100644', '--- a/x', '+++ /dev/null', '@@ -1 +0,0 @@', '-a'),
      { operation: 'delete', oldPath: 'x', newPath: null },
    ],
    [
      'a rename',
      git('x', 'similarity index 100%', 'rename from d/x', 'rename to e/y'),
      { operation: 'rename', oldPath: 'd/x', newPath: 'e/y' },
    ],
    [
      'a rename with quoted names',
      git('x', 'rename from "d/\\303\\244"', 'rename to y'),
      { operation: 'rename', oldPath: 'd/\xc3\xa4', newPath: 'y' },
    ],
    [
      'a copy with changes',
      git('x', 'copy from x', 'copy to y', '--- a/x', '+++ b/y', ...BODY),
      { operation: 'copy', oldPath: 'x', newPath: 'y' },
    ],
    [
      'a CRLF rename',
      ['diff --git a/x b/y\r', 'rename from x\r', 'rename to y\r'],
      { operation: 'rename', oldPath: 'x', newPath: 'y' },
    ],
    ['a mode of a name with blanks', git('x y/z', ...MODE_ONLY), { oldPath: 'x y/z', newPath: 'x y/z' }],
    [
      'a mode of a quoted name',
      ['diff --git "a/\\303\\244 \\"" "b/\\303\\244 \\""', ...MODE_ONLY],
      { newPath: '\xc3\xa4 "' },
    ],
    [
      'quoted names',
      ['--- "a/\\303\\244"', '+++ "b/\\303\\244"', ...BODY],
      { oldPath: '\xc3\xa4', newPath: '\xc3\xa4' },
    ],
    ['a group-writable mode', git('x', 'new file mode 100664', 'index 0000000..e69de29'), { newMode: '100644' }],
    ['quilt’s .orig directory', ['--- xen.orig/d/x', '+++ xen/d/x', ...BODY], { operation: 'modify', newPath: 'd/x' }],
    ['a .orig file', ['--- a/x.c.orig', '+++ a/x.c', ...BODY], { oldPath: 'x.c', newPath: 'x.c' }],
    [
      'a new file of diff -N',
      ['--- a/x\t1970-01-01 00:00:00.000000000 +0000', '+++ b/x\t2013-06-19', '@@ -0,0 +1 @@', '+a'],
      { operation: 'create', oldPath: null, newPath: 'x' },
    ],
    [
      'a file gone by diff -N',
      ['--- a/x\t2013-06-19', '+++ b/x\t1970-01-01 00:00:00.000000000 +0000', '@@ -1 +0,0 @@', '-a'],
      { operation: 'delete', oldPath: 'x', newPath: null },
    ],
    [
      'a file that git emptied',
      git('x', 'index 7898192..e69de29 100644', '--- a/x', '+++ b/x', '@@ -1 +0,0 @@', '-a'),
      { operation: 'modify', newPath: 'x' },
    ],
    [
      'an empty file that git filled',
      git('x', 'index e69de29..7898192 100644', '--- a/x', '+++ b/x', '@@ -0,0 +1 @@', '+a'),
      { operation: 'modify', oldPath: 'x' },
    ],
  ])('tell %s', (_, lines, change) => expect(filesOf(readLines(lines))).toMatchObject([change]))

  it.each([
    [0, ['--- src/x', '+++ src/x', ...BODY], 'src/x', 'src/x'],
    [0, ['--- ./src/x', '+++ ./src/x', ...BODY], 'src/x', './src/x'],
    [1, ['--- ./src/x', '+++ ./src/x', ...BODY], 'src/x', './src/x'],
    [2, ['--- old/a/x', '+++ new/a/x', ...BODY], 'x', 'new/a/x'],
    [0, ['diff --git x x', ...MODE_ONLY], 'x', 'x'],
    [2, git('d/x', 'rename from d/w', 'rename to d/x'), 'x', 'd/w'],
  ])('follow -p%i', (strip, lines, newPath, writtenPath) => {
    expect(filesOf(readLines(lines, { strip }))).toMatchObject([{ newPath, writtenPath }])
  })

  it.each([
    '2020-04-02 16:00:00.000000000 -0800',
    '2020-04-02 16:00:00 -08:00',
    '2024-01-01 10:00',
    'Thu Mar 21 12:34:45 2024',
    '1 Jan 2004 10:00:00 -0000 1.5',
    '(revision 41)',
    '(working copy)',
  ])('end before the date "%s", behind a tab or where that became a blank', (stamp) => {
    for (const gap of ['\t', ' ', '   '])
      for (const name of ['x.c', 'my x.c'])
        expect(
          filesOf(readLines([`--- a/${name}${gap}${stamp}`, `+++ b/${name}${gap}${stamp}`, ...BODY])),
        ).toMatchObject([{ oldPath: name, newPath: name }])
  })

  it.each([
    ['--- a/x\t2020-01-01 00:00:00 +0000', '+++ b/x\t1970-01-01 01:00:00 +0100'],
    ['--- a/x', '+++ b/x\tThu Jan  1 01:00:00 1970'],
    ['--- a/x', '+++ b/x\tWed Dec 31 16:00:00 1969'],
    ['--- a/x\t(revision 3)', '+++ b/x\t(nonexistent)'],
    ['--- a/x', '+++ b/dev/null'],
    ['--- a/x', '+++ /dev/null'],
  ])('say in "%s", "%s" that the file goes', (before, after) => {
    expect(filesOf(readLines([before, after, '@@ -1 +0,0 @@', '-a']))).toMatchObject([
      { operation: 'delete', oldPath: 'x', newPath: null },
    ])
  })

  it('are left open in a plain diff, and not in git’s', () => {
    const [plain] = filesOf(readLines(['--- trees-1.0/docs/x', '+++ docs/x', ...BODY]))
    expect(plain?.plain).toEqual({ names: ['x', 'docs/x'], mayExist: false })
    const [top] = filesOf(readLines(['--- a/x', '+++ b/x', '@@ -0,0 +1 @@', '+a']))
    expect(top).toMatchObject({ operation: 'create', plain: { names: ['x'], mayExist: true } })
    const [stamped] = filesOf(readLines(['--- a/x\t1970-01-01 00:00:00 +0000', '+++ b/x', '@@ -0,0 +1 @@', '+a']))
    expect(stamped).toMatchObject({ operation: 'create', plain: { mayExist: false } })
    expect(filesOf(readLines(git('x', 'index 1234567..89abcde 100755', '--- a/x', '+++ b/x', ...BODY)))).toMatchObject([
      { plain: null, oldMode: null, newMode: null },
    ])
  })

  it('keep CRLF, Latin-1, NUL and blanks as they are', () => {
    const [change] = filesOf(
      readLines(['--- a/x', '+++ b/x', '@@ -1,4 +1,4 @@', ' \r', '', '-a\0\xfc \r', '+\t\xff\r', ' \x85\xa0']),
    )
    expect(change && hunksOf(change)[0]?.lines).toEqual([
      { kind: 'context', text: '\r\n' },
      { kind: 'context', text: '\n' },
      { kind: 'remove', text: 'a\0\xfc \r\n' },
      { kind: 'add', text: '\t\xff\r\n' },
      { kind: 'context', text: '\x85\xa0\n' },
    ])
  })

  it('take context that begins with a tab for context whose blank was lost, and say so', () => {
    const patch = readLines(['--- a/x', '+++ b/x', '@@ -1,3 +1,3 @@', '\ta', '-b', '+c', '', '-- ', '2.40'])
    expect(patch.warnings).toMatchObject([{ line: 3, message: expect.stringContaining('1 lines of context') }])
    const [change] = filesOf(patch)
    expect(change && hunksOf(change)[0]?.lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      ...['context \ta\n', 'remove b\n', 'add c\n', 'context \n'],
    ])
  })

  it('count the mails that they are in', () => {
    const sha = '1'.repeat(40)
    const mail = (subject: string, name: string) => [
      ...[`From ${sha} Mon Sep 17 00:00:00 2001`, 'From: Ann <a@x>', `Subject: ${subject}`, '', '---'],
      ...[`--- a/${name}`, `+++ b/${name}`, ...BODY, '-- ', '2.40', ''],
    ]
    expect(filesOf(readLines([...mail('one', 'x'), ...mail('two', 'y')])).map(({ mail: at }) => at)).toEqual([0, 1])
    const half = ['From: Ann <a@x>', 'Subject: two', '', '--- a/y', '+++ b/y', ...BODY]
    expect(filesOf(readLines([...mail('one', 'x'), ...half])).map(({ mail: at }) => at)).toEqual([0, 1])
  })

  it.each([
    ['Binary files a.o and b.o differ', '', 'More words.'],
    ['Index: of all things', '====================', '--- before', 'and after'],
    ['@@ -1,3 +1,3 @@ is how it begins', 'and so on'],
  ])('are not made of words in a description: %j', (...words) => {
    const patch = readLines([
      'Subject: it',
      '',
      ...words,
      '',
      '--- a/x',
      '+++ b/x',
      ...BODY,
      '-- ',
      '2.40',
      '',
      ...words,
    ])
    expect(filesOf(patch).map(({ newPath }) => newPath)).toEqual(['x'])
  })

  it('are still made of what diff -r says of a file without its content', () => {
    const lines = ['--- a/x', '+++ b/x', ...BODY, 'Binary files a/y.o and b/y.o differ', '--- a/z', '+++ b/z', ...BODY]
    expect(filesOf(readLines(lines)).map(({ newPath }) => newPath)).toEqual(['x', 'y.o', 'z'])
  })

  it('pass over what svn says of properties', () => {
    const properties = ['', 'Property changes on: d', '___________________', 'Added: svn:ignore', '## -0,0 +1 ##', '+x']
    const only = ['Index: d', '===================', '--- d\t(revision 1)', '+++ d\t(working copy)', ...properties]
    const file = ['Index: d/x', '===================', '--- d/x\t(revision 1)', '+++ d/x\t(working copy)', ...BODY]
    const lines = (...sections: string[][]) =>
      filesOf(readLines(sections.flat(), { strip: 0 })).map(({ newPath }) => newPath)
    expect(lines(only, file)).toEqual(['d/x'])
    expect(lines(file, only)).toEqual(['d/x'])
    expect(lines(file, properties, file)).toEqual(['d/x', 'd/x'])
  })

  it.each(['\\ No newline at end of file', '\\ Kein Zeilenumbruch am Dateiende.', '\\ No newline at end of file\r'])(
    'know by "%s" which side lacks its last line feed',
    (marker) => {
      const [change] = filesOf(
        readLines([
          '--- a/x',
          '+++ b/x',
          '@@ -1,2 +1,2 @@',
          ' a',
          '-b',
          marker,
          '+b',
          'diff --git a/y b/y',
          ...MODE_ONLY,
        ]),
      )
      expect(change && sidesOf('a\nb', hunksOf(change))).toEqual({ old: 'a\nb', new: 'a\nb\n' })
    },
  )

  it('warn of context that was chopped off, and use the rest', () => {
    const patch = readLines(['--- a/x', '+++ b/x', '@@ -1,4 +1,4 @@', '-a', '+b', ' c'])
    expect(filesOf(patch)).toMatchObject([{ body: { hunks: [{ oldCount: 2, newCount: 2 }] } }])
    const message =
      'the hunk lacks 2 of its lines of context; used all the same, as patch(1) does (git apply calls it corrupt)'
    expect(patch.warnings).toMatchObject([{ file: 'x.patch', line: 3, message }])
  })

  it('hold binary data, or say that it is left out', () => {
    const index = 'index 1234567..89abcde 100644'
    const both = git('p', index, 'GIT binary patch', 'literal 3', 'KcmZQz0ssA', '', 'delta 2', 'JcmZ', '')
    const stub = git('q', index, 'Binary files a/q and b/q differ')
    expect(filesOf(readLines([...both, ...stub]))).toMatchObject([
      {
        newPath: 'p',
        body: {
          kind: 'binary',
          forward: { method: 'literal', size: 3, lines: ['KcmZQz0ssA'] },
          backward: { method: 'delta', size: 2, lines: ['JcmZ'] },
        },
      },
      { newPath: 'q', oldBlob: '1234567', body: { kind: 'binary-stub' } },
    ])
  })

  it('are told by the stub alone where diff -r writes nothing else', () => {
    const lines = ['Binary files a/p.png and b/p.png differ', 'diff -ru a/x b/x', '--- a/x', '+++ b/x', ...BODY]
    expect(filesOf(readLines(lines))).toMatchObject([
      { newPath: 'p.png', body: { kind: 'binary-stub' } },
      { newPath: 'x' },
    ])
  })

  it('are turned around by -R, last one first', () => {
    const lines = [
      ...git('x', 'index 7898192..6178079', '--- a/x', '+++ b/x', '@@ -1,2 +1 @@', '-a', '-b', '+c'),
      ...git('y', 'new file mode 100755', '--- /dev/null', '+++ b/y', '@@ -0,0 +1 @@', '+a'),
      ...git('z', 'rename from w', 'rename to z'),
      ...git(
        'p',
        'index 1234567..89abcde 100644',
        'GIT binary patch',
        'literal 3',
        'KcmZQz0ssA',
        '',
        'delta 2',
        'JcmZ',
        '',
      ),
    ]
    const patch = readLines(lines, { reversed: true })
    expect(patch).toMatchObject({ added: 2, removed: 2 })
    expect(filesOf(patch)).toMatchObject([
      { newPath: 'p', oldBlob: '89abcde', body: { forward: { method: 'delta' }, backward: { method: 'literal' } } },
      { operation: 'rename', oldPath: 'z', newPath: 'w' },
      { operation: 'delete', oldPath: 'y', newPath: null, oldMode: '100755', newMode: null },
      {
        operation: 'modify',
        oldBlob: '6178079',
        body: {
          hunks: [
            { oldCount: 1, newCount: 2, lines: [{ kind: 'add' }, { kind: 'add' }, { kind: 'remove', text: 'c\n' }] },
          ],
        },
      },
    ])
  })
})

describe('of two names', () => {
  it.each([
    ['work/kettle-1.2/src/lid.c', 'src/lid.c'],
    ['lid.c', 'work/kettle-1.2/lid.c'],
  ])('%j and %j, one that the strip level leaves nothing of is none', (one, other) => {
    const patch = readLines([`--- ${one}`, `+++ ${other}`, ...BODY], { strip: 2 })
    expect(pathsOf(patch)).toEqual([one.startsWith('work') ? 'src/lid.c' : 'lid.c'])
  })
})

describe('a patch that is refused', () => {
  const NAMES = ['--- a/x', '+++ b/x']
  const binary = (...lines: string[]) => ['diff --git a/p b/p', 'index 1234567..89abcde', 'GIT binary patch', ...lines]
  const LEAVES = 'the path leaves its directory'
  const GIT = 'the path leads into a .git directory'

  it.each([
    ['a/../x', `unsafe path a/../x: ${LEAVES}`],
    ['../x', `unsafe path ../x: ${LEAVES}`],
    ['a/d/../../x', `unsafe path a/d/../../x: ${LEAVES}`],
    ['"a/\\056\\056/x"', `unsafe path a/../x: ${LEAVES}`],
    ['/etc/passwd', 'unsafe path /etc/passwd: the path is absolute'],
    ['a/.git/hooks/post-checkout', `unsafe path a/.git/hooks/post-checkout: ${GIT}`],
    ['a/d/.GIT/config', `unsafe path a/d/.GIT/config: ${GIT}`],
    ['a/git~1/config', `unsafe path a/git~1/config: ${GIT}`],
    ['a/.g\xe2\x80\x8cit/config', `unsafe path a/.g\u200cit/config: ${GIT}`],
    ['"a/x\\000y"', 'unsafe path a/x\0y: the path holds a NUL'],
    ['x', 'wrong strip level: x has no component left after -p1'],
    ['"a/x', 'broken quoting in the file name "a/x'],
  ])('names %j', (name, message) => {
    const expected = { line: 2, message }
    expect(problemOf(readLines(['words', `--- ${name}`, `+++ ${name}`, ...BODY]))).toEqual(expected)
    expect(problemOf(readLines(['words', '--- /dev/null', `+++ ${name}`, '@@ -0,0 +1 @@', '+a']))).toEqual(expected)
    expect(problemOf(readLines(['words', `--- ${name}`, '+++ /dev/null', '@@ -1 +0,0 @@', '-a']))).toEqual(expected)
  })

  it.each(['rename', 'copy'])('would %s a file out of its directory', (verb) => {
    const lines = ['diff --git a/x b/y', `${verb} from x`, `${verb} to ../y`]
    expect(problemOf(readLines(lines))).toEqual({ line: 1, message: `unsafe path ../y: ${LEAVES}` })
    const back = ['diff --git a/x b/y', `${verb} from .git/x`, `${verb} to y`]
    expect(problemOf(readLines(back))).toEqual({ line: 1, message: `unsafe path .git/x: ${GIT}` })
  })

  it.each(['040000', '100666', '104755', 'x'])('sets the mode %s', (mode) => {
    const message = `file mode ${mode} is none that a patch may set`
    for (const field of ['old mode', 'new mode', 'new file mode', 'deleted file mode']) {
      expect(problemOf(readLines(['', 'diff --git a/x b/x', `${field} ${mode}`]))).toEqual({ line: 2, message })
    }
  })

  it.each([
    ['both sides /dev/null', ['--- /dev/null', '+++ /dev/null', '@@ -0,0 +1 @@', '+a'], 1, 'both sides are /dev/null'],
    ['no name', ['diff -r 1234567', 'index 1234567..89abcde'], 1, 'cannot tell which file is meant'],
    [
      'a hunk of context alone',
      [...NAMES, '@@ -1,2 +1,2 @@', ' a', ' b'],
      3,
      'a hunk of context alone: it changes nothing',
    ],
    ['a hunk of no lines', [...NAMES, ...BODY, '@@ -9,0 +9,0 @@', 'words'], 6, 'an empty hunk'],
    [
      'a hunk that is too long',
      [...NAMES, ...BODY, '+c'],
      6,
      'the hunk that begins in line 3 has more lines than its header "@@ -1 +1 @@" says; git and patch would leave them out silently',
    ],
    ['a huge literal', binary('literal 67108865', 'zcmZQz', ''), 1, 'binary content of 67108865 bytes'],
    ['an endless literal', binary('literal 99999999999999', 'zcmZQz', ''), 1, 'binary content of 99999999999999 bytes'],
    ['no binary data', binary('words'), 1, 'a binary patch without data'],
  ])('has %s', (_, lines, line, message) => expect(problemOf(readLines(lines))).toEqual({ line, message }))

  it.each([
    ['a copy', ['diff --git a/x b/y', 'copy from x', 'copy to y']],
    ['binary data without a way back', binary('literal 3', 'KcmZQz0ssA', '')],
  ])('is to be reversed and holds %s', (_, lines) => {
    const message = 'its series line says -R, but the patch cannot be turned around'
    expect(problemOf(readLines(lines, { reversed: true }))).toEqual({ line: 1, message })
    expect(problemOf(readLines(lines))).toBeNull()
  })

  const diff = text([...NAMES, ...BODY])
  const mail = (encoding: string) => `From: Ann <a@x>\nContent-Transfer-Encoding: ${encoding}\n\n`
  const ENCODED = 'the mail is encoded in transfer, patch(1) cannot read it'
  it.each([
    ['gzip', gzipSync(diff), 'the patch is compressed'],
    ['bzip2', Buffer.from('BZh91AY&SY'), 'the patch is compressed'],
    ['xz', Buffer.from('fd377a585a00', 'hex'), 'the patch is compressed'],
    ['UTF-16', Buffer.from(`\ufeff${diff}`, 'utf16le'), 'the patch is UTF-16 text'],
    ['UTF-16, big end first', Buffer.from(`\ufeff${diff}`, 'utf16le').swap16(), 'the patch is UTF-16 text'],
    ['a base64 mail', Buffer.from(mail('base64') + Buffer.from(diff).toString('base64')), ENCODED],
    [
      'a quoted-printable mail',
      Buffer.from(`${mail('Quoted-Printable')}${diff.replace(/^\+.*$/m, '+x =3D 1;')}`),
      ENCODED,
    ],
    [
      'an HTML page',
      Buffer.from('\n<!DOCTYPE html>\n<html><pre>diff --git a/x b/x</pre></html>\n'),
      'an HTML page, no patch',
    ],
    ['lines that end in CR alone', Buffer.from(diff.replaceAll('\n', '\r')), 'lines end in CR alone'],
  ])('is %s', (_, bytes, message) => expect(problemOf(read(bytes))).toEqual({ line: 1, message }))

  it('is none of those for a mail in 8bit, or for HTML within the diff', () => {
    const lines = [
      ...NAMES,
      '@@ -1 +1,2 @@',
      '-Content-Transfer-Encoding: base64',
      '+<!DOCTYPE html>',
      '+Content-Transfer-Encoding: base64',
    ]
    expect(problemOf(read(mail('8bit') + text(lines)))).toBeNull()
  })
})

it('refuses a hunk without lines, whatever stands behind it', () => {
  const text = '--- a/f\n+++ b/f\n@@ -0,0 +0,0 @@\n\\ No newline at end of file\n'
  const { content } = readPatch(
    { name: 'p', section: '', owner: null, comment: null, strip: 1, reversed: false, directory: '', listed: null },
    1,
    Buffer.from(text),
  )
  expect(content).toMatchObject({ kind: 'unreadable', problem: { line: 3, message: 'an empty hunk' } })
})

describe('for every patch', () => {
  const awkward = ['', ' ', '-', '+', 'a', '}', '\tif', '-- x', '++ y', '@@ -1 +1 @@', '\\ No newline at end of file']
  const headers = [
    'diff --git a/x b/x',
    '--- a/x',
    '+++ b/x',
    'Index: x',
    'GIT binary patch',
    'rename to x',
    'crlf\r',
    'nul\0',
    '\xfc\x85\xa0',
  ]
  const anyLine = fc.oneof(
    fc.constantFrom(...awkward, ...headers),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => fromBytes(bytes).replaceAll('\n', '')),
  )

  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rebaseline-diff-'))
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  function git(args: string[], input = ''): Buffer {
    const env = { PATH: process.env.PATH, HOME: directory, GIT_CONFIG_NOSYSTEM: '1', GIT_CEILING_DIRECTORIES: tmpdir() }
    const { stdout, stderr, status } = spawnSync('git', args, { cwd: directory, env, input: toBytes(input) })
    if (status !== 0 && status !== 1) throw new Error(stderr.toString())
    return stdout
  }

  /**
   * What git writes where the files of a directory change from one content to the other; null: no
   * such file.
   */
  function diffOf(files: Map<string, Contents>, context: number): string {
    for (const side of ['old', 'new'] as const) {
      rmSync(join(directory, side), { recursive: true, force: true })
      mkdirSync(join(directory, side))
      for (const [name, contents] of files) {
        const path = join(directory, side, name)
        mkdirSync(dirname(path), { recursive: true })
        const content = contents[side]
        if (content !== null) writeFileSync(path, toBytes(content))
      }
    }
    const options = ['--no-index', '--text', '--no-prefix', '--no-renames', `-U${context}`]
    return fromBytes(git(['diff', ...options, 'old', 'new']))
  }

  interface Contents {
    old: string | null
    new: string | null
  }

  const contents: fc.Arbitrary<Contents> = fc
    .record({
      lines: fc.array(fc.tuple(anyLine, fc.constantFrom('both', 'both', 'both', 'old', 'new')), { maxLength: 25 }),
      cut: fc.constantFrom('', '', 'old', 'new', 'both'),
      missing: fc.constantFrom('', '', '', 'old', 'new'),
    })
    .map(({ lines, cut, missing }) => {
      const side = (which: string) => {
        if (missing === which) return null
        const content = text(lines.filter(([, on]) => on === 'both' || on === which).map(([line]) => line))
        return cut === 'both' || cut === which ? content.slice(0, -1) : content
      }
      return { old: side('old'), new: side('new') }
    })
  const NAMES = ['x.c', 'd/x.c', 'with blank.c', 'café.c', 'quo"te', 'back\\slash', 'tab\t', '-dash', ' b']
  const tree = fc.array(contents, { minLength: 1, maxLength: NAMES.length }).map((list) => {
    return new Map(list.map((item, index) => [NAMES[index] ?? '', item]))
  })

  it('that git diff writes, the hunks make one file of the other, both ways, and count as git apply counts', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 0, max: 4 }), (files, context) => {
        const diff = diffOf(files, context)
        fc.pre(diff !== '')
        const changes = filesOf(read(diff))
        const turned = filesOf(read(diff, { reversed: true })).reverse()
        const changed = [...files].filter(([, file]) => file.old !== file.new)
        const inBytes = (name: string) => fromBytes(Buffer.from(name))
        expect(changes.map((change) => change.newPath ?? change.oldPath).sort()).toEqual(
          changed.map(([name]) => inBytes(name)).sort(),
        )
        for (const [name, file] of changed) {
          const index = changes.findIndex((change) => (change.newPath ?? change.oldPath) === inBytes(name))
          const [change, back] = [changes[index], turned[index]]
          if (!change || !back) throw new Error(name)
          expect(change.operation).toBe(file.old === null ? 'create' : file.new === null ? 'delete' : 'modify')
          expect(sidesOf(file.old ?? '', hunksOf(change))).toEqual({ old: file.old ?? '', new: file.new ?? '' })
          expect(sidesOf(file.new ?? '', hunksOf(back))).toEqual({ old: file.new ?? '', new: file.old ?? '' })
        }
        const counts = changes.map((change) => {
          const lines = hunksOf(change).flatMap((hunk) => hunk.lines)
          const count = (kind: string) => lines.filter((line) => line.kind === kind).length
          return `${count('add')}\t${count('remove')}\t${change.newPath ?? change.oldPath}\0`
        })
        expect(counts.join('')).toBe(fromBytes(git(['apply', '--numstat', '-z'], diff)))
      }),
      { numRuns: 60 },
    )
  })

  const SAMPLE = [
    'diff --git a/x b/x',
    'index 7898192..6178079 100644',
    '--- a/x',
    '+++ b/x',
    '@@ -1,3 +1,3 @@ f()',
    ' a',
    '-b',
    '+c',
    ' d',
    '@@ -8 +8,2 @@',
    '-e',
    '\\ No newline at end of file',
    '+e',
    '+f',
    'diff --git a/y b/z',
    'rename from y',
    'rename to z',
    'diff --git a/p b/p',
    'index 1234567..89abcde',
    'GIT binary patch',
    'literal 3',
    'KcmZQz0ssA',
    '',
  ]

  it('text in front of the diff changes none of its changes', () => {
    const words = [
      'diff of words',
      '--- ',
      '---',
      ' diff --git a/x b/x',
      'Index: of words',
      '-a',
      '+b',
      '***',
      'index 12..34',
      'From: a',
      '',
      'crlf\r',
      '\xfc',
      '\0',
    ]
    const withoutLines = (changes: FileChange[]) =>
      JSON.stringify(changes, (key, value) => (key === 'line' ? 0 : value))
    const plain = filesOf(readLines(SAMPLE))
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words)), (lines) => {
        const patch = readLines([...lines, ...SAMPLE])
        expect(patch.header.text).toBe(text(lines))
        expect(withoutLines(filesOf(patch))).toBe(withoutLines(plain))
        expect(hunksOf(filesOf(patch)[0] as FileChange)[0]?.line).toBe(5 + lines.length)
      }),
    )
  })

  it('however damaged: nothing is thrown, no path is unsafe, no hunk lies about its lines', () => {
    const evil = [
      '+++ b/../x',
      '--- /dev/null',
      '+++ b/.git/x',
      'rename to ../x',
      'new file mode 160000',
      '@@ -1,3 +1,4 @@',
      '@@ -0,0 +0,0 @@',
      'Binary files a and b differ',
    ]
    const edit = fc.record({
      at: fc.nat(SAMPLE.length),
      remove: fc.integer({ min: 0, max: 2 }),
      put: fc.array(fc.oneof(anyLine, fc.constantFrom(...evil)), { maxLength: 2 }),
    })
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 3 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 3 }),
        (edits, reversed, strip) => {
          const lines = [...SAMPLE]
          for (const { at, remove, put } of edits) lines.splice(at, remove, ...put)
          const patch = readLines(lines, { reversed, strip })
          for (const path of pathsOf(patch)) expect(unsafePath(path)).toBeNull()
          if (patch.content.kind === 'unreadable') {
            expect(patch.content.problem.line).toBeGreaterThan(0)
            expect(patch.content.problem.line).toBeLessThanOrEqual(lines.length + 1)
            return
          }
          const hunks = patch.content.files.flatMap((file) => (file.body.kind === 'text' ? file.body.hunks : []))
          for (const { oldCount, newCount, lines: body } of hunks) {
            expect(oldCount + newCount).toBeGreaterThan(0)
            expect(body.filter((line) => line.kind !== 'add')).toHaveLength(oldCount)
            expect(body.filter((line) => line.kind !== 'remove')).toHaveLength(newCount)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('of random bytes nothing is thrown', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => read(bytes).digest.length === 64))
  })
})

it.each([
  ['a normal diff', '2c2\n< old\n---\n> new\n'],
  ['a patch of darcs', '[Mend\nAnn <ann@example.org>**20090101000000\n] hunk ./x 1\n-old\n+new\n'],
  ['an ed script', '2c\nnew\n.\n5d\n'],
  ['a diff cut to pieces', 'Words.\n\n--- a/x\n+++ b/x\n'],
  ['a stub of hg', 'Binary file p.png has changed\n'],
  ['an ed script of one command behind an Index line', 'Index: x\n1c\nED\n.\n'],
])('%s is no empty patch', (_, text) => {
  const patch = readPatch(
    { name: 'x', section: '', owner: null, comment: null, strip: 1, reversed: false, directory: '', listed: null },
    1,
    Buffer.from(text),
  )
  expect(patch.content).toMatchObject({
    kind: 'unreadable',
    problem: { message: expect.stringContaining('no unified diff') },
  })
})

it.each([
  ['git-lfs', 'version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 12\n'],
  ['git-annex', '../.git/annex/objects/aa/bb/SHA256E-s1--00.patch\n'],
  ['a server', '404: Not Found\n'],
  ['uuencoded', 'begin 644 x.patch\nM+2TM\n`\nend\n'],
  ['base64', `${'LS0tIGEv'.repeat(9)}\nIA==\n`],
  ['a program', '#!/bin/sh\nsed -i s/a/b/ x\n'],
  ['a comparison', '1:  1234567 ! 1:  89abcde Mend\n    @@ x\n    -a\n    +b\n'],
  ['a log of a submodule', 'Submodule lib 1234567..89abcde:\n  > Mend\n'],
  ['files that differ', 'Files a/x and b/x differ\n'],
  ['a diff of words', 'int [-old-]{+new+};\n'],
])('%s stands in the place of a patch, and is no empty one', (is, text) => {
  expect(read(text).content).toMatchObject({ problem: { line: 1, message: expect.stringContaining(is) } })
})

it('a diff in colours is no empty patch, and no other', () => {
  const lines = ['[1mdiff --git a/x b/x', '[1m--- a/x', '[1m+++ b/x', '[36m@@ -1 +1 @@', '[31m-old', '[32m+new']
  const text = lines.map((line) => `\x1b${line}\x1b[m\n`).join('')
  const patch = read(text)
  expect(patch.content).toMatchObject({
    problem: { line: 1, message: expect.stringContaining('colours'), hint: expect.stringContaining('--no-color') },
  })
})

describe('what git refuses, or does not do as it shows', () => {
  const read = (lines: string[]) => {
    const listing = {
      name: 'x',
      section: '',
      owner: null,
      comment: null,
      strip: 1,
      reversed: false,
      directory: '',
      listed: null,
    }
    return readPatch(listing, 1, Buffer.from(`${lines.join('\n')}\n`, 'latin1')).content
  }

  it.each([
    [
      'one name that is unsafe beside one that is not',
      ['--- a/x', '+++ b/../x', '@@ -1 +1 @@', '-a', '+b'],
      'unsafe path',
    ],
    [
      'a path with an empty part',
      ['diff --git a//abs b//abs', '--- a//abs', '+++ b//abs', '@@ -1 +1 @@', '-a', '+b'],
      'unsafe path',
    ],
    [
      'a link named .gitmodules',
      [
        'diff --git a/.gitmodules b/.gitmodules',
        'new file mode 120000',
        '--- /dev/null',
        '+++ b/.gitmodules',
        '@@ -0,0 +1 @@',
        '+x',
      ],
      'unsafe path',
    ],
    [
      'binary content that is not there',
      ['diff --git a/p b/p', 'index 1234567..89abcde', 'Binary files a/p and b/p differ'],
      'binary content',
    ],
  ])('%s', (_, lines, message) => {
    expect(read(lines)).toMatchObject({ kind: 'unreadable', problem: { message: expect.stringContaining(message) } })
  })
})
