import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle, fingerprint, kettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { upstream, queue } = buildKettle(directory)
const series = join(queue, 'series')
const tryOf = (name: string) => {
  return ['try', '--queue', name, '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
}
const tryArgs = tryOf('queue')

interface Document {
  attempt: { id: number }
  base: { ref: string; found: string }
  queue: { added: number; removed: number; disabled: object[] }
  summary: Record<string, number>
  patches: {
    position: number
    name: string
    onBase: string
    landing: string
    verdict: string
    action: string
    section: string
    owner: string | null
    blockedBy: number[]
    conflicts: { path: string; hunks: number; hunksFailed: number }[]
    upstream: {
      status: string
      survival: number
      commits: { sha: string; firstTag: string; signals: string[]; coverage: number }[]
    }
  }[]
}

function json(args: string[]): Document {
  const { code, stdout, stderr } = rebaseline(directory, [...args, '--json'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

function leftOver(parent: string): string[] {
  return existsSync(parent) ? readdirSync(parent) : []
}

/** Attempt numbers and times aside, which are allowed to differ. */
function comparable(document: Document): string {
  return JSON.stringify({ ...document, attempt: null })
}

function expected(name: string): string {
  return readFileSync(join(kettle, 'expected', name), 'utf8')
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('try on the example', () => {
  const document = json(tryArgs)

  it('gives every patch the verdict that is expected', () => {
    const lines = document.patches.map((patch) => {
      const { position, name, onBase, landing, verdict, action, section, owner } = patch
      return `${position} ${name}: base ${onBase}, ${landing}, ${verdict}, ${action} [${section}] ${owner ?? '-'}\n`
    })
    expect(lines.join('')).toBe(expected('verdicts.txt'))
  })

  it('shows every landing and every verdict at least once', () => {
    expect(new Set(document.patches.map((patch) => patch.landing))).toEqual(
      new Set(['clean', 'offset', 'fuzz', 'merged', 'noop', 'conflict', 'blocked', 'withheld', 'unreadable']),
    )
    expect(Object.values(document.summary).every((count) => count > 0)).toBe(true)
  })

  it('proves what is upstream by commit, first release and the target tree', () => {
    const evidence = document.patches
      .filter((patch) => patch.upstream.status !== 'absent')
      .map(({ name, upstream: { status, survival, commits } }) => {
        const said = commits.map(({ sha, firstTag, signals, coverage }) => {
          expect(git(upstream, 'merge-base', sha, 'KETTLE-1.2.0')).toBe(sha)
          return `${git(upstream, 'log', '-1', '--format=%s', sha)} (${firstTag}; ${signals.join(', ')}; ${coverage})`
        })
        return `${name}: ${status} ${survival}: ${said.join('; ')}\n`
      })
    expect(evidence.join('')).toBe(expected('evidence.txt'))
  })

  it('names what a blocked patch waits for and where a conflict is', () => {
    const byName = new Map(document.patches.map((patch) => [patch.name, patch]))
    expect(byName.get('kettle-stop-early.patch')?.blockedBy).toEqual([byName.get('kettle-altitude.patch')?.position])
    expect(byName.get('kettle-altitude.patch')?.conflicts).toMatchObject([
      { path: 'src/kettle.c', hunks: 1, hunksFailed: 1 },
    ])
  })

  it('counts lines, and what is commented out or guarded', () => {
    expect(document.queue).toMatchObject({
      order: 'stated (series)',
      disabled: [
        { name: 'kettle-whistle-melody.patch', reason: 'commented out' },
        { name: 'kettle-tea-mode.patch', reason: 'guard +experimental' },
      ],
    })
    const numstat = document.patches
      .filter((patch) => patch.verdict !== 'invalid' && patch.name !== 'placeholder-descaling.patch')
      .map((patch) => git(queue, 'apply', '--numstat', patch.name).split('\t').slice(0, 2).map(Number))
    expect(document.queue.added).toBe(numstat.reduce((sum, [added = 0]) => sum + added, 0))
    expect(document.queue.removed).toBe(numstat.reduce((sum, [, removed = 0]) => sum + removed, 0))
  })

  it('says the same again, byte for byte, and reads the same back from the record', () => {
    const again = json(tryArgs)
    expect(comparable(again)).toBe(comparable(document))
    expect(comparable(json(['show', '--queue', 'queue', `@${document.attempt.id}`]))).toBe(comparable(document))
  })

  it.each([80, 160])('prints a table for %i columns', (width) => {
    const own = ['--db', `${width}.db`]
    const { stdout } = rebaseline(directory, [...tryArgs, ...own], { COLUMNS: String(width) })
    const stable = stdout.replace(
      /attempt @1, ([\d.]+) s$/m,
      (_, time: string) => `${' '.repeat(time.length - 1)}attempt @1, T s`,
    )
    expect(stable).toBe(expected(`table-${width}.txt`))
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
  })

  it('leaves the upstream and the queue byte-identical, and no scratch behind', () => {
    const before = {
      files: [fingerprint(upstream), fingerprint(queue, ['.rebaseline'])],
      shm: leftOver(`/dev/shm/rebaseline-${process.getuid?.()}`),
    }
    rebaseline(directory, tryArgs)
    expect([fingerprint(upstream), fingerprint(queue, ['.rebaseline'])]).toEqual(before.files)
    expect(leftOver(join(queue, '.rebaseline', 'scratch'))).toEqual([])
    const memory = `/dev/shm/rebaseline-${process.getuid?.()}`
    // Others of the machine are at work there, too: what is left of one that ended is nobody's.
    const ended = leftOver(memory).filter((name) => !before.shm.includes(name) && !isRunning(Number.parseInt(name, 10)))
    expect(ended.filter((name) => existsSync(join(memory, name)))).toEqual([])
  })

  it('exits with 3 where --fail-on finds what it looks for, and not else', () => {
    expect(rebaseline(directory, [...tryArgs, '--fail-on', 'conflicting,invalid']).code).toBe(3)
    expect(rebaseline(directory, [...tryArgs.slice(0, -1), 'KETTLE-1.0.0', '--fail-on', 'blocked']).code).toBe(0)
  })
})

it('takes a URL for the upstream, and keeps its copy', () => {
  const url = tryArgs.map((word) => (word === 'upstream' ? `file://${upstream}` : word))
  expect(json(url).summary).toEqual(json(tryArgs).summary)
  const copies = readdirSync(join(directory, '.cache', 'rebaseline', 'upstreams'))
  expect(copies.filter((name) => name.endsWith('.git')).length).toBe(1)
  const { code, stderr } = rebaseline(directory, [...tryArgs, '--upstream', 'file:///nowhere/xen.git'])
  expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot fetch.*\n {2}hint: /)])
  expect(rebaseline(directory, [...tryArgs, '--upstream', 'ext::sh -c touch% pwned']).code).toBe(2)
  expect(existsSync(join(directory, 'pwned'))).toBe(false)
})

it('reads a guilt queue of the branch that HEAD names', () => {
  const guilt = join(directory, 'guilt')
  mkdirSync(join(guilt, '.git', 'patches'), { recursive: true })
  writeFileSync(join(guilt, '.git', 'HEAD'), 'ref: refs/heads/topic\n')
  cpSync(queue, join(guilt, '.git', 'patches', 'topic'), {
    recursive: true,
    filter: (path) => !path.includes('.rebaseline'),
  })
  const args = tryOf('guilt')
  expect(json([...args, '--db', 'guilt.db'])).toMatchObject({
    queue: { format: 'guilt', disabled: { length: 2 } },
    patches: { length: 13 },
  })
  writeFileSync(join(guilt, '.git', 'patches', 'topic', 'kettle-tea-mode.patch'), 'Tea mode, not yet\n')
  expect(json([...args, '--db', 'guilt.db', '--guard', 'experimental'])).toMatchObject({
    queue: { disabled: { length: 1 } },
    patches: { length: 14 },
  })
})

describe('the base', () => {
  it('is found by the blob ids of the index lines', () => {
    const found = json(tryArgs.filter((word) => word !== '--base' && word !== 'KETTLE-1.0.0'))
    expect(found.base).toMatchObject({ ref: 'KETTLE-1.0.0', found: 'blobs' })
  })

  it('is found by trying where there are no blob ids', () => {
    const bare = join(directory, 'bare')
    cpSync(queue, bare, { recursive: true, filter: (path) => !path.includes('.rebaseline') })
    for (const name of readdirSync(bare).filter((one) => one.endsWith('.patch'))) {
      writeFileSync(join(bare, name), readFileSync(join(bare, name), 'latin1').replace(/^index .*\n/gm, ''), 'latin1')
    }
    const found = json(['try', '--queue', 'bare', '--upstream', 'upstream', '--onto', 'KETTLE-1.2.0'])
    expect(found.base).toMatchObject({ ref: 'KETTLE-1.0.0', found: 'search' })
  })

  it('that is younger than the target is noted', () => {
    const args = [
      'try',
      '--queue',
      'queue',
      '--upstream',
      'upstream',
      '--base',
      'KETTLE-1.2.0',
      '--onto',
      'KETTLE-1.0.0',
    ]
    expect(rebaseline(directory, args).stdout).toMatch(/^note {4}KETTLE-1\.0\.0 is older than the base KETTLE-1\.2\.0/m)
    expect(rebaseline(directory, tryArgs).stdout).not.toContain('is older')
  })

  it('where nothing fits, is asked for', () => {
    const foreign = join(directory, 'foreign')
    mkdirSync(foreign)
    writeFileSync(join(foreign, 'x.patch'), '--- a/nowhere\n+++ b/nowhere\n@@ -1 +1 @@\n-one\n+two\n')
    const { code, stderr } = rebaseline(directory, [
      'try',
      '--queue',
      'foreign',
      '--upstream',
      'upstream',
      '--onto',
      'KETTLE-1.2.0',
    ])
    expect(code).toBe(2)
    expect(stderr).toMatch(/no release was found.*\n {2}hint: .*--base/)
  })
})

describe('--keep', () => {
  const { stdout } = rebaseline(directory, [...tryArgs, '--keep'])
  const kept = /^kept: (.*)$/m.exec(stdout)?.[1] ?? ''

  it('leaves a work tree with one commit per landed patch, of the touched paths only', () => {
    const subjects = git(kept, 'log', '--reverse', '--format=%s', 'KETTLE-1.2.0..rebaseline').split('\n')
    expect(subjects).toEqual([
      'Install below /opt/distro',
      'heater: limit the power to 3 kW',
      'Report the measured power, not the nominal one',
      'log a broken sensor',
      'The mark itself is enough water',
      'Announce a new target on the display',
    ])
    expect(readFileSync(join(kept, 'src/heater.c'), 'utf8')).toContain('heater->measured')
    expect(git(kept, 'show', 'rebaseline:src/probe.c')).toContain('distro_log')
    expect(git(kept, 'status', '--porcelain')).toBe('')
    expect(existsSync(join(kept, 'src/kettle.h'))).toBe(false)
  })

  it('leaves the conflicts as files', () => {
    const conflict = readFileSync(join(kept, 'conflicts/0008-kettle-altitude.patch/src/kettle.c'), 'utf8')
    expect(conflict).toMatch(/<{7}.*probe_read.*\|{7}.*BOILING.*={7}.*distro_boiling_point.*>{7}/s)
  })
})

describe('show', () => {
  it('lists attempts', () => {
    expect(rebaseline(directory, ['show', '--queue', 'queue']).stdout).toMatch(
      /^@1 {2,}.*KETTLE-1\.0\.0 -> KETTLE-1\.2\.0 +13 -> 9 +3 fail$/m,
    )
  })

  it.each(['8', 'kettle-altitude.patch', 'altitude'])('shows a patch in full, found as %s', (wanted) => {
    const { stdout, code } = rebaseline(directory, ['show', '--queue', 'queue', '@1', wanted])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^8 kettle-altitude\.patch {2,}conflicting: mend {3}@1, KETTLE-1\.2\.0\n/)
    expect(stdout).toContain('<<<<<<< the target')
    expect(stdout).toContain('+    while (sensor_read(&kettle->sensor) < distro_boiling_point()) {')
    expect(stdout).toMatch(/the same patch in other attempts\n(?: {2}@.*\n)*? {2}@\d+ {2}KETTLE-1\.2\.0 {2}conflicting/)
  })

  it('sets a patch that leaves beside its commit, with what became of each change', () => {
    const { stdout } = rebaseline(directory, ['show', '--queue', 'queue', '@1', '2'])
    expect(stdout).toMatch(/^2 backport-c4410f3c7062\.patch +upstreamed: drop {3}@1, KETTLE-1\.2\.0\n/)
    expect(stdout).toMatch(/^UPSTREAM every change of it is in KETTLE-1\.2\.0, was since it landed, or is needless$/m)
    expect(stdout).toMatch(/hunk 1 +landed, by c4410f3c70, at line \d+$/m)
    expect(stdout).toMatch(/^BESIDE c4410f3c7062 .*\n {2}changed lines .*: \d+ in both, 0 only in the patch, 0 only/m)
    expect(stdout).toMatch(/^= \+/m)
  })

  it('names the pages of the commits, where the site is known', () => {
    const web = (wanted: string) => rebaseline(directory, ['show', '--queue', 'queue', '@1', wanted, '--web'])
    expect(web('2').stderr).toContain('does not say where it was cloned from')
    git(upstream, 'remote', 'add', 'origin', 'git@github.com:kettle/kettle.git')
    expect(web('2').stdout).toMatch(
      /^https:\/\/github\.com\/kettle\/kettle\/commit\/c4410f3c7062[0-9a-f]{28} {2}heater: count/,
    )
    expect(web('8').stdout).toMatch(/commit\/bcbe4f234d[0-9a-f]{30} {2}kettle: tell/)
    expect(web('1').stderr).toContain('no upstream commit is named for build-install-prefix.patch')
    git(upstream, 'remote', 'set-url', 'origin', 'https://me:secret@example.org/kettle.git')
    expect(web('2').stderr).toMatch(
      /how https:\/\/example\.org\/kettle\.git shows commits is not known\n {2}hint: git -C/,
    )
    git(upstream, 'remote', 'remove', 'origin')
  })

  it('finds the queue above the working directory', () => {
    mkdirSync(join(queue, 'sub'), { recursive: true })
    const home = { HOME: directory }
    expect(rebaseline(join(queue, 'sub'), ['show', '@2'], home).stdout).toContain('backport-c4410f3c7062.patch')
    rmSync(join(queue, 'sub'), { recursive: true })
  })
})

describe('what stands in the way', () => {
  it('a repository of another kind, an unknown release, a missing queue: a message and a hint, exit code 2', () => {
    const cases: [string[], RegExp][] = [
      [[...tryArgs, '--upstream', 'queue'], /no git repository/],
      [[...tryArgs, '--onto', 'KETTLE-1.20.0'], /no release, branch or commit "KETTLE-1\.20\.0"/],
      [[...tryArgs, '--onto', '1.2.0'], /did you mean KETTLE-1\.2\.0\?/],
      [[...tryArgs, '--queue', 'nowhere'], /no such file or directory/],
      [[...tryArgs, '--onto', '--output=x'], /no release, branch or commit/],
    ]
    for (const [args, message] of cases) {
      const { code, stderr, stdout } = rebaseline(directory, args)
      expect(stderr).toMatch(message)
      expect(stderr).toMatch(/\n {2}hint: /)
      expect(stderr).not.toContain('    at ')
      expect([code, stdout]).toEqual([2, ''])
    }
  })

  it('wrong usage: exit code 1', () => {
    expect(rebaseline(directory, ['try', '--queue', 'queue']).code).toBe(1)
    expect(rebaseline(directory, [...tryArgs, '--fail-on', 'broken']).code).toBe(1)
    expect(rebaseline(directory, ['frobnicate']).code).toBe(1)
  })

  it('one missing patch does not stop the others', () => {
    const holey = join(directory, 'holey')
    cpSync(queue, holey, { recursive: true, filter: (path) => !path.includes('.rebaseline') })
    rmSync(join(holey, 'build-install-prefix.patch'))
    const document = json(tryOf('holey'))
    expect(document.patches[0]).toMatchObject({ landing: 'unreadable', verdict: 'invalid', action: 'repair' })
    expect(document.patches[1]).toMatchObject({ landing: 'withheld' })
  })

  it('a wrong strip level is named as such', () => {
    const wrong = join(directory, 'wrong')
    mkdirSync(wrong)
    cpSync(join(queue, 'sensor-log-broken.patch'), join(wrong, 'sensor-log-broken.patch'))
    writeFileSync(join(wrong, 'series'), 'sensor-log-broken.patch -p0\n')
    const args = tryOf('wrong')
    expect(json(args).patches[0]).toMatchObject({ verdict: 'invalid', landing: 'unreadable' })
    expect(rebaseline(directory, args, { COLUMNS: '250' }).stdout).toContain(
      'wrong strip level: with -p0 it changes b/src/sensor.c',
    )
  })
})

it('the series of the example is read in full', () => {
  expect(readFileSync(series, 'utf8').match(/^[a-z].*\.patch/gm)?.length).toBe(14)
})
