/** Clones that are not whole, and repositories of other kinds: what a user reads of them. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { upstream } = buildKettle(directory)
git(upstream, 'config', 'uploadpack.allowFilter', 'true')

const clone = (name: string, ...options: string[]) => {
  git(directory, 'clone', '--quiet', '--bare', ...options, `file://${upstream}`, name)
  return name
}
const tryOn = (repository: string, ...options: string[]) => {
  const args = ['--queue', 'queue', '--upstream', repository, '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
  return rebaseline(directory, ['try', ...args, '--db', `${repository.replaceAll('/', '-')}.db`, '--json', ...options])
}
const patchesOf = (stdout: string) =>
  (JSON.parse(stdout) as { patches: { name: string; action: string; upstream: { question: unknown } }[] }).patches
const whole = patchesOf(tryOn('upstream').stdout)
const isCut = (question: unknown) => (question as { kind?: string } | null)?.kind === 'cut'
const verdicts = (stdout: string) => patchesOf(stdout).map(({ name, action }) => `${name} ${action}`)

describe('a shallow clone', () => {
  const shallow = clone('shallow.git', '--depth', '2', '--branch', 'KETTLE-1.2.0')
  git(join(directory, shallow), 'fetch', '--quiet', '--depth', '1', 'origin', 'tag', 'KETTLE-1.0.0')

  it('is said to be one, of every patch that was not found in it', () => {
    const { code, stdout } = tryOn(shallow)
    expect(code).toBe(0)
    const open = patchesOf(stdout).filter(({ action }) => action === 'review')
    expect(open.length).toBeGreaterThan(0)
    expect(open.some(({ upstream: { question } }) => isCut(question))).toBe(true)
    const kept = whole.filter(({ action }) => action !== 'drop').map(({ name }) => name)
    for (const { name } of patchesOf(stdout).filter(({ action }) => action === 'drop')) expect(kept).not.toContain(name)
  })

  it('is looked at in vain, and find says so', () => {
    const open = patchesOf(tryOn(shallow).stdout).filter(({ upstream: { question } }) => isCut(question))
    const args = ['--upstream', shallow, '--in', 'KETTLE-1.0.0..KETTLE-1.2.0', `queue/${open[0]?.name}`]
    const { stdout } = rebaseline(directory, ['find', ...args])
    expect(stdout).toContain('REVIEW')
    expect(stdout).toContain('not looked: the clone is not whole; git fetch --unshallow (--refetch)')
  })
})

describe('the verdicts are the same with', () => {
  it('a linked work tree', () => {
    git(upstream, 'worktree', 'add', '--quiet', '--detach', join(directory, 'linked'))
    expect(verdicts(tryOn('linked').stdout)).toEqual(verdicts(tryOn('upstream').stdout))
  })

  it('a submodule, whose .git is a file', () => {
    const outer = join(directory, 'outer')
    mkdirSync(outer)
    git(outer, 'init', '--quiet', '--initial-branch=main')
    git(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', upstream, 'kettle')
    expect(verdicts(tryOn('outer/kettle').stdout)).toEqual(verdicts(tryOn('upstream').stdout))
  })

  it('a clone that borrows its objects', () => {
    expect(verdicts(tryOn(clone('borrowing.git', '--shared')).stdout)).toEqual(verdicts(tryOn('upstream').stdout))
  })

  it('a repository in SHA-256', () => {
    const other = join(directory, 'sha256')
    mkdirSync(other)
    git(other, 'init', '--quiet', '--object-format=sha256', '--initial-branch=main')
    const exported = execFileSync('git', ['fast-export', '--all'], { cwd: upstream, maxBuffer: 64 << 20 })
    execFileSync('git', ['fast-import', '--quiet'], { cwd: other, input: exported })
    expect(verdicts(tryOn('sha256').stdout)).toEqual(verdicts(tryOn('upstream').stdout))
  })
})

it('a partial clone that lacks what is needed says how to get it', () => {
  const partial = clone('partial.git', '--filter=blob:none', '--no-local')
  cpSync(join(directory, partial), join(directory, 'alone.git'), { recursive: true })
  const { code, stderr } = tryOn('alone.git')
  expect(code).toBe(2)
  expect(stderr).toMatch(/^rebaseline: .*lacks/m)
  expect(stderr).toContain('"git fetch --refetch --no-filter"')
})

it('a partial clone that has the files of both releases answers, and says what it lacks', () => {
  git(directory, 'clone', '--quiet', '--no-checkout', '--no-local', '--filter=blob:none', upstream, 'seen')
  for (const tag of ['KETTLE-1.0.0', 'KETTLE-1.2.0']) git(join(directory, 'seen'), 'checkout', '--quiet', tag)
  git(join(directory, 'seen'), 'config', 'remote.origin.url', join(directory, 'nowhere'))
  const { code, stdout, stderr } = tryOn('seen')
  expect(code).toBe(0)
  expect(stderr).toMatch(/^note: left out commits [0-9a-f]{12}/)
  const kept = whole.filter(({ action }) => action !== 'drop').map(({ name }) => name)
  for (const { name } of patchesOf(stdout).filter(({ action }) => action === 'drop')) expect(kept).not.toContain(name)
  expect(patchesOf(stdout).some(({ upstream: { question } }) => isCut(question))).toBe(true)
})

it('a commit that cannot be read is left out, and named', () => {
  const broken = join(directory, 'broken')
  mkdirSync(broken)
  git(broken, 'init', '--quiet', '--initial-branch=main')
  const lines = (middle: string) => `first\nsecond\nthird\n${middle}\nfifth\nsixth\nseventh\n`
  for (const [at, middle] of ['one', 'two', 'three'].entries()) {
    writeFileSync(join(broken, 'file'), lines(middle))
    if (at === 0) writeFileSync(join(broken, 'other'), lines('whole'))
    git(broken, 'add', '--all')
    git(broken, 'commit', '--quiet', '--message', `Say ${middle}`)
    git(broken, 'tag', `v${at + 1}`)
  }
  const blob = git(broken, 'rev-parse', 'v2:file')
  rmSync(join(broken, '.git', 'objects', blob.slice(0, 2), blob.slice(2)))
  mkdirSync(join(directory, 'own'))
  writeFileSync(join(directory, 'own', 'series'), 'a.patch\nb.patch\n')
  for (const [name, file] of Object.entries({ 'a.patch': 'file', 'b.patch': 'other' })) {
    const diff = `--- a/${file}\n+++ b/${file}\n@@ -1,2 +1,3 @@\n first\n+own\n second\n`
    writeFileSync(join(directory, 'own', name), diff)
  }
  const { code, stdout, stderr } = rebaseline(directory, [
    ...['try', '--queue', 'own', '--upstream', 'broken', '--base', 'v1', '--onto', 'v3', '--json', '--db', 'broken.db'],
  ])
  expect({ code, actions: patchesOf(stdout).map(({ action }) => action) }).toEqual({
    code: 0,
    actions: ['review', 'keep'],
  })
  const commits = ['v2', 'v3'].map((tag) => git(broken, 'rev-parse', tag).slice(0, 12))
  expect(stderr).toContain(`note: left out commits ${commits.join(', ')}: the upstream repository lacks objects`)
  expect(stderr).toContain('git fetch --refetch --no-filter')
})

it.each(['HEAD', 'shallow', 'commondir'])('a FIFO in place of %s is not waited for', (name) => {
  const copy = join(directory, `fifo-${name}`)
  cpSync(upstream, copy, { recursive: true })
  rmSync(join(copy, '.git', name), { force: true })
  execFileSync('mkfifo', [join(copy, '.git', name)])
  const { code, stderr } = tryOn(`fifo-${name}`)
  expect(code).toBe(2)
  expect(stderr).toContain('is no regular file of a repository')
})

it('the base is never what comes after the target, whatever numbers and blob ids say', () => {
  const repository = join(directory, 'later')
  mkdirSync(repository)
  git(repository, 'init', '--quiet', '--initial-branch=main')
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`)
  const commit = (content: readonly string[], ...tags: string[]) => {
    writeFileSync(join(repository, 'file'), `${content.join('\n')}\n`)
    git(repository, 'add', '--all')
    git(repository, 'commit', '--quiet', '--message', `Release ${tags.join()}`)
    for (const tag of tags) git(repository, 'tag', tag)
  }
  commit(lines, 'rpm-4.15.1-release')
  commit(lines.with(0, 'first'), 'krb5-1.22.2-final')
  writeFileSync(join(repository, 'file'), `${lines.with(0, 'first').with(12, 'twelve').join('\n')}\n`)
  mkdirSync(join(directory, 'later-queue'))
  writeFileSync(join(directory, 'later-queue', 'a.patch'), `${git(repository, 'diff')}\n`)
  const args = ['try', '--queue', 'later-queue', '--upstream', 'later', '--db', 'later.db', '--json', '--onto']
  const baseOn = (tag: string) => JSON.parse(rebaseline(directory, [...args, tag]).stdout).base
  expect(baseOn('rpm-4.15.1-release')).toMatchObject({ ref: 'rpm-4.15.1-release', found: 'search' })
  expect(baseOn('krb5-1.22.2-final')).toMatchObject({ ref: 'krb5-1.22.2-final', found: 'blobs' })
})

describe('another history than its own', () => {
  it('is not followed, by grafts or by replacements, and one line says so', () => {
    const grafted = clone('grafted.git')
    const [first, last] = ['KETTLE-1.0.0', 'KETTLE-1.2.0'].map((name) => git(upstream, 'rev-parse', `${name}^{commit}`))
    mkdirSync(join(directory, grafted, 'info'), { recursive: true })
    writeFileSync(join(directory, grafted, 'info', 'grafts'), `${last} ${first}\n`)
    git(join(directory, grafted), 'update-ref', `refs/replace/${last}`, `${first}`)
    const { stdout, stderr } = tryOn(grafted)
    expect(verdicts(stdout)).toEqual(verdicts(tryOn('upstream').stdout))
    expect(stderr).toBe(
      ['grafts (info/grafts)', 'replacements (refs/replace)']
        .map((what) => `note: the upstream has ${what}: they are not followed, its own history is\n`)
        .join(''),
    )
  })
})
