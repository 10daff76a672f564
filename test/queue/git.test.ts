import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { UserError } from '../../src/errors.ts'
import { readBeside } from '../helpers/repository.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
const fork = join(directory, 'fork')

const text = (name: string) => Array.from({ length: 30 }, (_, at) => `${name}_${at}();\n`).join('')

function commit(repository: string, message: string, files: Record<string, string>): string {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(repository, name), content)
  git(repository, 'add', '--all')
  git(repository, 'commit', '--quiet', '--allow-empty', '--message', message)
  return git(repository, 'rev-parse', 'HEAD')
}

function release(tag: string, files: Record<string, string>): string {
  const sha = commit(upstream, `Release ${tag}`, files)
  git(upstream, 'tag', '--annotate', '--message', tag, tag)
  return sha
}

let first = ''
let second = ''
beforeAll(() => {
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  first = release('v1', { 'a.c': text('a'), 'b.c': text('b') })
  git(directory, 'clone', '--quiet', 'upstream', 'fork')
  second = release('v2', { 'new.c': text('new') })
  git(fork, 'fetch', '--quiet', '--tags', 'origin')
})

/** A branch of the fork that begins at a commit, with what `build` puts on it. */
function branch(name: string, start: string, build: () => void): void {
  git(fork, 'checkout', '--quiet', '--force', '-b', name, start)
  build()
}

const read = (range: string) => readBeside(upstream, `${fork}#${range}`)
const namesOf = async (range: string) => (await read(range)).patches.map(({ name }) => name)
const refusal = async (range: string) => {
  const error = await read(range).catch((thrown: unknown) => thrown)
  if (error instanceof UserError) return `${error.message}; ${error.hint}`
  throw error
}

describe('a range of commits', () => {
  it('is read parents first, each commit named as git format-patch names it', async () => {
    branch('plain', 'v1', () => {
      commit(fork, 'Fix the valve: open it, slowly, with both hands and all of the care that it takes', {
        'a.c': `${text('a')}one();\n`,
      })
      commit(fork, 'fixup! Fix the valve', { 'a.c': `${text('a')}two();\n` })
    })
    const queue = await read('v1..plain')
    const output = execFileSync('git', ['format-patch', '--output-directory', join(directory, 'out'), 'v1..plain'], {
      cwd: fork,
      encoding: 'utf8',
    })
    const written = output.trim().split('\n')
    expect(queue.patches.map(({ name }) => name)).toEqual(written.map((path) => path.split('/').at(-1)))
    expect(queue).toMatchObject({
      source: `${fork}#v1..plain`,
      format: 'git',
      base: { commit: first, found: 'given' },
      disabled: [],
      notes: [],
    })
    expect(queue.patches.map(({ subject }) => subject)[1]).toBe('fixup! Fix the valve')
  })

  it('has no merges in it; they are named, and those that were resolved by hand', async () => {
    branch('topic', 'v1', () => commit(fork, 'Topic', { 'a.c': `${text('a')}topic();\n` }))
    branch('merging', 'v1', () => {
      commit(fork, 'Ours', { 'b.c': `${text('b')}ours();\n` })
      git(fork, 'merge', '--quiet', '--no-edit', '--no-commit', 'topic')
      writeFileSync(join(fork, 'a.c'), `${text('a')}topic_and_more();\n`)
      git(fork, 'commit', '--quiet', '--all', '--message', 'Merge topic')
      commit(fork, 'Last', { 'b.c': `${text('b')}last();\n` })
    })
    const { patches, notes } = await read('v1..merging')
    expect(patches.map(({ subject }) => subject).sort()).toEqual(['Last', 'Ours', 'Topic'])
    expect(patches.at(-1)?.subject).toBe('Last')
    expect(notes.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^merges are no patches: [0-9a-f]{12} \("Merge topic"\)$/),
      expect.stringMatching(/^merges were resolved by hand, which is in no patch: [0-9a-f]{12} \("Merge topic"\)$/),
    ])
  })

  it('leaves out what was merged from the upstream, and sits on it', async () => {
    branch('follows', 'v1', () => {
      commit(fork, 'Own one', { 'a.c': `${text('a')}own();\n` })
      git(fork, 'merge', '--quiet', '--no-edit', 'v2')
      commit(fork, 'Own two', { 'b.c': `${text('b')}own();\n` })
    })
    for (const range of ['v1..follows', 'follows']) {
      const { patches, base } = await read(range)
      expect(patches.map(({ subject }) => subject)).toEqual(['Own one', 'Own two'])
      expect(base).toEqual({ commit: second, found: 'merge-base' })
    }
  })

  it('may begin at a commit of the fork, and then sits on the newest of the upstream below', async () => {
    branch('stacked', 'v1', () => {
      commit(fork, 'Below', { 'a.c': `${text('a')}below();\n` })
      git(fork, 'tag', '--annotate', '--message', 'ours', 'ours')
      commit(fork, 'Above', { 'b.c': `${text('b')}above();\n` })
    })
    const { patches, base, notes } = await read('ours..stacked')
    expect(patches.map(({ subject }) => subject)).toEqual(['Above'])
    expect(base).toEqual({ commit: first, found: 'merge-base' })
    expect(notes[0]?.message).toMatch(/^ours is no commit of the upstream: the newest .* commits between, .*: 1$/)
  })

  it('keeps modes, renames, binary files, roots and commits that change nothing', async () => {
    git(fork, 'checkout', '--quiet', '--force', '--orphan', 'root')
    git(fork, 'rm', '--quiet', '-r', '--force', '.')
    commit(fork, 'A root', { 'manual.txt': text('manual') })
    branch('kinds', 'v1', () => {
      commit(fork, 'Binary', { 'x.bin': 'a\0b\n' })
      renameSync(join(fork, 'b.c'), join(fork, 'c.c'))
      commit(fork, 'Rename', {})
      chmodSync(join(fork, 'c.c'), 0o755)
      commit(fork, 'Mode', {})
      commit(fork, 'Nothing', {})
      git(fork, 'merge', '--quiet', '--no-edit', '--allow-unrelated-histories', 'root')
    })
    const { patches } = await read('v1..kinds')
    const found = patches.map(({ subject, content }) => [
      subject,
      content.kind === 'readable' ? content.files.map(({ operation, newPath }) => `${operation} ${newPath}`) : content,
    ])
    expect(Object.fromEntries(found)).toEqual({
      'A root': ['create manual.txt'],
      Binary: ['create x.bin'],
      Rename: ['rename c.c'],
      Mode: ['modify c.c'],
      Nothing: [],
    })
  })

  it('is one patch whatever its message quotes', async () => {
    const quoted = [
      'diff --git a/z.c b/z.c\n--- a/z.c\n+++ b/z.c\n@@ -1 +1 @@\n-z\n+y',
      `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001\nFrom: x <x@y>\nSubject: [PATCH] another\n\n---\n`,
    ]
    branch('quoting', 'v1', () => {
      for (const [at, words] of quoted.entries())
        commit(fork, `Quote ${at}\n\n${words}`, { 'a.c': `${text('a')}quote_${at}();\n` })
    })
    const { patches } = await read('v1..quoting')
    expect(patches.map(({ subject, files, added }) => [subject, files, added])).toEqual([
      ['Quote 0', 1, 1],
      ['Quote 1', 1, 1],
    ])
  })

  it('may be a branch of the upstream itself', async () => {
    git(upstream, 'checkout', '--quiet', '-b', 'shim', 'v1')
    commit(upstream, 'Shim', { 'a.c': `${text('a')}shim();\n` })
    git(upstream, 'checkout', '--quiet', 'main')
    const { patches, base } = await readBeside(upstream, `${upstream}#shim`)
    expect(patches.map(({ subject }) => subject)).toEqual(['Shim'])
    expect(base).toEqual({ commit: first, found: 'merge-base' })
  })

  it('is refused with the way out where it holds nothing', async () => {
    expect(await refusal('v2..v1')).toMatch(/v1 is an ancestor of v2; turn it round: .*#v1\.\.v2$/)
    expect(await refusal('v1..v1')).toMatch(/holds no commit/)
    expect(await refusal('v1')).toMatch(/no base can be found; name where its patches begin: .*#BASE\.\.v1$/)
    expect(await refusal('v1..nosuch')).toMatch(/no branch, tag or commit "nosuch"/)
    expect(await refusal('v1...v2')).toMatch(/names no range/)
    expect(await refusal('')).toMatch(/names no range/)
    git(fork, 'checkout', '--quiet', '--force', '--orphan', 'alone')
    commit(fork, 'Alone', { 'a.c': text('alone') })
    expect(await refusal('alone')).toMatch(/no commit in common with the upstream; .*#BASE\.\.alone$/)
  })

  it('names commits, never options', async () => {
    git(fork, 'update-ref', 'refs/heads/--output=made', second)
    expect(await namesOf('v1..--output=made')).toEqual(['0001-Release-v2.patch'])
    expect(existsSync(join(fork, 'made'))).toBe(false)
    const words = fc.stringMatching(/^(?:--?[a-z=]{1,9}|[v12.^~@{}:#/-]{0,9}|main|\^v1|v1\^!|:\/Release){1,3}$/)
    await fc.assert(
      fc.asyncProperty(words, words, async (from, to) => {
        const failed = await read(`${from}..${to}`).catch((error: unknown) => error)
        if (failed instanceof Error) expect(failed).toBeInstanceOf(UserError)
      }),
      { numRuns: Number(process.env.RUNS ?? 40) },
    )
  })
})
