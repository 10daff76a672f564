import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const LINES = Array.from({ length: 30 }, (_, at) => `stage_${at}(${'x'.repeat(at + 1)});`)
const text = (lines: readonly string[], end = '\n') => lines.join('\n') + end
const own = text(LINES.with(4, 'own(4);'))
const theirs = text(LINES.with(4, 'theirs(4);'))
const mended = text(LINES.with(4, 'own(4) + theirs(4);'))

/** Files of a tree by their paths, as Latin-1; null: it is not there. */
type Files = Record<string, string | null>

function put(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (content === null) rmSync(join(root, path))
    else writeFileSync(join(root, path), content, 'latin1')
  }
}

interface Kind {
  base: Files
  /** What each patch does, on top of those before it. */
  patches: Files[]
  upstream: Files
  /** What a person makes of each patch that is opened, in its order; `git rm` of what is not there. */
  mends: Files[]
  /** The target with the exported queue. */
  wanted: Files
  listed?: { options: string; diff: string[] }
  isExecutable?: boolean
}

const plain = { base: { 'a.c': text(LINES) }, patches: [{ 'a.c': own }], upstream: { 'a.c': theirs } }
const KINDS: Record<string, Kind> = {
  'a file that upstream moved': {
    ...plain,
    upstream: { 'a.c': null, 'lib/b.c': theirs },
    mends: [{ 'lib/b.c': mended }],
    wanted: { 'lib/b.c': mended, 'a.c': null },
  },
  'a file that the patch moves': {
    ...plain,
    patches: [{ 'a.c': null, 'z.c': own }],
    mends: [{ 'z.c': mended }],
    wanted: { 'z.c': mended, 'a.c': null },
  },
  'a file that the patch takes away': {
    base: { 'a.c': text(LINES), 'k.c': text(LINES) },
    patches: [{ 'a.c': null, 'k.c': own }],
    upstream: { 'a.c': theirs },
    mends: [{ 'a.c': null }],
    wanted: { 'a.c': null, 'k.c': own },
  },
  'a last line without an end': {
    base: { 'a.c': text(LINES.slice(0, 5), '') },
    patches: [{ 'a.c': text(LINES.slice(0, 5).with(4, 'own(4);'), '') }],
    upstream: { 'a.c': text(LINES.slice(0, 5).with(4, 'theirs(4);'), '') },
    mends: [{ 'a.c': text(LINES.slice(0, 5).with(4, 'both(4);'), '') }],
    wanted: { 'a.c': text(LINES.slice(0, 5).with(4, 'both(4);'), '') },
  },
  'Latin-1, and names with blanks': {
    base: { 'd x/a b.c': `gr\xfc\xdf\n${text(LINES)}` },
    patches: [{ 'd x/a b.c': `gr\xfc\xdf\n${own}` }],
    upstream: { 'd x/a b.c': `gr\xfc\xdf\n${theirs}` },
    mends: [{ 'd x/a b.c': `\xf6ffnen\n${mended}` }],
    wanted: { 'd x/a b.c': `\xf6ffnen\n${mended}` },
  },
  'a mode': { ...plain, mends: [{ 'a.c': mended }], wanted: { 'a.c': mended }, isExecutable: true },
  'a binary': {
    base: { 'a.bin': '\0\x01abc'.repeat(50) },
    patches: [{ 'a.bin': '\0\x01own'.repeat(50) }],
    upstream: { 'a.bin': '\0\x01new'.repeat(50) },
    mends: [{ 'a.bin': '\0\x01both'.repeat(50) }],
    wanted: { 'a.bin': '\0\x01both'.repeat(50) },
  },
  'a name that upstream took': {
    base: { 'a.c': text(LINES) },
    patches: [{ 'n.c': 'int own;\n' }],
    upstream: { 'n.c': 'int theirs;\n' },
    mends: [{ 'n.c': 'int own;\nint theirs;\n' }],
    wanted: { 'n.c': 'int own;\nint theirs;\n' },
  },
  'a strip level of its own, and a file that the patch did not know': {
    base: { 'd/a.c': text(LINES), 'd/o.c': text(LINES) },
    patches: [{ 'd/a.c': own }],
    upstream: { 'd/a.c': theirs },
    mends: [{ 'd/a.c': mended, 'd/o.c': own }],
    wanted: { 'd/a.c': mended, 'd/o.c': own },
    listed: { options: ' -p0', diff: ['--no-prefix'] },
  },
  'a later patch that conflicts since': {
    ...plain,
    patches: [{ 'a.c': own }, { 'a.c': text(LINES.with(4, 'own(4);').with(20, 'later(20);')) }],
    mends: [
      { 'a.c': text(LINES.with(4, 'own(4);').with(20, 'extra(20);')) },
      { 'a.c': text(LINES.with(4, 'own(4);').with(20, 'later(20) + extra(20);')) },
    ],
    wanted: { 'a.c': text(LINES.with(4, 'own(4);').with(20, 'later(20) + extra(20);')) },
  },
}

function build(name: string, { base, patches, upstream, listed, isExecutable }: Kind): string {
  const root = join(directory, name)
  const repository = join(root, 'upstream')
  const commit = (files: Files, message: string) => {
    put(repository, files)
    git(repository, 'add', '--all')
    git(repository, 'commit', '--quiet', '--message', message)
  }
  mkdirSync(join(root, 'queue'), { recursive: true })
  mkdirSync(repository)
  git(repository, 'init', '--quiet', '--initial-branch=main')
  commit(base, 'Begin')
  git(repository, 'tag', 'v1.0')
  git(repository, 'checkout', '--quiet', '-b', 'queue')
  const series = patches.map((files, at) => {
    const patch = `${at + 1}.patch`
    put(repository, files)
    if (isExecutable) for (const path of Object.keys(files)) chmodSync(join(repository, path), 0o755)
    git(repository, 'add', '--all')
    const options = ['-M', '--binary', ...(listed?.diff ?? [])]
    git(repository, 'diff', '--cached', ...options, `--output=${join(root, 'diff')}`, 'HEAD')
    const diff = readFileSync(join(root, 'diff'), 'latin1')
    writeFileSync(join(root, 'queue', patch), `Subject: ${patch}\n\n${diff}\n`, 'latin1')
    commit({}, patch)
    return `${patch}${listed?.options ?? ''}`
  })
  writeFileSync(join(root, 'queue', 'series'), text(series))
  git(repository, 'checkout', '--quiet', 'main')
  commit(upstream, 'Go on')
  git(repository, 'tag', 'v2.0')
  return root
}

it.each(Object.keys(KINDS))('mends and writes %s', (name) => {
  const kind = KINDS[name]
  if (!kind) throw new Error(name)
  const root = build(name.replaceAll(/\W/g, '-'), kind)
  const run = (...words: string[]) => {
    const { code, stdout, stderr } = rebaseline(root, words)
    expect([code, stderr]).toEqual([0, ''])
    return stdout
  }
  run('try', '--queue', 'queue', '--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0')
  run('resolve', '--queue', 'queue')
  for (const files of kind.mends) {
    const { worktree } = JSON.parse(run('resolve', 'status', '--json', '--queue', 'queue'))
    for (const [path, content] of Object.entries(files))
      if (content === null) git(worktree, 'rm', '--quiet', '--force', path)
      else put(worktree, { [path]: content })
    run('resolve', '--continue', '--queue', 'queue')
  }
  expect(JSON.parse(run('resolve', 'status', '--json', '--queue', 'queue'))).toMatchObject({ open: false, left: [] })
  run('export', '--queue', 'queue', '--output', 'out')
  const tree = join(root, 'tree')
  git(root, 'clone', '--quiet', '--branch', 'v2.0', 'upstream', 'tree')
  const strip = kind.listed?.options.trim() ?? '-p1'
  for (const at of kind.patches.keys()) git(tree, 'apply', '--index', strip, join(root, 'out', `${at + 1}.patch`))
  for (const [path, content] of Object.entries(kind.wanted))
    expect(existsSync(join(tree, path)) ? readFileSync(join(tree, path), 'latin1') : null).toBe(content)
  if (kind.isExecutable) expect(git(tree, 'ls-files', '--stage', 'a.c')).toMatch(/^100755 /)
})
