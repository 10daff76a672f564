import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')

function body(name: string, instead: Record<number, string[]> = {}): string {
  const lines = Array.from({ length: 24 }, (_, at) => instead[at] ?? [`int ${name}_number_${at} = ${at};`])
  return `${lines.flat().join('\n')}\n`
}

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(upstream, name), content)
}

function commit(message: string, files: Record<string, string>): string {
  write(files)
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', message)
  return git(upstream, 'rev-parse', 'HEAD')
}

/** A patch of the queue, on top of those before it. */
function carry(name: string, files: Record<string, string>, more = ''): void {
  write(files)
  writeFileSync(
    join(directory, 'queue', name),
    `Subject: ${name}\n\n${more}${git(upstream, 'diff', '--binary', 'HEAD')}\n`,
  )
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', name)
}

mkdirSync(join(directory, 'queue'))
mkdirSync(upstream)
git(upstream, 'init', '--quiet', '--initial-branch=main')
commit('Begin', { 'boiler.c': body('b'), 'kettle.c': body('k'), 'old.c': body('o'), 'moved.c': body('m') })
commit('Draw a logo', { 'logo.bin': 'a\0logo' })
git(upstream, 'tag', 'v1.0')
git(upstream, 'checkout', '--quiet', '-b', 'queue')
carry('1-boiler.patch', { 'boiler.c': body('b', { 5: ['int b_number_5 = 55;', 'int b_of_ours = 1;'] }) })
carry('2-boiler-more.patch', {
  'boiler.c': body('b', { 5: ['int b_number_5 = 55;', 'int b_of_ours = 2;', 'int b_more_of_ours;'] }),
})
carry('3-small.patch', { 'kettle.c': body('k', { 10: ['int k_number_10 = 1010;'] }) })
carry('4-obsolete.patch', { 'old.c': body('o', { 3: ['int o_number_3 = 33;'] }) })
carry('5-moved.patch', { 'moved.c': body('m', { 3: ['int m_number_3 = 33;'] }) })
carry('6-do.patch', { 'kettle.c': body('k', { 10: ['int k_number_10 = 1010;'], 20: ['int k_number_20 = 0;'] }) })
carry('7-undo.patch', { 'kettle.c': body('k', { 10: ['int k_number_10 = 1010;'] }) })
const hidden = [
  '    --- a/kettle.c',
  '    +++ b/kettle.c',
  '    @@ -1 +1 @@',
  '    -int k_number_0 = 0;',
  '    +evil();',
  '',
  '',
]
carry(
  '8-hiding.patch',
  { 'kettle.c': body('k', { 2: ['int k_number_2 = 22;'], 10: ['int k_number_10 = 1010;'] }) },
  hidden.join('\n'),
)
carry('9-logo.patch', { 'logo.bin': 'a\0logo of ours' })
git(upstream, 'checkout', '--quiet', 'main')
const logo = commit('Draw the logo anew', { 'logo.bin': 'another\0logo' })
const boiler = commit('Give the boiler other numbers', {
  'boiler.c': body('b', { 5: ['long b_number_5 = 5L;'] }),
  'kettle.c': body('k', { 10: ['long k_number_10 = 10L;'] }),
  'other.c': 'long b_number_5 = 5L;\n',
})
git(upstream, 'rm', '--quiet', 'old.c', 'moved.c')
const pieces = body('m').split('\n')
const removal = commit('Take old.c away, and moved.c apart', {
  'one.c': `int one;\n${pieces.slice(0, 9).join('\n')}\n`,
  'two.c': `int two;\n${pieces.slice(9, 16).join('\n')}\n`,
  'three.c': `int three;\n${pieces.slice(16).join('\n')}`,
})
git(upstream, 'tag', 'v2.0')

const { stdout } = rebaseline(directory, [
  ...['try', '--queue', 'queue', '--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0', '--json'],
])
const document = JSON.parse(stdout)
const patch = (position: number) => document.patches[position - 1]
const show = (...args: string[]) =>
  rebaseline(directory, ['show', '--queue', 'queue', ...args], { COLUMNS: '120' }).stdout

describe('conflicts', () => {
  it('name the lines, the hunk, the culprit and its release', () => {
    expect(patch(1)).toMatchObject({
      verdict: 'conflicting',
      conflicts: [
        {
          path: 'boiler.c',
          hunksFailed: 1,
          hunks: 1,
          culprits: [{ sha: boiler, firstTag: 'v2.0', lines: 2 }],
          regions: [
            {
              ...{ line: 6, hunks: [1], ours: 'long b_number_5 = 5L;\n', base: 'int b_number_5 = 5;\n' },
              ...{ theirs: 'int b_number_5 = 55;\nint b_of_ours = 1;\n', culprits: [boiler] },
            },
          ],
        },
      ],
    })
  })

  it('say what waits for what, what one commit broke, and where to begin', () => {
    expect(patch(2)).toMatchObject({ verdict: 'blocked', blockedBy: [1] })
    expect(document.breakages).toEqual([{ sha: boiler, subject: 'Give the boiler other numbers', patches: [1, 3] }])
    const order = document.workList.map(({ position, frees }: { position: number; frees: number[] }) => [
      position,
      frees,
    ])
    expect(order).toEqual([
      [1, [2]],
      [5, []],
      [9, []],
      [3, []],
    ])
  })

  it('are shown with their sides and with what the culprit did there', () => {
    const text = show('1-boiler')
    expect(text).toMatch(
      /^ {5}target {4}long b_number_5.*\n {5}base {6}int b_number_5 = 5;\n {5}patch {5}int b_number_5 = 55;\n {15}int b_of_ours/m,
    )
    expect(text).toContain(`what ${boiler.slice(0, 12)} did there`)
    expect(text).toMatch(/^ +-int b_number_5 = 5;\n +\+long b_number_5 = 5L;$/m)
    expect(text).toContain('Give the boiler other numbers')
    // What the same commit did to another file is not about this conflict.
    expect(text.match(/^ +\+long b_number_5/gm)).toHaveLength(1)
  })

  it('over a binary name the last commit that touched it, and claim no more', () => {
    expect(patch(9)).toMatchObject({
      verdict: 'conflicting',
      conflicts: [{ reason: 'binary, and changed upstream', culprits: [{ sha: logo, firstTag: 'v2.0', lines: 0 }] }],
    })
    expect(show('9-logo')).toMatch(/^CHANGED BY [0-9a-f]{12} Draw the logo anew\n.*; the last that touched the file$/m)
  })

  it('have no culprit where the patch does not even fit its base, and the base is asked about', () => {
    mkdirSync(join(directory, 'wrong'))
    const diff = '--- a/kettle.c\n+++ b/kettle.c\n@@ -1,2 +1,2 @@\n-never_was_there();\n+nor_was_this();\n int k;\n'
    writeFileSync(join(directory, 'wrong', 'a.patch'), diff)
    const args = ['try', '--queue', 'wrong', '--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
    expect(rebaseline(directory, args).stdout).toContain(
      'base    v1.0, 1 patch does not apply to it: is it the right one',
    )
    const [wrong] = JSON.parse(rebaseline(directory, [...args, '--json']).stdout).patches
    expect(wrong).toMatchObject({ verdict: 'conflicting', conflicts: [{ path: 'kettle.c', culprits: [] }] })
  })

  it('stay in the list of patches to mend where the text lives on elsewhere', () => {
    expect(patch(5)).toMatchObject({ verdict: 'conflicting', conflicts: [{ culprits: [{ sha: removal, lines: 0 }] }] })
  })
})

describe('droppable', () => {
  it('obsolete: what it changes is gone for good', () => {
    expect(patch(4)).toMatchObject({ verdict: 'droppable', action: 'drop' })
    expect(patch(4).reason).toBe(
      `obsolete: all that it changes was deleted upstream by ${removal.slice(0, 12)}, and hardly a line of it stands anywhere else`,
    )
  })

  it('cancelled: two patches that undo each other', () => {
    for (const [position, other] of [
      [6, 7],
      [7, 6],
    ] as const)
      expect(patch(position)).toMatchObject({
        verdict: 'droppable',
        reason: expect.stringContaining(`patch ${other} undo each other`),
      })
  })
})

it('reports a diff hidden in a description', () => {
  const { stdout: text } = rebaseline(directory, [
    'try',
    '--queue',
    'queue',
    '--upstream',
    'upstream',
    '--base',
    'v1.0',
    '--onto',
    'v2.0',
  ])
  expect(text.replace(/\s+/g, ' ')).toMatch(/ note 8-hiding\.patch:3: a diff of b\/kettle\.c in the description/)
})

it('takes a patch that has nothing but such a diff for unreadable, not for empty', () => {
  writeFileSync(join(directory, 'only.patch'), hidden.join('\n'))
  const { code, stderr } = rebaseline(directory, ['find', '--upstream', 'upstream', '--in', 'v1.0..v2.0', 'only.patch'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('only.patch:1: an indented diff, and no other')])
})
