import { describe, expect, it } from 'vitest'
import { findOpposites, leavesTheSame } from '../../src/judge/droppable.ts'
import { type CulpritSources, changedHashes, culpritsOf, whereabouts } from '../../src/match/culprit.ts'
import { HashIndex } from '../../src/match/hash-index.ts'
import { PathIndex } from '../../src/match/path-index.ts'
import { toTargetFile } from '../../src/match/target-file.ts'
import type { IndexedCommit } from '../../src/model/history.ts'
import { hashLine } from '../../src/model/line-hash.ts'
import { changesOf } from '../../src/model/patch.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'
import { decideFor, excerptOf, regionsOf } from '../../src/patch/regions.ts'
import { historyOf } from '../helpers/history.ts'

const commit = (sha: string, paths: string[], ...lines: string[]): IndexedCommit => ({
  ...{ sha, parents: [], subject: sha, author: 'A <a@x>', time: 0, takenFrom: [], reverts: [], patchId: null, paths },
  lines: Uint32Array.from(lines.map((line) => hashLine(line[0] as '+' | '-', line.slice(1)) as number)),
  message: new Uint32Array(),
  words: new Uint32Array(),
})
const region = { ours: ['new_call(argument);\n', 'same();\n'], base: ['old_call(argument);\n', 'same();\n'] }

function sourcesOf(
  one: Parameters<typeof changedHashes>[0],
  commits: IndexedCommit[],
  renames = new Map<string, string>(),
): CulpritSources {
  const history = historyOf(commits)
  const lines = new HashIndex(changedHashes(one), history, 'line')
  return { history, lines, paths: new PathIndex(history), renames }
}

function culprits(commits: IndexedCommit[], path = 'f.c', renames = new Map<string, string>()) {
  return culpritsOf(region, path, sourcesOf(region, commits, renames)).map(({ commit: { sha }, lines: count }) => [
    sha,
    count,
  ])
}

describe('culprits', () => {
  const changer = commit('changer', ['f.c'], '-old_call(argument);', '+new_call(argument);')

  it('are the commits that changed the lines in conflict, in that file', () => {
    const elsewhere = commit('elsewhere', ['g.c'], '-old_call(argument);', '+new_call(argument);')
    const other = commit('other', ['f.c'], '+unrelated();')
    expect(culprits([changer, elsewhere, other])).toEqual([['changer', 2]])
  })

  it('are not those that only moved the file about', () => {
    const both = ['-old_call(argument);', '+old_call(argument);', '-new_call(argument);', '+new_call(argument);']
    const mover = commit('mover', ['f.c', 'dir/f.c'], ...both)
    expect(culprits([changer, mover], 'dir/f.c', new Map([['f.c', 'dir/f.c']]))).toEqual([['changer', 2]])
  })

  it('are found under the old name of a file', () => {
    expect(culprits([changer], 'dir/f.c', new Map([['f.c', 'dir/f.c']]))).toEqual([['changer', 2]])
    expect(culprits([changer], 'dir/f.c')).toEqual([])
  })

  it('took a file away if they touched it last', () => {
    const newest = (path: string, ...commits: IndexedCommit[]) =>
      new PathIndex(historyOf(commits)).newest(new Set([path]))
    expect(newest('f.c', changer, commit('last', ['f.c', 'x']), commit('x', ['x']))?.sha).toBe('last')
    expect(newest('g.c', changer)).toBeNull()
  })

  it('are found where nothing but white space was changed', () => {
    const blank = { ours: ['    call(argument);\n'], base: ['\tcall(argument);\n'] }
    const commits = [
      commit('tabs', ['f.c'], '-call(argument);', '+call(argument);'),
      commit('other', ['f.c'], '+call();'),
    ]
    const [culprit] = culpritsOf(blank, 'f.c', sourcesOf(blank, commits))
    expect(culprit?.commit.sha).toBe('tabs')
  })

  it('say where the lines went', () => {
    const files = [toTargetFile('f.c', 'new_call(argument);\n'), toTargetFile('h.h', 'x\n\told_call(argument);\n')]
    expect(whereabouts(region, files)).toEqual({ path: 'h.h', line: 2 })
    expect(whereabouts(region, files.slice(0, 1))).toBeNull()
  })

  it('say so of lines that went together, not of one that stands everywhere', () => {
    const base = ['struct domain *d;', 'if ( copy_from_guest(&a, arg, 1) )', 'return set_parameter(d);']
    const filler = Array.from({ length: 40 }, (_, at) => `filler_${at}();`)
    const file = (...lines: string[]) => [toTargetFile('f.c', lines.join('\n'))]
    expect(whereabouts({ ours: [], base }, file(base[0] ?? '', ...filler, ...base))).toEqual({ path: 'f.c', line: 42 })
    expect(whereabouts({ ours: [], base }, file(base[0] ?? '', ...filler, base[1] ?? ''))).toBeNull()
    expect(whereabouts({ ours: [], base: base.slice(0, 1) }, file(base[0] ?? '', ...filler, base[0] ?? ''))).toBeNull()
  })
})

describe('regions', () => {
  const marked =
    'top\n<<<<<<< a\nours 1\n||||||| b\nbase 1\n=======\ntheirs 1\n>>>>>>> c\nmiddle\n<<<<<<< a\n||||||| b\n=======\nadded\n>>>>>>> c\n'
  const [change] = changesOf(
    readPatch(
      { name: 'p', section: '', owner: null, comment: null, strip: 1, reversed: false, directory: '', listed: null },
      1,
      Buffer.from('--- a/f\n+++ b/f\n@@ -2 +2 @@\n-base 1\n+theirs 1\n@@ -4,0 +5 @@\n+added\n'),
    ),
  )
  const hunks = change?.body.kind === 'text' ? change.body.hunks : []

  it('are read with their sides, their place in the target, and their hunks', () => {
    expect(regionsOf(marked, hunks)).toMatchObject([
      { line: 2, ours: ['ours 1\n'], base: ['base 1\n'], theirs: ['theirs 1\n'], hunks: [1] },
      { line: 4, ours: [], base: [], theirs: ['added\n'], hunks: [2] },
    ])
  })

  it('are all that is kept of a file, with a few lines around each', () => {
    const filler = Array.from({ length: 9 }, (_, at) => `line ${at}\n`).join('')
    const excerpt = excerptOf(`${filler}${marked}${filler}`)
    expect(regionsOf(excerpt, hunks).map(({ ours, base, theirs }) => [ours, base, theirs])).toEqual(
      regionsOf(marked, hunks).map(({ ours, base, theirs }) => [ours, base, theirs]),
    )
    expect(excerpt.split('\n')[0]).toBe('line 7')
    expect(excerpt.endsWith('line 2\n')).toBe(true)
  })

  it('can be decided for either side', () => {
    expect(decideFor('ours', marked)).toBe('top\nours 1\nmiddle\n')
    expect(decideFor('theirs', marked)).toBe('top\ntheirs 1\nmiddle\nadded\n')
  })
})

describe('patches that undo each other', () => {
  const patch = (position: number, from: string, to: string) =>
    readPatch(
      {
        name: `p${position}`,
        section: '',
        owner: null,
        comment: null,
        strip: 1,
        reversed: false,
        directory: '',
        listed: null,
      },
      position,
      Buffer.from(`--- a/f\n+++ b/f\n@@ -1 +1 @@\n-${from}\n+${to}\n`),
    )
  const blob = (name: string) => ({ mode: '100644', blob: name })
  const step = (before: string, after: string, kind: 'clean' | 'failed' = 'clean') => ({
    rebuild: kind === 'clean' ? { kind } : { kind, reason: '', hint: '' },
    ...{ parent: '', commit: '', renames: new Map(), copies: new Map(), sources: new Map() },
    changes: new Map([['f', { before: blob(before), after: blob(after) }]]),
  })

  it('are opposites line by line; the nearest earlier one counts', () => {
    expect(findOpposites([patch(1, 'a', 'b'), patch(2, 'c', 'd'), patch(3, 'b', 'a')])).toEqual([{ patch: 1, by: 3 }])
    expect(findOpposites([patch(1, 'a', 'b'), patch(2, 'b', 'c')])).toEqual([])
  })

  it('leave the same files as a queue without them', () => {
    const pair = (at: number) => at !== 1
    expect(leavesTheSame([step('1', '2'), step('2', '3'), step('3', '4')], [step('1', '4')], pair)).toBe(true)
    expect(leavesTheSame([step('1', '2'), step('2', '3'), step('3', '4')], [step('1', '5')], pair)).toBe(false)
    expect(leavesTheSame([step('1', '2'), step('2', '1')], [], () => true)).toBe(true)
    expect(leavesTheSame([step('1', '2'), step('2', '3')], [], () => true)).toBe(false)
    expect(leavesTheSame([step('1', '2'), step('2', '3'), step('3', '4')], [step('1', '4', 'failed')], pair)).toBe(
      false,
    )
  })
})
