import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { landQueue } from '../../src/attempt/land.ts'
import { rebuildQueue } from '../../src/attempt/rebuild.ts'
import { openScratch } from '../../src/git/scratch.ts'
import { findRenames, listTree } from '../../src/git/tree.ts'
import { elementAt } from '../../src/model/elements.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
import { gitSetting } from '../helpers/git-setting.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

type Files = Record<string, string>

/** A repository with a base, a target on one branch, and a queue as commits on another. */
function repository(directory: string, base: Files, target: Files, queue: Files[], ...options: string[]): void {
  mkdirSync(directory, { recursive: true })
  git(directory, 'init', '--quiet', '--initial-branch=main')
  const commit = (files: Files, subject: string) => {
    git(directory, 'rm', '-r', '--quiet', '--ignore-unmatch', '.')
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(directory, name, '..'), { recursive: true })
      writeFileSync(join(directory, name), content)
    }
    git(directory, 'add', '--all')
    git(directory, 'commit', '--quiet', '--allow-empty', '--message', subject)
  }
  commit(base, 'base')
  git(directory, 'tag', 'base')
  commit(target, 'target')
  git(directory, 'tag', 'target')
  git(directory, 'checkout', '--quiet', '-b', 'queue', 'base')
  for (const [at, files] of queue.entries()) commit(files, `patch ${at + 1}`)
  git(directory, 'format-patch', '--quiet', '--no-signature', ...options, '-o', 'patches', 'base..queue')
  git(directory, 'checkout', '--quiet', 'target')
}

async function land(directory: string, scratchName: string) {
  const scratch = await openScratch(join(directory, '..', scratchName), directory, gitSetting())
  const queue = await readQueue(join(directory, 'patches'))
  const base = await listTree(scratch, 'base')
  const target = {
    base,
    entries: await listTree(scratch, 'target'),
    renames: await findRenames(scratch, 'base', 'target'),
  }
  const rebuilt = await rebuildQueue(scratch, base, queue)
  const queued = queue.patches.map((patch, at) => ({ patch, rebuilt: elementAt(rebuilt, at), isLeftOut: false }))
  return landQueue(scratch, target, queued, () => {})
}

/** What git says of picking the queue's commits one by one, past every failure. */
function cherryPick(directory: string): { landed: boolean; files: string }[] {
  git(directory, 'checkout', '--quiet', '--detach', 'target')
  return git(directory, 'rev-list', '--reverse', 'base..queue')
    .split('\n')
    .filter((commit) => commit !== '')
    .map((commit) => {
      try {
        git(directory, 'cherry-pick', '--allow-empty', '--keep-redundant-commits', commit)
        return { landed: true, files: git(directory, 'ls-tree', '-r', 'HEAD') }
      } catch {
        git(directory, 'reset', '--quiet', '--hard')
        return { landed: false, files: git(directory, 'ls-tree', '-r', 'HEAD') }
      }
    })
}

const lines = (...words: string[]) => words.map((word) => `${word}\n`).join('')
const many = (...middle: string[]) => lines('1', '2', '3', '4', '5', ...middle, '6', '7', '8', '9')

describe('landing', () => {
  const directory = temporaryDirectory()
  let number = 0
  const landings = async (base: Files, target: Files, ...queue: Files[]) => {
    const name = `case${number++}`
    repository(join(directory, name), base, target, queue)
    return (await land(join(directory, name), `${name}.scratch`)).map(({ landing }) => landing)
  }

  it('follows a file that upstream renamed', async () => {
    const landing = await landings(
      { 'old.c': many('a') },
      { 'new/name.c': many('a', 'up') },
      { 'old.c': many('a').replace('2', 'two') },
    )
    expect(landing).toEqual([{ kind: 'merged' }])
  })

  it('carries a rename by the patch over what upstream changed in the file', async () => {
    expect(await landings({ a: many('a') }, { a: many('up') }, { b: many('a') })).toEqual([{ kind: 'clean' }])
    expect(await landings({ a: many('a') }, { b: many('a') }, { b: many('a') })).toEqual([{ kind: 'noop' }])
    expect(await landings({ a: many('a') }, { b: many('up') }, { b: many('a').replace('9', 'nine') })).toEqual([
      { kind: 'merged' },
    ])
    expect(await landings({ a: many('a') }, { c: many('a') }, { b: many('a') })).toMatchObject([{ kind: 'conflict' }])
    const [taken] = await landings({ a: many('a') }, { a: many('a'), b: 'there\n' }, { b: many('a') })
    expect(taken).toMatchObject({ kind: 'conflict', conflicts: [{ path: 'b' }] })
  })

  it('makes a copy of what the target has, as git am does', async () => {
    const [base, target] = [{ a: many('a') }, { a: many('a', 'up') }]
    const copied = { a: many('a'), b: many('a').replace('9', 'nine') }
    const directoryOf = join(directory, 'copies')
    repository(directoryOf, base, target, [copied], '--find-copies-harder')
    const [landed] = await land(directoryOf, 'copies.scratch')
    writeFileSync(join(directoryOf, 'wanted'), many('a', 'up').replace('9', 'nine'))
    expect(landed?.landing).toEqual({ kind: 'offset', lines: 1, by: 'merge' })
    expect([...(landed?.changes ?? [])]).toEqual([
      ['b', { mode: '100644', blob: git(directoryOf, 'hash-object', 'wanted') }],
    ])
  })

  it('asks where a new file belongs if upstream moved its directory', async () => {
    const base = { 'lib/a.c': many('a'), 'lib/b.c': many('b') }
    const target = { 'libs/core/a.c': many('a'), 'libs/core/b.c': many('b') }
    const [landing] = await landings(base, target, { ...base, 'lib/new.c': 'new\n' })
    expect(landing).toMatchObject({ kind: 'conflict', conflicts: [{ path: 'libs/core/new.c' }] })
  })

  it('sees a new file in the way of another', async () => {
    const base = { keep: 'x\n' }
    expect(await landings(base, { ...base, 'new.c': 'theirs\n' }, { ...base, 'new.c': 'ours\n' })).toMatchObject([
      { kind: 'conflict' },
    ])
    expect(await landings(base, { ...base, 'dir/f': 'x\n' }, { ...base, dir: 'file\n' })).toMatchObject([
      { kind: 'conflict' },
    ])
    expect(await landings(base, { ...base, dir: 'file\n' }, { ...base, 'dir/f': 'x\n' })).toMatchObject([
      { kind: 'conflict' },
    ])
  })

  it('sees a deleted file, and one deleted on both sides', async () => {
    const base = { gone: many('a'), keep: 'x\n' }
    const [conflict] = await landings(base, { keep: 'x\n' }, { ...base, gone: many('b') })
    expect(conflict).toMatchObject({ kind: 'conflict', conflicts: [{ path: 'gone', reason: 'deleted upstream' }] })
    expect(await landings(base, { keep: 'x\n' }, { keep: 'x\n' })).toEqual([{ kind: 'noop' }])
  })

  it('does not take a file that one patch deletes for the one that another adds', async () => {
    const base = { a: many('a'), keep: 'x\n' }
    const target = { ...base, a: many('a', 'up'), b: many('of', 'upstream') }
    const queue = [{ keep: 'x\n' }, { keep: 'x\n', b: many('a') }]
    expect(await landings(base, target, ...queue)).toMatchObject([
      { kind: 'conflict', conflicts: [{ path: 'a', reason: 'changed upstream, deleted by the patch' }] },
      { kind: 'conflict', conflicts: [{ path: 'b', reason: 'upstream has a file of that name as well' }] },
    ])
  })

  it('loses neither of two files where upstream moved the one to the name of the other', async () => {
    const base = { 'r.txt': many('a'), keep: 'x\n' }
    const target = { 'moved.txt': many('a'), keep: 'x\n' }
    const edited = { 'r.txt': many('a').replace('2', 'two'), 'moved.txt': 'new\n', keep: 'x\n' }
    const reason = 'upstream moved a file of the patch to where another of it goes'
    expect(await landings(base, target, edited)).toMatchObject([
      { kind: 'conflict', conflicts: [{ path: 'moved.txt', reason }] },
    ])
    const replaced = { 'moved.txt': lines('quite', 'another', 'file'), keep: 'x\n' }
    expect(await landings(base, target, replaced)).toMatchObject([
      { kind: 'conflict', conflicts: [{ path: 'moved.txt' }] },
    ])
  })

  it('says of a binary file that both sides changed that it is one', async () => {
    const [landing] = await landings({ img: '\0a\0' }, { img: '\0up\0' }, { img: '\0mine\0' })
    expect(landing).toMatchObject({ kind: 'conflict', conflicts: [{ reason: 'binary, and changed upstream' }] })
  })

  it('names what waits for a patch in conflict, and only that', async () => {
    const base = { f: many('a'), g: many('a') }
    const first = { ...base, f: many('b') }
    const second = { ...first, f: many('b', 'c') }
    const third = { ...second, g: many('z') }
    const [conflict, blocked, clean] = await landings(base, { ...base, f: many('upstream') }, first, second, third)
    expect(conflict).toMatchObject({ kind: 'conflict' })
    expect(blocked).toMatchObject({ kind: 'blocked', by: [1] })
    expect(clean).toEqual({ kind: 'clean' })
  })

  it('does not lay a second failure at the door of the first', async () => {
    const base = { f: lines('a', ...'123456789'.split(''), 'z') }
    const [first, second] = await landings(
      base,
      { f: lines('A!', ...'123456789'.split(''), 'Z!') },
      { f: lines('mine', ...'123456789'.split(''), 'z') },
      { f: lines('mine', ...'123456789'.split(''), 'mine') },
    )
    expect([first?.kind, second?.kind]).toEqual(['conflict', 'conflict'])
  })

  it('lands and fails exactly as git cherry-pick does, patch by patch', async () => {
    const content = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 3, maxLength: 9 })
      .map((words) => lines(...words))
    const tree = fc.record({ 'dir/one': content, two: content })
    const changes = fc.array(fc.record({ 'dir/one': content, two: content, three: content }, { requiredKeys: [] }), {
      minLength: 1,
      maxLength: 3,
    })
    let run = 0
    await fc.assert(
      fc.asyncProperty(tree, tree, changes, async (base, target, steps) => {
        const name = `random${run++}`
        const queue: Files[] = []
        for (const step of steps) queue.push({ ...(queue.at(-1) ?? base), ...step })
        repository(join(directory, name), base, target, queue)
        const picked = cherryPick(join(directory, name))
        const landed = await land(join(directory, name), `${name}.scratch`)
        // A patch that changes nothing makes no file for format-patch; the queue then has fewer
        // patches than there are commits.
        fc.pre(landed.length === picked.length)
        // What lands by its context alone is what a merge, and so git, calls a conflict.
        const byContext = ({ landing }: (typeof landed)[number]) =>
          landing.kind === 'fuzz' || (landing.kind === 'offset' && landing.by === 'context')
        fc.pre(!landed.some(byContext))
        expect(landed.map(({ landing }) => landing.kind !== 'conflict' && landing.kind !== 'blocked')).toEqual(
          picked.map((one) => one.landed),
        )
      }),
      { numRuns: 25 },
    )
  })
})
