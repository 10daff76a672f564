import { describe, expect, it } from 'vitest'
import { TreeFiles } from '../../src/attempt/files.ts'
import { pathsOf } from '../../src/model/patch.ts'
import { STRICT } from '../../src/patch/apply/apply.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'

/** Applies a patch to files given as name and content; a link is written "-> target". */
async function apply(files: Record<string, string>, ...lines: string[]) {
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
  const patch = readPatch(listing, 1, Buffer.from(`${lines.join('\n')}\n`, 'latin1'))
  const tree = new TreeFiles(async (path) => {
    const content = files[path]
    if (content === undefined) return null
    return content.startsWith('-> ') ? { mode: '120000', content: content.slice(3) } : { mode: '100644', content }
  })
  await tree.fetch(pathsOf(patch))
  return tree.apply(patch, STRICT)
}

const creates = (path: string) => [
  `diff --git a/${path} b/${path}`,
  'new file mode 100644',
  '--- /dev/null',
  `+++ b/${path}`,
  '@@ -0,0 +1 @@',
  '+x',
]

describe('TreeFiles refuses', () => {
  it('to write through a file or a link, and to put a file where it made a directory', async () => {
    expect(await apply({ link: '-> ..' }, ...creates('link/x'))).toMatchObject({ kind: 'failed' })
    expect(await apply({ file: 'text\n' }, ...creates('file/deep/x'))).toMatchObject({ kind: 'failed' })
    expect(await apply({}, ...creates('dir/x'), ...creates('dir'))).toMatchObject({ kind: 'failed' })
    expect(await apply({}, ...creates('dir/x'), ...creates('dir/y'))).toMatchObject({ kind: 'applied' })
  })

  it('to put text in front of what is there where the patch knows an empty file', async () => {
    const fills = ['--- a/link', '+++ b/link', '@@ -0,0 +1 @@', '+evil']
    expect(
      await apply({ link: '-> target' }, 'diff --git a/link b/link', 'index 1234567..89abcde 120000', ...fills),
    ).toMatchObject({ kind: 'failed' })
  })

  it('binary data for other content than its full ids name', async () => {
    // What git diff --binary writes for a file of one NUL and one of two.
    const [one, two] = ['f76dd238ade08917e6712764a16a22005a50573d', '09f370e38f498a462e1ca0faa724559b6630c04f']
    const patch = (before: string, after: string) => [
      ...['diff --git a/b b/b', `index ${before}..${after} 100644`, 'GIT binary patch'],
      ...['literal 2', 'JcmZQz0000200961', '', 'literal 1', 'IcmZPo000310RR91', ''],
    ]
    expect(await apply({ b: '\0' }, ...patch(one, two))).toMatchObject({ kind: 'applied' })
    expect(await apply({ b: '\0\0\0' }, ...patch(one, two))).toMatchObject({ kind: 'failed' })
    expect(await apply({ b: '\0' }, ...patch(one, one))).toMatchObject({ kind: 'failed' })
    expect(await apply({ b: '\0' }, ...patch(one.slice(0, 8), two.slice(0, 8)))).toMatchObject({ kind: 'failed' })
  })
})

describe('TreeFiles applies', () => {
  const rename = (from: string, to: string) => [
    ...[`diff --git a/${from} b/${to}`, 'similarity index 100%', `rename from ${from}`, `rename to ${to}`],
  ]
  const removes = (name: string) => [
    ...[
      `diff --git a/${name} b/${name}`,
      'deleted file mode 100644',
      `--- a/${name}`,
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-a',
    ],
  ]

  it('a file that becomes a directory, a directory that becomes a file, and both by a rename', async () => {
    expect(await apply({ rc: 'a\n' }, ...creates('rc/main'), ...removes('rc'))).toMatchObject({ kind: 'applied' })
    expect(await apply({ 'rc/main': 'a\n' }, ...creates('rc'), ...removes('rc/main'))).toMatchObject({
      kind: 'applied',
    })
    expect(await apply({ 'rc/main': 'a\n' }, ...rename('rc/main', 'rc'))).toMatchObject({ kind: 'applied' })
  })

  it('the mails of a file one after the other', async () => {
    const mail = (...diff: string[]) => [
      `From ${'1'.repeat(40)} Mon Sep 17 00:00:00 2001`,
      'Subject: it',
      '',
      ...diff,
      '-- ',
      '2.40',
    ]
    const change = ['diff --git a/x b/x', '--- a/x', '+++ b/x', '@@ -1 +1 @@', '-a', '+b']
    expect(await apply({ x: 'a\n' }, ...mail(...change), ...mail(...rename('x', 'y')))).toMatchObject({
      kind: 'applied',
      writes: [
        { path: 'x', content: null },
        { path: 'y', content: Buffer.from('b\n') },
      ],
    })
  })
})
