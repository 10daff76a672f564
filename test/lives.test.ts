import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const diff = (name: string, count = 4) => {
  const lines = Array.from({ length: count }, (_, at) => `+${name}_${at}();\n`).join('')
  return `Subject: ${name}\n\n--- a/${name}.c\n+++ b/${name}.c\n@@ -1 +1,${count + 1} @@\n first\n${lines}`
}
const spec = (version: string) => ({ 'kettle.spec': `Name: kettle\nVersion: ${version}\n` })
const queue = (...names: string[]) => ({
  series: names.map((name) => `${name}\n`).join(''),
  ...Object.fromEntries(names.filter((name) => /^\w/.test(name)).map((name) => [name, diff(name.replace('.', '_'))])),
})

type Files = Record<string, string | Buffer | null | { link: string }>
interface Commit {
  files: Files
  message?: string
  tag?: string
}

/** A repository with a commit for each set of files, a day apart; null takes a file out. */
function repository(name: string, commits: (Files | Commit)[], branch = 'main'): string {
  const place = join(directory, name)
  mkdirSync(place, { recursive: true })
  git(place, 'init', '--quiet', `--initial-branch=${branch}`)
  for (const one of commits) commit(place, one)
  return place
}

let day = 0
function commit(place: string, one: Files | Commit): string {
  const { files, message = 'Work', tag } = 'files' in one ? (one as Commit) : { files: one as Files }
  for (const [path, content] of Object.entries(files)) {
    const file = join(place, path)
    mkdirSync(dirname(file), { recursive: true })
    rmSync(file, { force: true })
    if (content !== null && typeof content === 'object' && 'link' in content) symlinkSync(content.link, file)
    else if (content !== null) writeFileSync(file, content)
  }
  const date = `${1_577_836_800 + ++day * 86_400} +0000`
  git(place, 'add', '--all')
  git(place, '-c', `user.name=U`, 'commit', '--quiet', '--allow-empty', '--message', message, '--date', date)
  if (tag !== undefined) git(place, 'tag', tag)
  return git(place, 'rev-parse', 'HEAD')
}

const run = (name: string, ...args: string[]) =>
  rebaseline(join(directory, name), [...args, '--db', join(directory, `${name}.db`)], { COLUMNS: '200' })
const importOf = (name: string, ...args: string[]) => run(name, 'history', 'import', '--repo', '.', ...args)
const told = (name: string, ...args: string[]) => JSON.parse(run(name, 'history', '--json', ...args).stdout)
const sizes = (name: string, ...args: string[]) =>
  told(name, ...args).periods.map(({ release, patches }: { release: string; patches: number }) => [release, patches])

describe('one queue is told', () => {
  it('and where HEAD has several, they are named', () => {
    repository('two', [
      { 'xen/series': 'a.patch\n', 'xen/a.patch': diff('a'), 'qemu/series': 'b.patch\n', 'qemu/b.patch': diff('b') },
    ])
    const { code, stderr } = importOf('two')
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/more than one queue: qemu\/series, xen\/series\n.*--queue/),
    ])
    expect(importOf('two', '--queue', 'xen/series').stdout).toContain('1 revision, 1 patch')
  })

  it('of a bare repository the one that is named, which is on no disk', () => {
    const one = repository('source', [
      {
        'xen/series': 'a.patch\n',
        'xen/a.patch': diff('a'),
        'qemu/series': 'b.patch\nc.patch\n',
        'qemu/b.patch': diff('b'),
      },
    ])
    mkdirSync(join(directory, 'bare'))
    git(directory, 'clone', '--quiet', '--bare', one, 'bare/queues.git')
    const importBare = (queue: string) => run('bare', 'history', 'import', '--repo', 'queues.git', '--queue', queue)
    expect(importBare('queues.git/nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no nowhere'),
    })
    const [, hint = ''] = /--queue (\S+)/.exec(run('bare', 'history', 'import', '--repo', 'queues.git').stderr) ?? []
    expect(hint).toMatch(/\/queues\.git\/qemu\/series$/)
    expect(importBare(hint).stdout).toContain('1 revision, 2 patches')
    expect(importBare('queues.git/xen').stdout).toContain('1 revision, 1 patch')
    expect(told('bare', '--queue', 'queues.git/xen').periods).toMatchObject([{ patches: 1 }])
  })

  it('the one that is found in HEAD, never an archived one beside it', () => {
    const old = { 'old/series': 'a.patch\nb.patch\nc.patch\n', 'old/a.patch': diff('a'), 'old/b.patch': diff('b') }
    repository('archive', [
      {
        ...spec('1.0'),
        'patches/series': 'a.patch\nb.patch\n',
        'patches/a.patch': diff('a'),
        'patches/b.patch': diff('b'),
      },
      { ...spec('1.1'), ...old, 'patches/series': 'a.patch\n' },
    ])
    importOf('archive')
    expect(sizes('archive')).toEqual([
      ['1.0', 2],
      ['1.1', 1],
    ])
  })

  it('in a recipe whose name changes with its version', () => {
    const recipe = (version: string, ...names: string[]) => ({
      [`recipes/kettle/kettle_${version}.bb`]: `SRC_URI = "https://e.org/k.tar.gz ${names.map((name) => `file://${name}`).join(' ')}"\n`,
    })
    repository('recipe', [
      {
        ...recipe('1.0', 'a.patch', 'b.patch'),
        'recipes/kettle/files/a.patch': diff('a'),
        'recipes/kettle/files/b.patch': diff('b'),
      },
      { 'recipes/kettle/kettle_1.0.bb': null, 'recipes/kettle/files/b.patch': null, ...recipe('1.1', 'a.patch') },
    ])
    importOf('recipe')
    expect(sizes('recipe')).toEqual([
      ['1.0', 2],
      ['1.1', 1],
    ])
  })

  it('and where it is commits on a branch, what is understood is said', () => {
    repository('commits', [{ 'a.c': 'a\n' }])
    expect(importOf('commits').stderr).toContain('rebaseline try --queue "REPO#v1.0..BRANCH"')
  })
})

describe('the branch', () => {
  const place = repository('branches', [{ ...spec('1.0'), ...queue('a.patch', 'b.patch') }])
  git(place, 'checkout', '--quiet', '-b', 'r-2.0')
  commit(place, { ...spec('2.0'), ...queue('a.patch') })
  git(place, 'checkout', '--quiet', '-b', 'r-10.0')
  commit(place, { ...spec('10.0'), ...queue('a.patch', 'b.patch', 'c.patch') })
  git(place, 'checkout', '--quiet', 'main')
  importOf('branches')

  it("is HEAD's, whatever others have newer revisions", () => {
    expect(sizes('branches')).toEqual([['1.0', 2]])
  })

  it('may be several, in the order of the releases that they end on', () => {
    expect(sizes('branches', '--branch', 'r-*')).toEqual([
      ['1.0', 2],
      ['2.0', 1],
      ['10.0', 3],
    ])
    expect(run('branches', 'history', '--branch', 'x-*').stderr).toContain('there is no branch "x-*"')
  })

  it('that is gone is out of the story, and stays in the record', () => {
    git(place, 'branch', '--quiet', '-D', 'r-2.0')
    importOf('branches')
    expect(run('branches', 'history', '--branch', 'r-2.0').code).toBe(2)
    git(place, 'branch', 'r-2.0', 'r-10.0~')
    importOf('branches')
    expect(sizes('branches', '--branch', 'origin/r-2.0')).toEqual([
      ['1.0', 2],
      ['2.0', 1],
    ])
  })
})

it('is read in the format of today where a revision holds another, too', () => {
  const packaging = {
    'debian/changelog': 'kettle (1.0-1) unstable; urgency=low\n\n  * x\n',
    'debian/patches/.gitignore': '',
  }
  repository('formats', [
    {
      ...{ version: '1.0\n', rel: '1\n', 'kettle.spec': 'Name: kettle\nVersion: %(cat version)\n' },
      ...{ 'series.conf': 'patches.own/a.patch\n', 'patches.own/a.patch': diff('a'), ...packaging },
    },
    {
      ...{ version: '1.1\n', 'series.conf': null, 'patches.own/a.patch': null, 'kettle.spec': null },
      ...{ 'debian/changelog': null, 'debian/patches/.gitignore': null },
      ...{
        'kettle.spec.in': 'Name: kettle\nVersion: @VERSION@\nPatch1: a.patch\nPatch2: b.patch\n%prep\n%autosetup -p1\n',
      },
      ...{ 'a.patch': diff('a'), 'b.patch': diff('b') },
    },
  ])
  importOf('formats')
  expect(sizes('formats')).toEqual([
    ['1.0', 1],
    ['1.1', 2],
  ])
})

describe('the release that a revision sits on', () => {
  const found = (name: string) =>
    told(name).periods.map(({ release, found: from }: { release: string; found: string }) => [release, from])

  it("is upstream's, whatever a distro adds to its name", () => {
    const log = (version: string) => ({ 'debian/changelog': `kettle (${version}) unstable; urgency=low\n\n  * x\n` })
    const patches = { 'debian/patches/series': 'a.patch\n', 'debian/patches/a.patch': diff('a') }
    repository('debian', [
      { ...log('1:2.0+dfsg-1'), ...patches, 'debian/source/format': '3.0 (quilt)\n' },
      log('1:2.0+dfsg1-2~bpo12+1'),
      log('1:2.1+ds-1'),
      log('1:2.2+24-g87d90d511c-1'),
    ])
    importOf('debian')
    expect(sizes('debian').map(([release]: [string]) => release)).toEqual(['2.0', '2.1', '2.2'])
  })

  it('may stand in a file "version", in tags, or in messages; and holds until another is said', () => {
    repository('version', [{ ...queue('a.patch'), version: '3.0\n' }, { version: '3.1.2\n' }])
    repository('tags', [{ files: queue('a.patch'), tag: 'v3.0-1' }, queue('b.patch'), { files: {}, tag: 'v3.1-1' }])
    repository('messages', [
      { files: queue('a.patch'), message: 'Update to Xen 4.4.1' },
      queue('b.patch'),
      { files: queue('a.patch'), message: 'Rebase the queue onto 4.5.0-rc2' },
    ])
    for (const name of ['version', 'tags', 'messages']) importOf(name)
    expect(found('version')).toEqual([
      ['3.0', 'version'],
      ['3.1.2', 'version'],
    ])
    expect(found('tags')).toEqual([
      ['3.0', 'tag v3.0-1'],
      ['3.1', 'tag v3.1-1'],
    ])
    expect(told('tags').steps.map(({ base }: { base: string }) => base)).toEqual(['v3.0-1', 'v3.0-1', 'v3.1-1'])
    expect(found('messages').map(([release]: [string]) => release)).toEqual(['4.4.1', '4.5.0-rc2'])
    expect(run('tags', 'history').stdout).toContain("3.0, 3.1: the base is that of the queue's own tags")
  })

  it('is read from what a message says of the queue, however it says it', () => {
    const messages = [
      ['Resync with upstream.  Now at 4.3.2', '4.3.2'],
      ['Merge 4.3 changes into 4.4', '4.4'],
      ['Resync with upstream, now at 4.4-rc4', '4.4-rc4'],
      ['Merge 4.3 changes into 4.4', '4.4-rc4'],
      ['Merge xen-4.4.pq.hg changes into xen-4.5.pg.git', '4.5'],
      ['CP-13767 Xen-4.6 - Port patches for upstream', '4.6'],
      ['Fix a race that 4.7 made worse', '4.6'],
      ['Update to 4.8.0k.', '4.8.0k'],
    ]
    repository(
      'said',
      messages.map(([message = ''], at) => ({ files: queue(`${'ab'[at % 2]}.patch`), message })),
    )
    importOf('said')
    expect(told('said').steps.map(({ base }: { base: string }) => base)).toEqual(messages.map(([, base]) => base))
    // A return to an older release, or to a candidate of the same, is no rebase.
    expect(told('said').rebases.map(({ from, to }: Record<string, string>) => [from, to])).toEqual([
      ['4.3.2', '4.4'],
      ['4.4-rc4', '4.5'],
      ['4.5', '4.6'],
      ['4.6', '4.8.0'],
    ])
  })

  it('may be given, and is then that of the revisions behind, too', () => {
    const place = repository('given', [{ ...spec('1.0'), ...queue('a.patch') }, queue('b.patch'), spec('1.1')])
    importOf('given', '--base', `${git(place, 'rev-parse', 'HEAD~2')}=0.9`)
    expect(found('given')).toEqual([
      ['0.9', 'given'],
      ['1.1', 'kettle.spec'],
    ])
    expect(importOf('given', '--base', 'x').code).toBe(1)
    expect(importOf('given', '--base', 'abcdef0=1.0').stderr).toContain('no revision "abcdef0"')
  })

  it('stands once, in the order of releases', () => {
    repository('order', [
      { ...spec('9.0'), ...queue('a.patch') },
      { ...spec('10.0'), ...queue('a.patch', 'b.patch') },
      { ...spec('9.0'), ...queue('a.patch') },
    ])
    importOf('order')
    expect(sizes('order')).toEqual([
      ['9.0', 1],
      ['10.0', 2],
    ])
  })
})

describe('what is not the queue of its time', () => {
  it('is passed over where markers stand in the series, and said', () => {
    repository('torn', [
      { ...spec('1.0'), ...queue('a.patch', 'b.patch') },
      { ...spec('1.1'), ...queue('a.patch') },
      { series: '<<<<<<< HEAD\na.patch\n=======\nb.patch\n>>>>>>> other\n' },
    ])
    importOf('torn')
    expect(sizes('torn')).toEqual([
      ['1.0', 2],
      ['1.1', 1],
    ])
    expect(run('torn', 'history').stdout).toMatch(/newest revision, .* cannot be told: conflict markers in series/)
  })

  it('is no size where a rebase is under way', () => {
    repository('under-way', [
      { ...spec('1.0'), ...queue('a.patch', 'b.patch', 'c.patch', 'd.patch') },
      { ...spec('1.1'), series: '# a.patch\n# b.patch\n# c.patch\n# d.patch\n' },
      { series: 'a.patch\n# b.patch\n# c.patch\n# d.patch\n' },
    ])
    importOf('under-way')
    const text = run('under-way', 'history').stdout
    expect(text).toMatch(/^3 are commented out: a rebase is under way since /m)
    expect(text).toMatch(/^3 more patches are listed and take no part: 3 commented out$/m)
    expect(told('under-way').steps.map(({ settled }: { settled: boolean }) => settled)).toEqual([true, false, false])
    expect(run('under-way', 'report', '--format', 'md').stdout).toContain('3 are commented out')
  })

  it('is no size until a rebase has taken in all it takes, in a directory of its own, too', () => {
    const names = ['a.patch', 'b.patch', 'c.patch', 'd.patch']
    const moved = (count: number): Files => ({
      'new/series': names.map((name, at) => `${at < count ? '' : '# '}${name} # why\n`).join(''),
      ...Object.fromEntries(
        names.slice(0, count).flatMap((name) => [
          [name, null],
          [`new/${name}`, diff(name)],
        ]),
      ),
    })
    repository('moving', [
      { ...spec('1.0'), ...queue(...names) },
      { ...moved(0), series: null },
      moved(1),
      moved(3),
      { files: { ...moved(4), ...spec('1.1') }, message: 'Done' },
    ])
    importOf('moving')
    expect(told('moving').steps.map(({ settled }: { settled: boolean }) => settled)).toEqual([
      ...[true, false, false, false, true],
    ])
    expect(told('moving').rebases).toMatchObject([{ from: '1.0', to: '1.1', before: 4, after: 4, left: 0, came: 0 }])
  })

  it('takes no part where a guard is in the way, or no file is there', () => {
    repository('guards', [
      { series: '+prod a.patch\nb.patch\nmissing.patch\n', 'a.patch': diff('a'), 'b.patch': diff('b') },
    ])
    importOf('guards')
    const text = run('guards', 'history').stdout
    expect(text).toContain('1 more patch is listed and take no part: 1 behind a guard')
    expect(text).toContain('1 listed patch is missing, without a file: missing.patch')
  })

  it('ends where a shallow clone ends', () => {
    const place = repository('deep', [{ ...spec('1.0'), ...queue('a.patch') }, queue('a.patch', 'b.patch')])
    git(directory, 'clone', '--quiet', '--depth', '1', `file://${place}`, 'shallow')
    expect(importOf('shallow').stderr).toMatch(/history is cut at [0-9a-f]{12}, the clone is shallow: git fetch --unsh/)
    expect(run('shallow', 'history').stdout).toContain('ages are at least what is said')
  })
})

describe('what is read', () => {
  it('is unpacked, and links inside the repository are followed', () => {
    repository('packed', [
      { ...spec('1.0'), series: 'a.patch.gz\n', 'a.patch.gz': gzipSync(diff('a', 12)) },
      {
        ...{
          ...spec('1.1'),
          series: { link: 'lists/series-1.1' },
          'lists/series-1.1': 'a.patch.gz\nb.patch\nout.patch\n',
        },
        ...{
          'b.patch': { link: 'lists/b.patch' },
          'lists/b.patch': diff('b'),
          'out.patch': { link: '../../etc/passwd' },
        },
      },
    ])
    importOf('packed')
    expect(told('packed').periods).toMatchObject([
      { release: '1.0', patches: 1, added: 12 },
      { release: '1.1', patches: 3, added: 16 },
    ])
    expect(run('packed', 'history').stdout).toContain('1 listed patch is missing, without a file: out.patch')
  })

  it('is read once, and replaced where something else is asked for', () => {
    const place = repository('again', [{ ...queue('a.patch', 'b.patch'), 'series.debug': 'a.patch\n', ...spec('1.0') }])
    importOf('again', '--series', 'series.debug')
    expect(sizes('again')).toEqual([['1.0', 1]])
    importOf('again')
    expect(sizes('again')).toEqual([['1.0', 2]])
    expect(importOf('again').stdout).toContain('nothing new; 1 revision was known')
    commit(place, queue('a.patch'))
    expect(importOf('again').stdout).toContain('new: 1 revision, 1 patch listed, 1 different one; 1 revision')
    expect(sizes('again')).toEqual([['1.0', 1]])
  })

  it('is the recipe of HEAD among others; what cannot be told of the past is said', () => {
    const recipe = (...names: string[]) => `SRC_URI = "${names.map((name) => `file://${name}`).join(' ')}"\n`
    const files = { 'kettle/files/a.patch': diff('a'), 'kettle/files/b.patch': diff('b') }
    repository('recipes', [
      { ...files, 'kettle/kettle_5.0.bb': recipe('a.patch', 'b.patch'), 'kettle/kettle-tools_1.0.bb': recipe() },
      { 'kettle/kettle_5.1.bb': recipe('a.patch', 'b.patch') },
      { 'kettle/kettle_5.0.bb': null, 'kettle/kettle_5.1.bb': null, 'kettle/kettle_4.0.bb': recipe('a.patch') },
      { 'kettle/kettle-tools_1.0.bb': null },
    ])
    const place = ['--queue', 'kettle']
    expect(importOf('recipes', ...place)).toMatchObject({ code: 0 })
    expect(sizes('recipes', ...place)).toEqual([
      ['4.0', 1],
      ['5.0', 2],
    ])
    const text = run('recipes', 'history', ...place).stdout
    expect(text).toMatch(/^1 patch now$/m)
    expect(text).toMatch(/^1 revision from .* cannot be told, and left out: .*:kettle holds several recipes: /m)
  })

  it('goes on behind a commit that has no queue', () => {
    repository('gap', [{ ...spec('1.0'), ...queue('a.patch') }, { series: null, 'a.patch': null }, queue('b.patch')])
    importOf('gap')
    expect(told('gap').steps).toHaveLength(2)
  })
})

describe('what became of a patch', () => {
  const flow = (name: string, ...between: string[]) =>
    JSON.parse(run(name, 'history', 'flow', ...between, '--json').stdout)
  const names = (list: { name: string }[]) => list.map(({ name }) => name)

  it('is told with what needs a look first, and in full where it is asked for', () => {
    const old = Array.from({ length: 20 }, (_, at) => `old-${at}.patch`)
    const series = (...names: string[]) => `# =====\n# Technical debt\n# =====\n${names.join('\n')}\n`
    const place = repository('long', [
      { ...spec('1.0'), ...queue(...old, 'kept.patch') },
      {
        files: { ...spec('1.1'), ...Object.fromEntries(old.map((name) => [name, null])), series: series('kept.patch') },
        message: 'Drop what is upstream',
      },
      queue('kept.patch', 'new.patch'),
    ])
    // Days apart: commits that land together are one rebase.
    git(place, 'rebase', '--quiet', '--committer-date-is-author-date', '--no-ff', '--root')
    importOf('long')
    const text = run('long', 'history', 'flow', '1.0', '1.1').stdout
    expect(text).toMatch(
      /^1\.0 -> 1\.1: 21 -> 2 patches\n20 left, 1 went on \(1 as they were, 0 refreshed\), 1 came in\n/,
    )
    expect(text).toMatch(/^the rebase of \S+ left 1 \(20 left, 0 came in\), the rest came since$/m)
    expect(text).toMatch(/^ {3}20 {2}upstream has it, as the commit says; nothing proves it \(20 debt\)$/m)
    expect(text).toMatch(/^LEFT, WITHOUT PROOF 20$/m)
    expect(text).toMatch(/^ {2}… 15 more: rebaseline history flow \S+ \S+ 1\.0 1\.1 --left unproven$/m)
    expect(text).toMatch(
      /\nnext {2}rebaseline history flow .* --all(?: {3}.*)?\n {6}rebaseline history patch .* old-0\.patch(?: {3}.*)?\n$/,
    )
    for (const asked of [['--all'], ['--left', 'unproven']])
      expect(run('long', 'history', 'flow', '1.0', '1.1', ...asked).stdout.match(/^ {2}old-/gm)).toHaveLength(20)
    expect(run('long', 'history', 'flow', '1.0', '1.1', '--left', 'unproven').stdout).not.toContain('CAME IN')
    expect(run('long', 'history', 'flow', '1.0', '1.1', '--all', '--left', 'unproven').code).toBe(1)
  })

  it('is told by its content before its name', () => {
    const named = (...contents: string[]) => ({
      series: contents.map((_, at) => `0${at + 1}.patch\n`).join(''),
      ...Object.fromEntries(contents.map((content, at) => [`0${at + 1}.patch`, diff(content)])),
    })
    repository('shifted', [
      { ...spec('1.0'), ...named('a', 'b', 'c') },
      { ...spec('1.1'), ...named('new', 'a', 'b', 'c') },
      { ...spec('1.2'), ...named('new', 'b', 'a', 'c') },
    ])
    importOf('shifted')
    const inserted = flow('shifted', '1.0', '1.1')
    expect([names(inserted.came), names(inserted.renamed), inserted.refreshed]).toEqual([
      ['01.patch'],
      ['02.patch', '03.patch', '04.patch'],
      [],
    ])
    const swapped = flow('shifted', '1.1', '1.2')
    expect([swapped.left, swapped.came, swapped.refreshed]).toEqual([[], [], []])
    expect(names(swapped.stayed)).toHaveLength(4)
  })

  it('names the parts of one that was split, and says why and when one left that came back', () => {
    const whole = diff('whole', 8)
    const part = (from: number) => {
      const lines = Array.from({ length: 4 }, (_, at) => `+whole_${from + at}();\n`).join('')
      return `Subject: part ${from}\n\n--- a/whole.c\n+++ b/whole.c\n@@ -1 +1,5 @@\n first\n${lines}`
    }
    repository('split', [
      { ...spec('1.0'), series: 'whole.patch\na.patch\n', 'whole.patch': whole, 'a.patch': diff('a') },
      {
        files: {
          ...spec('1.1'),
          series: 'one.patch\ntwo.patch\n',
          'one.patch': part(0),
          'two.patch': part(4),
          'a.patch': null,
        },
        message: 'Drop a: upstream has it',
      },
      { ...spec('1.2'), ...queue('a.patch'), 'a.patch': diff('a') },
    ])
    importOf('split')
    const text = run('split', 'history', 'flow', '1.0', '1.1').stdout
    expect(text).toMatch(/a\.patch {2}\d{4}-\d\d-\d\d "Drop a: upstream has it", .*, back on/)
    expect(text).toMatch(/split (?:into|from) /)
    expect(text).toContain('upstream has it, as the commit says; nothing proves it')
    const { history } = JSON.parse(run('split', 'report', '--format', 'json').stdout)
    expect(history.carried).toMatchObject([{ name: 'a.patch' }])
    expect(run('split', 'report').stdout).toContain('<b>split</b>, branch main')
  })
})
