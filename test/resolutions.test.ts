import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
const LINES = Array.from({ length: 30 }, (_, at) => `stage_${at}(${'x'.repeat(at + 1)});`)
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`
const put = (lines: readonly string[]) => writeFileSync(join(upstream, 'a.c'), text(lines))

function release(tag: string, lines: readonly string[]): void {
  put(lines)
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', `Make ${tag}`)
  git(upstream, 'tag', tag)
}

mkdirSync(join(directory, 'queue'))
mkdirSync(upstream)
git(upstream, 'init', '--quiet', '--initial-branch=main')
release('v1.0', LINES)
put(LINES.with(4, 'own_way(4);'))
writeFileSync(join(directory, 'queue', 'own.patch'), `Subject: Own way\n\n${git(upstream, 'diff')}\n`)
writeFileSync(join(directory, 'queue', 'series'), 'own.patch\n')
const ROAD = LINES.with(4, 'another_road(four);')
release('v2.0', ROAD)
release('v2.1', ROAD.with(25, 'more(25);'))
release('v3.0', ROAD.with(25, 'more(25);').with(3, 'at_once(3);'))

const MENDED = 'own_way(4), another_road(four);'

/** A queue and a record of its own, on which a person resolves the conflict with v2.0. */
function scene(name: string) {
  const queue = join(directory, name)
  cpSync(join(directory, 'queue'), queue, { recursive: true })
  const place = ['--queue', name, '--db', `${name}.db`]
  const call = (command: string, ...words: string[]) => rebaseline(directory, [command, ...words, ...place])
  const attempt = (onto: string) => {
    const { stdout, code } = call('try', '--upstream', 'upstream', '--base', 'v1.0', '--onto', onto, '--json')
    expect(code).toBe(0)
    return JSON.parse(stdout).patches[0].conflicts[0].suggestion
  }
  return {
    queue,
    place,
    call,
    attempt,
    resolutions: () => readdirSync(join(queue, 'resolutions')).map((file) => join(queue, 'resolutions', file)),
    mend: (marked: (text: string) => string) => {
      attempt('v2.0')
      call('resolve')
      const { worktree } = JSON.parse(call('resolve', 'status', '--json').stdout)
      const file = join(worktree, 'a.c')
      writeFileSync(file, marked(readFileSync(file, 'utf8')))
      const { code, stderr } = call('resolve', '--continue')
      expect([code, stderr]).toEqual([0, ''])
    },
  }
}

const mended = (marked: string) => marked.replace(/<<<<<<<[\s\S]*>>>>>>>.*\n/, `${MENDED}\n`)

describe('what was resolved', () => {
  it('is kept beside the queue, for people to read', () => {
    const { mend, resolutions } = scene('kept')
    mend(mended)
    const [file, other] = resolutions()
    expect(other).toBeUndefined()
    expect(readFileSync(String(file), 'utf8').split('\n')).toEqual([
      ...['rebaseline resolution 1', 'patch: own.patch', 'subject: Own way', 'path: a.c'],
      expect.stringMatching(/^culprit: [0-9a-f]{12} Make v2\.0$/),
      ...[expect.stringMatching(/^person: ./), expect.stringMatching(/^minutes: \d$/), 'technique: by hand'],
      expect.stringMatching(/^conflict: [0-9a-f]{40} 1\/1$/),
      ...['', 'before 3', ...LINES.slice(1, 4).map((line) => `|${line}`), 'base 1', `|${LINES[4]}`],
      ...['target 1', '|another_road(four);', 'patch 1', '|own_way(4);', 'resolved 1', `|${MENDED}`],
      ...['after 3', ...LINES.slice(5, 8).map((line) => `|${line}`), ''],
    ])
  })

  it('is sure where the user meets the same again, and taken by --accept sure', () => {
    const { mend, attempt, call, place } = scene('again')
    mend(mended)
    expect(attempt('v2.1')).toMatchObject({
      sure: true,
      reasons: ['remembered'],
      remembered: [{ how: 'same-sides', origin: 'own' }],
    })
    expect(call('show', 'own').stdout).toMatch(/from resolutions\/[0-9a-f]{32}\.txt \(your own\): all three sides/)
    expect(call('resolve', '--accept', 'sure').stdout).toMatch(/DONE {4}1 {3}1 remembered/)
    expect(rebaseline(directory, ['export', ...place, '--output', 'again.out']).code).toBe(0)
    expect(readFileSync(join(directory, 'again.out', 'own.patch'), 'utf8')).toContain(`\n+${MENDED}\n`)
    expect(readdirSync(join(directory, 'again.out', 'resolutions'))).toHaveLength(1)
  })

  it('is offered, and not sure, where upstream went on', () => {
    const { mend, attempt } = scene('went-on')
    mend(mended)
    expect(attempt('v3.0')).toMatchObject({ sure: false, remembered: [{ origin: 'own' }] })
  })

  it('is never applied by itself where it came with a queue', () => {
    const giver = scene('giver')
    giver.mend(mended)
    const taker = scene('taker')
    cpSync(join(giver.queue, 'resolutions'), join(taker.queue, 'resolutions'), { recursive: true })
    expect(taker.attempt('v2.1')).toMatchObject({ sure: false, remembered: [{ how: 'same-sides', origin: 'queue' }] })
    expect(taker.call('resolve', '--accept', 'sure').stdout).toMatch(/0 of 1 mended, 1 to go/)
  })

  it('says which file cannot be read, and goes on', () => {
    const { mend, resolutions, call } = scene('spoiled')
    mend(mended)
    const [file = ''] = resolutions()
    writeFileSync(file, readFileSync(file, 'utf8').replace('target 1', 'target 7'))
    const { code, stderr } = call('try', '--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.1')
    expect(code).toBe(0)
    expect(stderr).toMatch(/resolutions\/[0-9a-f]{32}\.txt:19: "target" has fewer lines than its 7/)
  })

  it('is taken back with its step, and stays where a person can see it', () => {
    const { mend, resolutions, call } = scene('aborted')
    mend(mended)
    call('resolve', '--abort')
    expect(resolutions()).toHaveLength(1)
  })
})

describe('git rerere', () => {
  /** A repository in which git itself meets the conflict; `resolve` says how it is resolved. */
  function merge(name: string, style: 'merge' | 'diff3', prepare: (repository: string) => void = () => {}): string {
    const repository = join(directory, name)
    git(directory, 'clone', '--quiet', '--branch', 'v1.0', 'upstream', name)
    for (const [key, value] of Object.entries({ 'user.name': 'a', 'user.email': 'a@x', 'rerere.enabled': 'true' }))
      git(repository, 'config', key, value)
    git(repository, 'config', 'merge.conflictStyle', style)
    writeFileSync(join(repository, 'a.c'), text(LINES.with(4, 'own_way(4);')))
    git(repository, 'commit', '--quiet', '--all', '--message', 'Own')
    mkdirSync(join(repository, '.git', 'rr-cache'), { recursive: true })
    prepare(repository)
    expect(() => git(repository, 'merge', '--quiet', 'v2.0')).toThrow()
    return repository
  }

  it.each(['merge', 'diff3'] as const)('replays what was resolved here, in style %s', (style) => {
    const { mend, call } = scene(`to-${style}`)
    mend(mended)
    const repository = merge(`git-${style}`, style, (cache) => {
      expect(call('resolve', '--export-rerere', cache).code).toBe(0)
    })
    expect(readFileSync(join(repository, 'a.c'), 'utf8')).toBe(text(ROAD.with(4, MENDED)))
  })

  it('teaches what it recorded', () => {
    const repository = merge('taught', 'merge')
    writeFileSync(join(repository, 'a.c'), text(ROAD.with(4, MENDED)))
    git(repository, 'commit', '--quiet', '--all', '--message', 'Resolved')
    const { call, attempt, resolutions } = scene('learns')
    expect(existsSync(join(directory, 'learns', 'resolutions'))).toBe(false)
    expect(call('resolve', '--import-rerere', 'taught').stdout).toMatch(/^1 file in conflict; 1 remembered/)
    expect(call('resolve', '--import-rerere', 'taught').stdout).toMatch(/^1 file in conflict; 0 remembered/)
    expect(resolutions()).toHaveLength(1)
    expect(attempt('v2.1')).toMatchObject({ sure: false, remembered: [{ how: 'same-conflict', origin: 'own' }] })
    rmSync(repository, { recursive: true })
  })
})
