import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { openSqlite } from '../src/record/sqlite.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')

/** Two functions that are alike, and a line at the end that upstream changes. */
function source(instead: Record<string, string[]> = {}, end = 'int end_of_file;'): string {
  const body = ['left', 'right'].flatMap((name) => [
    ...[`int turn_${name}(struct valve *v)`, '{', '    int rc = 0;', '    lock(v);'],
    ...(instead[name] ?? []),
    ...['    rc = move(v);', '    unlock(v);', '    return rc;', '}', ''],
  ])
  return `${[...body, end].join('\n')}\n`
}

const FIX = ['    if ( !v->open )', '        return -EINVAL;']

function put(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(upstream, name), content)
  git(upstream, 'add', '--all')
}

/** The patch that turns a release's files into these, with a header in front. */
function patchOn(release: string, files: Record<string, string>, header = HEADER): string {
  git(upstream, 'checkout', '--quiet', '--force', '--detach', release)
  put(files)
  if (files['run.sh'] !== undefined) chmodSync(join(upstream, 'run.sh'), 0o755)
  git(upstream, 'add', '--all')
  const diff = git(upstream, 'diff', '--cached', 'HEAD')
  git(upstream, 'reset', '--quiet', '--hard')
  return `${header}\n---\n${diff}\n`
}

const HEADER = [
  'From: Ann Lee <ann@example.org>',
  'Subject: valve: refuse to turn a closed one',
  '',
  'Turning it breaks the handle, see CVE-2031-1234 and the long story of the',
  'kitchen in the cellar.',
  '',
  'Signed-off-by: Ann Lee <ann@example.org>',
].join('\n')

function queue(name: string, patches: Record<string, string>, comments: string[] = []): string {
  mkdirSync(join(directory, name), { recursive: true })
  for (const [patch, content] of Object.entries(patches)) writeFileSync(join(directory, name, patch), content)
  writeFileSync(join(directory, name, 'series'), `${[...comments, ...Object.keys(patches)].join('\n')}\n`)
  return name
}

interface Said {
  whole: boolean
  tree: string | null
  patches: { name: string; in: string[]; header: string[]; fates: { hunk: number; what?: string; fate: string }[] }[]
  added: object[]
  problems: object[]
}

function check(now: string, old = 'old'): Said & { code: number | null } {
  const release = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
  const { code, stdout, stderr } = rebaseline(directory, ['export', '--check', old, now, ...release, '--json'])
  if (stdout === '') throw new Error(stderr)
  return { code, ...JSON.parse(stdout) }
}

const TARGET = 'int end_of_this_file;'

beforeAll(() => {
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  put({ 'valve.c': source(), 'old.c': 'int old;\n' })
  git(upstream, 'commit', '--quiet', '--message', 'Begin')
  git(upstream, 'tag', 'v1.0')
  put({ 'valve.c': source({}, TARGET) })
  git(upstream, 'commit', '--quiet', '--message', 'Name the end')
  git(upstream, 'tag', 'v2.0')
  queue('old', { 'fix.patch': patchOn('v1.0', { 'valve.c': source({ left: FIX }) }) })
})

const fatesOf = ({ patches }: Said) => patches.map(({ fates }) => fates.map(({ fate }) => fate))

describe('a rebase is whole', () => {
  it('where every hunk is as it was', () => {
    const said = check('old')
    expect(said).toMatchObject({ code: 0, whole: true, tree: 'same', added: [], problems: [] })
    expect(fatesOf(said)).toEqual([['as-is']])
  })

  it('where hunks moved: to another patch, in other context', () => {
    const now = queue('renamed', { '0001-valve.patch': patchOn('v2.0', { 'valve.c': source({ left: FIX }, TARGET) }) })
    expect(check(now)).toMatchObject({ code: 0, patches: [{ in: ['0001-valve.patch'], header: [] }] })
  })

  it('where a hunk was left out for a reason that the series tells', () => {
    const other = patchOn('v2.0', { 'old.c': 'int old = 1;\n' })
    const said = check(queue('reason', { 'other.patch': other }, ['# fix.patch: given up, nobody turns closed valves']))
    expect(said).toMatchObject({
      ...{ code: 0, whole: true, tree: 'differs', added: [{ name: 'other.patch', path: 'old.c' }] },
      patches: [{ fates: [{ fate: 'dropped', because: 'given up, nobody turns closed valves' }] }],
    })
  })

  it('where a changed hunk names the lines that it lost', () => {
    const now = patchOn('v2.0', { 'valve.c': source({ left: FIX.with(1, '        return -EPERM;') }, TARGET) })
    expect(check(queue('changed', { 'fix.patch': now }))).toMatchObject({
      ...{ code: 0, whole: true, tree: 'differs' },
      patches: [{ fates: [{ fate: 'changed', lost: ['        return -EINVAL;'] }] }],
    })
  })
})

describe('a rebase is not whole', () => {
  it.each([
    ['left out without a word', { 'other.patch': () => patchOn('v2.0', { 'old.c': 'int old = 1;\n' }) }],
    [
      'put into the function beside it',
      { 'fix.patch': () => patchOn('v2.0', { 'valve.c': source({ right: FIX }, TARGET) }) },
    ],
  ])('where a hunk was %s', (name, patches) => {
    const made = Object.fromEntries(Object.entries(patches).map(([patch, make]) => [patch, make()]))
    const said = check(queue(`not ${name}`, made))
    expect(said).toMatchObject({ code: 3, whole: false })
    expect(fatesOf(said)).toEqual([['missing']])
    expect(said.added).toHaveLength(1)
  })

  it('where a script lost its mode', () => {
    const script = { 'run.sh': '#!/bin/sh\nexit 0\n' }
    const old = queue('old-mode', { 'script.patch': patchOn('v1.0', script) })
    const now = queue('new-mode', {
      'script.patch': patchOn('v2.0', script).replace('new file mode 100755', 'new file mode 100644'),
    })
    expect(check(now, old)).toMatchObject({
      ...{ code: 3 },
      patches: [
        {
          fates: [
            { hunk: 0, what: 'mode', fate: 'missing' },
            { hunk: 1, fate: 'as-is' },
          ],
        },
      ],
    })
  })

  it('where a patch stays as it was and does not apply: that is said, and nothing of it is missing', () => {
    const files = { 'valve.c': source({}, 'int end_of_file = 1;'), 'run.sh': '#!/bin/sh\nexit 0\n' }
    const unfinished = queue('unfinished', { 'end.patch': patchOn('v1.0', files) })
    const said = check(unfinished, unfinished)
    expect(said).toMatchObject({ code: 3, problems: [{ name: 'end.patch', what: 'does-not-apply' }] })
    expect(new Set(fatesOf(said).flat())).toEqual(new Set(['as-is']))
    expect(said.patches).toMatchObject([{ in: ['end.patch'] }])
  })

  it('where the new queue does not apply, or holds the markers of a conflict', () => {
    const broken = patchOn('v2.0', { 'valve.c': source({ left: FIX }, TARGET) }).replace(
      '     lock(v);',
      '     luck(v);',
    )
    expect(check(queue('broken', { 'fix.patch': broken }))).toMatchObject({
      ...{ code: 3, whole: false, tree: 'differs' },
      problems: [{ name: 'fix.patch', what: 'does-not-apply' }],
    })
    const marked = ['<<<<<<< ours', ...FIX, '=======', '>>>>>>> theirs']
    const now = patchOn('v2.0', { 'valve.c': source({ left: marked }, TARGET) })
    expect(check(queue('marked', { 'fix.patch': now })).problems).toEqual([{ name: 'fix.patch', what: 'markers' }])
  })
})

describe('headers', () => {
  const rewritten = (header: string) => {
    const now = patchOn('v2.0', { 'valve.c': source({ left: FIX }, TARGET) }, header)
    return check(queue(`header ${header.length}`, { 'fix.patch': now })).patches[0]?.header
  }

  it('say what they lost', () => {
    expect(rewritten(HEADER)).toEqual([])
    expect(rewritten(HEADER.replace('Ann Lee <ann@example.org>', 'Bob <bob@example.org>'))).toEqual(['author-changed'])
    expect(rewritten(HEADER.replace(/\nSigned-off-by.*/, ''))).toEqual(['sign-off-lost'])
    expect(rewritten(HEADER.replace('CVE-2031-1234', 'a report'))).toContain('id-lost')
    expect(rewritten('Subject: valve: refuse to turn a closed one\n')).toEqual(
      expect.arrayContaining(['author-lost', 'sign-off-lost', 'id-lost', 'text-lost']),
    )
  })
})

it('is told to people with what is lost first, and refused without two queues', () => {
  const release = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
  const other = { 'other.patch': patchOn('v2.0', { 'old.c': 'int old = 1;\n' }) }
  const { stdout } = rebaseline(directory, ['export', '--check', 'old', queue('told', other), ...release])
  expect(stdout).toMatch(
    /^MISSING: lost, and nobody says why \(1 question\)\n {2}fix\.patch\n {4}left out whole: no commit upstream is known to do it\n {6}valve\.c, hunk 1\n/,
  )
  expect(stdout).toMatch(
    /1 change of 1 patch, v1\.0 to v2\.0: 1 missing\n1 patch to ask about; [^\n]* --on-purpose fix\.patch --because "…" answers for one\nnot whole\n$/,
  )
  expect(rebaseline(directory, ['export', '--check', 'old', ...release]).stderr).toContain('--check takes two queues')
  expect(rebaseline(directory, ['export', '--check', 'old', 'old']).stderr).toContain('give --onto')
})

describe('a person', () => {
  const release = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
  const run = (db: string, now: string, ...words: string[]) => {
    const args = ['export', '--check', 'old', now, ...release, '--db', `${db}.db`, '--json', ...words]
    const { code, stdout, stderr } = rebaseline(directory, args)
    return { code, stderr, fates: stdout === '' ? [] : JSON.parse(stdout).patches[0].fates }
  }

  it('says what is gone on purpose, once, until it becomes of something else', () => {
    const other = { 'other.patch': patchOn('v2.0', { 'old.c': 'int old = 1;\n' }) }
    const now = queue('on-purpose', other)
    expect(run('purpose', now)).toMatchObject({ code: 3, fates: [{ fate: 'missing' }] })
    const words = ['--on-purpose', 'fix.patch:valve.c:1', '--because', 'no valve is closed now', '--by', 'Ann']
    const dropped = {
      fate: 'dropped',
      because: expect.stringMatching(/^on purpose, says Ann on .*: no valve is closed/),
    }
    expect(run('purpose', now, ...words)).toMatchObject({ code: 0, fates: [dropped] })
    expect(run('purpose', now)).toMatchObject({ code: 0, fates: [dropped] })
    const half = patchOn('v2.0', { 'valve.c': source({ left: FIX.slice(0, 1) }, TARGET) })
    expect(run('purpose', queue('on-purpose-half', { 'fix.patch': half }))).toMatchObject({
      fates: [{ fate: 'changed', because: null, lost: ['        return -EINVAL;'] }],
    })
    expect(run('purpose', now, '--on-purpose', 'fix.patch').stderr).toMatch(/needs a reason/)
    expect(run('purpose', now, ...words)).toMatchObject({ code: 0, fates: [dropped] })
    const elsewhere = words.with(1, 'fix.patch:valve.c:2')
    expect(run('purpose', now, ...elsewhere).stderr).toMatch(/nothing is asked about fix\.patch:valve\.c:2/)
  })

  it('is not asked about lines that were lost on purpose', () => {
    const now = queue('lost', {
      'fix.patch': patchOn('v2.0', { 'valve.c': source({ left: FIX.with(1, '        return -EPERM;') }, TARGET) }),
    })
    const told = (...words: string[]) =>
      rebaseline(directory, ['export', '--check', 'old', now, ...release, '--db', 'lost.db', ...words]).stdout
    expect(told()).toMatch(
      /lines of it are gone: is that on purpose\? \(1 question\)\n {2}fix\.patch[\s\S]*1 patch to ask about/,
    )
    expect(told('--on-purpose', 'fix.patch', '--because', 'permission it is')).not.toMatch(/to ask about/)
    expect(told()).toMatch(/CHANGED: look at each\n {2}fix\.patch\n {4}valve\.c, hunk 1: on purpose, says/)
  })

  it('answers for a whole patch by overruling it', () => {
    rebaseline(directory, ['try', '--queue', 'old', ...release, '--db', 'overruled.db'])
    const answer = ['overrule', 'fix', 'drop', '--reason', 'not needed', '--queue', 'old', '--db', 'overruled.db']
    expect(rebaseline(directory, answer).code).toBe(0)
    const now = queue('overruled', { 'other.patch': patchOn('v2.0', { 'old.c': 'int old = 1;\n' }) })
    expect(run('overruled', now)).toMatchObject({
      code: 0,
      fates: [{ fate: 'dropped', because: expect.stringMatching(/^overruled by .*: not needed$/) }],
    })
  })
})

it('is kept as evidence, the same check once', () => {
  const release = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
  for (const _ of [1, 2]) rebaseline(directory, ['export', '--check', 'old', 'old', ...release, '--db', 'kept.db'])
  const database = openSqlite(join(directory, 'kept.db'), 0)
  expect(database.prepare('SELECT target_ref, is_whole, tree FROM account').raw().all()).toEqual([['v2.0', 1, 'same']])
  expect(database.prepare('SELECT patch, fate FROM account_change').raw().all()).toEqual([['fix.patch', 'as-is']])
  database.close()
})

it('is told in the report, with what is lost first and without the HTML of a patch', () => {
  const release = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
  const place = ['--queue', 'old', '--db', 'reported.db']
  rebaseline(directory, ['try', ...place, ...release])
  const lost = FIX.with(1, '        return "<b>no</b>";')
  const now = queue('reported', { 'fix.patch': patchOn('v2.0', { 'valve.c': source({ left: lost }, TARGET) }) })
  rebaseline(directory, ['export', '--check', 'old', now, ...release, '--db', 'reported.db'])
  rebaseline(directory, ['export', '--check', now, 'old', ...release, '--db', 'reported.db'])
  for (const format of ['md', 'html']) {
    const { stdout } = rebaseline(directory, ['report', ...place, '--format', format])
    expect(stdout).toMatch(/What became of the old queue[\s\S]*Checked [\d-]+ onto v2\.0: 1 change, 1 changed; nothing/)
    expect(stdout).toMatch(/valve\.c, hunk 1[\s\S]*changed[\s\S]*lost: return &quot;&lt;b&gt;no&lt;/)
    expect(stdout).not.toContain('<b>no')
  }
})

it('takes commits for a queue', () => {
  const commitOn = (branch: string, release: string, end?: string) => {
    git(upstream, 'checkout', '--quiet', '--force', '-b', branch, release)
    put({ 'valve.c': source({ left: FIX }, end) })
    git(upstream, 'commit', '--quiet', '--message', 'Refuse to turn a closed valve')
  }
  commitOn('carried', 'v1.0')
  commitOn('rebased', 'v2.0', TARGET)
  const queues = ['upstream#v1.0..carried', 'upstream#v2.0..rebased']
  const { code, stdout } = rebaseline(directory, [
    ...['export', '--check', ...queues, '--upstream', 'upstream', '--onto', 'v2.0'],
  ])
  expect(stdout).toMatch(/whole: nothing is missing\n$/)
  expect(code).toBe(0)
})
