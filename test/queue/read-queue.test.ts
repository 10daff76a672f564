import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { readLoosePatches, readQueue } from '../../src/queue/read-queue.ts'

const DIFF = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rebaseline-queue-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function put(files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
}

async function faultOf(source: string): Promise<{ message: string; hint: string } | null> {
  try {
    await readQueue(source)
    return null
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { message: error.message, hint: error.hint }
  }
}

/** The patches of the queue in `root`, each by its name and what is wrong with it. */
async function faults(): Promise<unknown[]> {
  return (await readQueue(root)).patches.map(({ name, content }) => {
    if (content.kind === 'readable') return [name, null]
    const { file, line, message } = content.problem
    expect(file).toBe(join(root, 'series'))
    return [name, line, message]
  })
}

describe('readQueue', () => {
  it('reads a series: order, options, guards, sections', async () => {
    const series = [
      '########',
      '# Debt',
      '',
      'b.patch -p0 # ann',
      '#c.patch',
      'sub/a.patch -R',
      'd.patch #+experimental',
    ]
    put({ series: series.join('\n'), 'b.patch': DIFF.replaceAll(/[ab]\//g, ''), 'sub/a.patch': DIFF, 'd.patch': DIFF })
    const queue = await readQueue(root)
    expect(queue).toMatchObject({
      source: join(root, 'series'),
      format: 'quilt',
      order: 'stated (series)',
      disabled: [
        { name: 'c.patch', reason: 'commented out' },
        { name: 'd.patch', reason: 'guard +experimental' },
      ],
    })
    expect(queue.patches).toMatchObject([
      { position: 1, name: 'b.patch', strip: 0, reversed: false, section: 'Debt', owner: 'ann', files: 1 },
      { position: 2, name: 'sub/a.patch', strip: 1, reversed: true, section: 'Debt', owner: null, files: 1 },
    ])
    expect(queue.patches.map(({ content }) => content.kind)).toEqual(['readable', 'readable'])
    expect(Object.keys(queue.patches[0] ?? {})).not.toContain('line')

    const all = await readQueue(join(root, 'series'), { guards: new Set(['experimental']), format: null })
    expect(all.patches.map(({ name }) => name)).toEqual(['b.patch', 'sub/a.patch', 'd.patch'])
    expect(all.disabled).toHaveLength(1)
  })

  it.each([
    ['series', 'quilt', ''],
    ['patches/series', 'quilt', ''],
    ['debian/patches/series', 'quilt', ''],
    ['.git/patches/feature/xen/series', 'guilt', 'ref: refs/heads/feature/xen\n'],
  ])('finds %s in a directory', async (path, format, head) => {
    put({ [path]: 'x.patch\n', [join(dirname(path), 'x.patch')]: DIFF })
    if (head) put({ '.git/HEAD': head })
    expect(await readQueue(root)).toMatchObject({
      source: join(root, path),
      format,
      patches: [{ name: 'x.patch', added: 1 }],
    })
  })

  it('reads with -p0 what -p1 leaves nothing of, where no series says the level, and says so', async () => {
    const bare = DIFF.replaceAll(/[ab]\//g, '')
    put({ 'a.patch': bare, 'b.patch': DIFF })
    expect((await readQueue(root)).patches).toMatchObject([
      {
        strip: 0,
        content: { kind: 'readable' },
        warnings: [{ file: 'a.patch', message: expect.stringContaining('-p0') }],
      },
      { strip: 1, content: { kind: 'readable' }, warnings: [] },
    ])
    expect(readLoosePatches(root, ['a.patch'], null)).toMatchObject([{ strip: 0, content: { kind: 'readable' } }])
    expect(readLoosePatches(root, ['a.patch'], 1)).toMatchObject([{ content: { kind: 'unreadable' } }])
    put({ series: 'a.patch\n' })
    expect((await readQueue(root)).patches).toMatchObject([{ strip: 1, content: { kind: 'unreadable' } }])
  })

  it('takes a directory of patches in the order of their names', async () => {
    put({ '0002-b.patch': DIFF, '0001-a.patch': DIFF, '0010-c.diff': DIFF, README: 'words', 'x.patch.orig': DIFF })
    const { patches, ...queue } = await readQueue(root)
    expect(queue).toMatchObject({
      source: root,
      format: 'mails',
      order: expect.stringMatching(/^guessed /),
      disabled: [],
    })
    expect(patches.map(({ name, position }) => [name, position])).toEqual([
      ['0001-a.patch', 1],
      ['0002-b.patch', 2],
      ['0010-c.diff', 3],
    ])
  })

  it('keeps the bytes as they are', async () => {
    const bytes = Buffer.from('Subject: Gr\xfc\xdfe\r\n\0', 'latin1')
    put({ series: 'x.patch', 'x.patch': bytes })
    expect((await readQueue(root)).patches).toMatchObject([{ bytes, subject: 'Grüße' }])
  })

  it.each([
    ['UTF-8', Buffer.from('größe.patch'), 'größe.patch'],
    ['UTF-8 with a byte A0', Buffer.from('voilà.patch'), 'voilà.patch'],
    ['Latin-1', Buffer.from('gr\xf6\xdfe.patch', 'latin1'), 'größe.patch'],
  ])('finds a patch whose name is in %s', async (_, name, shown) => {
    put({ series: name })
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), DIFF)
    expect(await faults()).toEqual([[shown, null]])
  })

  it('reads a queue whose patches are all commented out', async () => {
    put({ series: '#x.patch\n' })
    expect(await readQueue(root)).toMatchObject({ patches: [], disabled: [{ name: 'x.patch' }] })
  })
})

describe('a series line that cannot be followed', () => {
  it('names no file, a directory, a FIFO, a file too large, or an option that nobody knows', async () => {
    put({
      series: 'ok.patch\nmissing.patch\n\ndir\nfifo\nok.patch -F0\nok.patch/x\nhuge.patch\n',
      'ok.patch': DIFF,
      'dir/x': '',
    })
    execFileSync('mkfifo', [join(root, 'fifo')])
    execFileSync('truncate', ['-s', String((64 << 20) + 1), join(root, 'huge.patch')])
    expect(await faults()).toEqual([
      ['ok.patch', null],
      ['missing.patch', 2, 'missing.patch: no such file'],
      ['dir', 4, 'dir: not a regular file'],
      ['fifo', 5, 'fifo: not a regular file'],
      ['ok.patch', 6, 'unknown option "-F0" for ok.patch'],
      ['ok.patch/x', 7, 'ok.patch/x: no such file'],
      ['huge.patch', 8, 'huge.patch: larger than 64 MiB'],
    ])
  })

  it('holds a NUL, whether the series or its directory is named', async () => {
    put({ series: 'ok.patch\nev\0il.patch\n', 'ok.patch': DIFF })
    for (const named of [root, join(root, 'series')])
      expect((await readQueue(named)).patches).toMatchObject([
        { name: 'ok.patch', content: { kind: 'readable' } },
        { content: { kind: 'unreadable', problem: { line: 2, message: expect.stringContaining('NUL') } } },
      ])
  })

  it('names a patch that is listed already, unless guards leave only one of the two', async () => {
    put({ series: 'a.patch #+old\nb.patch\na.patch -p1 #+new\n', 'a.patch': DIFF, 'b.patch': DIFF })
    expect(
      (await readQueue(root, { guards: new Set(['new']), format: null })).patches.map(({ content }) => content.kind),
    ).toEqual(['readable', 'readable'])
    put({ series: 'a.patch\nb.patch\na.patch\n' })
    expect(await faults()).toEqual([
      ['a.patch', null],
      ['b.patch', null],
      ['a.patch', 3, 'a.patch is listed twice, first in line 1'],
    ])
  })

  it('leads out of the queue', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'rebaseline-outside-'))
    try {
      writeFileSync(join(outside, 'x.patch'), DIFF)
      symlinkSync(join(outside, 'x.patch'), join(root, 'link.patch'))
      symlinkSync(outside, join(root, 'sub'))
      symlinkSync('nowhere', join(root, 'dangling.patch'))
      put({
        series: [
          'link.patch',
          'sub/x.patch',
          'dangling.patch',
          '../x.patch',
          'a/../../x',
          join(outside, 'x.patch'),
          '.git/x',
        ].join('\n'),
      })
      expect(await faults()).toEqual([
        ['link.patch', 1, 'link.patch: a symbolic link that leads out'],
        ['sub/x.patch', 2, 'sub/x.patch: sub is a symbolic link that leads out'],
        ['dangling.patch', 3, 'dangling.patch: no such file'],
        ['../x.patch', 4, '../x.patch: the path leaves its directory'],
        ['a/../../x', 5, 'a/../../x: the path leaves its directory'],
        [join(outside, 'x.patch'), 6, `${join(outside, 'x.patch')}: the path is absolute`],
        ['.git/x', 7, '.git/x: the path leads into a .git directory'],
      ])
    } finally {
      rmSync(outside, { recursive: true })
    }
  })

  it('is no link to a folder that packages of one repository share', async () => {
    for (const directory of ['.git', 'package', 'shared']) mkdirSync(join(root, directory))
    put({ 'shared/x.patch': DIFF, 'package/series': 'link.patch\ncommon/x.patch\n' })
    symlinkSync('../shared/x.patch', join(root, 'package/link.patch'))
    symlinkSync('../shared', join(root, 'package/common'))
    expect((await readQueue(join(root, 'package'))).patches).toMatchObject([
      { name: 'link.patch', content: { kind: 'readable' } },
      { name: 'common/x.patch', content: { kind: 'readable' } },
    ])
  })

  it('is a link into a .git, or one of a ring', async () => {
    mkdirSync(join(root, '.git'))
    put({ '.git/x.patch': DIFF, series: 'git.patch\nGIT.patch\nring.patch\n' })
    symlinkSync('.git/x.patch', join(root, 'git.patch'))
    symlinkSync('.GIT/x.patch', join(root, 'GIT.patch'))
    symlinkSync('ring.patch', join(root, 'ring.patch'))
    expect(await faults()).toEqual([
      ['git.patch', 1, 'git.patch: a symbolic link that leads out'],
      ['GIT.patch', 2, 'GIT.patch: a symbolic link that leads out'],
      ['ring.patch', 3, 'ring.patch: a symbolic link that leads out'],
    ])
  })

  it('does not stop the patches around it, which keep their positions', async () => {
    put({ series: 'missing.patch\nx.patch\n', 'x.patch': DIFF })
    expect((await readQueue(root)).patches).toMatchObject([
      { position: 1, content: { kind: 'unreadable' }, files: 0 },
      { position: 2, content: { kind: 'readable' }, files: 1 },
    ])
  })
})

describe('no queue at all', () => {
  const LIST = 'a list has one patch a line; name the one that is meant with --queue'

  it('is a user error with a hint', async () => {
    const at = (name: string) => join(root, name)
    expect(await faultOf(at('nowhere'))).toEqual({
      message: `no such file or directory: ${at('nowhere')}`,
      hint: 'name a series file, the directory of the queue, or REPO#BASE..TIP with --queue',
    })
    expect(await faultOf(root)).toEqual({
      message: `${root} is empty: there are no files in it`,
      hint: expect.stringMatching(/^name the queue with --queue: a series file/),
    })
    execFileSync('mkfifo', [at('fifo')])
    expect(await faultOf(at('fifo'))).toEqual({
      message: `${at('fifo')} is no regular file and no directory`,
      hint: 'name the series file itself',
    })
    put({ series: '# only words\n\n' })
    expect(await faultOf(root)).toEqual({ message: `${at('series')} lists no patch`, hint: LIST })
    put({ series: 'x\n'.repeat(50_001) })
    expect(await faultOf(root)).toEqual({
      message: `${at('series')} lists more than 50000 patches`,
      hint: 'split the queue',
    })
  })

  it.each([
    ['a symbolic link that leads out', () => symlinkSync('/etc/passwd', join(root, 'series'))],
    ['not a regular file', () => mkdirSync(join(root, 'series'))],
    ['not a regular file', () => execFileSync('mkfifo', [join(root, 'series')])],
    ['larger than 8 MiB', () => put({ series: Buffer.alloc((8 << 20) + 1, '\n') })],
  ])('is a series that is %s', async (reason, make) => {
    make()
    expect(await faultOf(root)).toEqual({
      message: `${join(root, 'series')}: ${reason}`,
      hint: 'name a series file with --queue',
    })
  })

  it('is not sought outside by a HEAD that points there', async () => {
    put({ '.git/HEAD': 'ref: refs/heads/../../../outside\n', 'outside/series': 'x.patch\n' })
    expect(await faultOf(root)).toMatchObject({
      message: `${root} is a git repository: which of its commits are the queue is not said`,
    })
  })
})

describe('the queue revision', () => {
  const FILES = { series: 'a.patch\nb.patch\n', 'a.patch': DIFF, 'b.patch': `words\n${DIFF}` }
  const revisionOf = async (files: Record<string, string>) => {
    rmSync(root, { recursive: true })
    mkdirSync(root)
    put(files)
    return (await readQueue(root)).revision
  }

  it.each([
    ['comments and sections', { series: '########\n# Debt\n\na.patch # ann\n\nb.patch -p1\n' }],
    ['files that are not listed', { 'c.patch': DIFF }],
  ])('is the same with other %s', async (_, other) => {
    const revision = await revisionOf(FILES)
    expect(revision).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await revisionOf({ ...FILES, ...other })).toBe(revision)
  })

  it.each([
    ['order', { series: 'b.patch\na.patch\n' }],
    ['strip level', { series: 'a.patch -p0\nb.patch\n' }],
    ['direction', { series: 'a.patch -R\nb.patch\n' }],
    ['number of patches', { series: 'a.patch\n' }],
    ['name', { series: 'a.patch\nc.patch\n', 'c.patch': FILES['b.patch'] }],
    ['content', { 'b.patch': `Words\n${DIFF}` }],
  ])('is another with another %s', async (_, other) => {
    expect(await revisionOf({ ...FILES, ...other })).not.toBe(await revisionOf(FILES))
  })

  it('tells a patch that is missing from one that is empty', async () => {
    const empty = await revisionOf({ ...FILES, 'b.patch': '' })
    const { 'b.patch': _, ...without } = FILES
    expect(await revisionOf(without)).not.toBe(empty)
  })
})
