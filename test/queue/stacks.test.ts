import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { UserError } from '../../src/errors.ts'
import { readBeside } from '../helpers/repository.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')

const text = Array.from({ length: 30 }, (_, at) => `line_${at}();\n`).join('')

function write(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
}

function commit(repository: string, message: string): string {
  writeFileSync(join(repository, 'a.c'), `${text}${message}\n`)
  git(repository, 'commit', '--quiet', '--all', '--message', message)
  return git(repository, 'rev-parse', 'HEAD')
}

let base = ''
beforeAll(() => {
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  write(upstream, { 'a.c': text })
  git(upstream, 'add', '--all')
  base = commit(upstream, 'Release v1')
  git(upstream, 'tag', 'v1')
})

/** A clone with a commit for each name, the last `popped` of them not on the branch. */
function clone(name: string, names: string[], popped: number): { place: string; commits: Record<string, string> } {
  const place = join(directory, name)
  git(directory, 'clone', '--quiet', 'upstream', name)
  const commits = Object.fromEntries(names.map((one) => [one, commit(place, one)]))
  git(place, 'reset', '--quiet', '--hard', `HEAD~${popped}`)
  return { place, commits }
}

/** A ref to a commit of its own, whose tree has one file. */
function putState(place: string, ref: string, file: string, content: string): void {
  write(place, { [file]: content })
  const blob = git(place, 'hash-object', '-w', file)
  git(place, 'update-index', '--add', '--cacheinfo', `100644,${blob},${file}`)
  const tree = git(place, 'write-tree', '--missing-ok')
  git(place, 'update-ref', ref, git(place, 'commit-tree', '-m', 'state', tree))
}

const read = (named: string) => readBeside(upstream, named)

describe('a StGit stack', () => {
  const names = ['one', 'two', 'three', 'old']
  const expected = (place: string) => ({
    source: `${place}#main`,
    format: 'stgit',
    base: { commit: base, found: 'stack' },
    disabled: [{ name: 'old', reason: 'hidden' }],
    patches: [
      { name: 'one', subject: 'one' },
      { name: 'two', subject: 'two' },
      { name: 'three', subject: 'three' },
    ],
  })
  const lists = { applied: ['one', 'two'], unapplied: ['three'], hidden: ['old'] }
  const stateOf = (commits: Record<string, string>) => ({
    version: 5,
    ...lists,
    patches: Object.fromEntries(Object.entries(commits).map(([name, oid]) => [name, { oid }])),
  })

  it('is read from stack.json, whether its ref is packed or not', async () => {
    const { place, commits } = clone('json', names, 2)
    putState(place, 'refs/stacks/main', 'stack.json', JSON.stringify(stateOf(commits)))
    const found = await read(place)
    expect(found).toMatchObject(expected(place))
    expect(found.notes.map(({ message }) => message)).toEqual([expect.stringContaining('1 unapplied, read behind')])
    git(place, 'pack-refs', '--all')
    expect((await read(place)).revision).toBe(found.revision)
    expect((await read(`${place}#main`)).revision).toBe(found.revision)
  })

  it('says what was committed above it', async () => {
    const { place, commits } = clone('above', names, 2)
    putState(place, 'refs/stacks/main', 'stack.json', JSON.stringify({ ...stateOf(commits), unapplied: [] }))
    git(place, 'checkout', '--quiet', '--force', 'main')
    commit(place, 'Forgotten')
    const { patches, notes } = await read(place)
    expect(patches.map(({ name }) => name)).toEqual(['one', 'two'])
    expect(notes.map(({ message }) => message)).toEqual([
      'commits of the branch above the stack, which are in no patch of it: 1',
    ])
  })

  it('is read from the state of version 4', async () => {
    const { place, commits } = clone('meta', names, 2)
    const list = (some: string[]) => some.map((name) => `  ${name}: ${commits[name]}\n`).join('')
    const [applied, unapplied, hidden] = [list(lists.applied), list(lists.unapplied), list(lists.hidden)]
    const meta = `Version: 4\nPrevious: None\nHead: ${commits.two}\nApplied:\n${applied}Unapplied:\n${unapplied}Hidden:\n${hidden}`
    putState(place, 'refs/heads/main.stgit', 'meta', meta)
    expect(await read(place)).toMatchObject(expected(place))
  })

  it('is read from the files of older versions', async () => {
    const { place, commits } = clone('files', names, 2)
    for (const [name, sha] of Object.entries(commits)) git(place, 'update-ref', `refs/patches/main/${name}`, sha)
    const files = Object.entries(lists).map(([name, some]) => [`.git/patches/main/${name}`, `${some.join('\n')}\n`])
    write(place, Object.fromEntries(files))
    expect(await read(place)).toMatchObject(expected(place))
  })

  it('is refused where its state is damaged', async () => {
    const { place, commits } = clone('damaged', names, 2)
    const whole = JSON.stringify(stateOf(commits))
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.string({ maxLength: 3 }), async (at, put) => {
        putState(place, 'refs/stacks/main', 'stack.json', `${whole.slice(0, at)}${put}${whole.slice(at + 2)}`)
        const failed = await read(place).catch((error: unknown) => error)
        if (failed instanceof Error) expect(failed).toBeInstanceOf(UserError)
      }),
      { numRuns: Number(process.env.RUNS ?? 30) },
    )
    putState(place, 'refs/stacks/main', 'stack.json', '{"applied":["one"],"unapplied":[],"hidden":[],"patches":{}}')
    await expect(read(place)).rejects.toThrow(/the patch "one" of .* has no commit/)
  })
})

describe('a guilt stack', () => {
  it('sits on what is below its patches, pushed or not, with the guards that are selected', async () => {
    const { place, commits } = clone('guilt', ['a.patch', 'b.patch'], 0)
    const diff = (sha: string | undefined) => git(place, 'diff-tree', '-p', `${sha}`)
    const series = 'a.patch\nb.patch #+lab\nc.patch #-lab\n'
    const patches = {
      'a.patch': diff(commits['a.patch']),
      'b.patch': diff(commits['b.patch']),
      series,
      guards: 'lab\n',
    }
    const inside = Object.entries(patches).map(([name, content]) => [`.git/patches/main/${name}`, content])
    write(place, { ...Object.fromEntries(inside), '.git/patches/main/status': 'a.patch\nb.patch\n' })
    git(place, 'update-ref', 'refs/patches/main/a.patch', commits['a.patch'] ?? '')
    git(place, 'branch', 'guilt/main')
    git(place, 'symbolic-ref', 'HEAD', 'refs/heads/guilt/main')
    git(place, 'update-ref', 'refs/heads/main', base)
    const expected = {
      source: `${place}/.git/patches/main/series`,
      format: 'guilt',
      base: { commit: base, found: 'stack' },
      disabled: [{ name: 'c.patch', reason: 'guard -lab' }],
      patches: [{ name: 'a.patch' }, { name: 'b.patch' }],
      notes: [{ message: 'selects lab', line: 1 }],
    }
    expect(await read(place)).toMatchObject(expected)
    write(place, { '.git/patches/main/status': '' })
    expect(await read(`${place}/.git/patches/main`)).toMatchObject(expected)
  })
})
