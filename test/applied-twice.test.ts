import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
/** Each test has its own. */
let upstream = ''

function makeUpstream(name: string): void {
  upstream = join(directory, name)
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
}

const filler = (name: string) => Array.from({ length: 8 }, (_, at) => `int ${name}_${at} = ${at};`)
const block = [
  'static int gauge_sticks_below_ten(int gauge)',
  '{',
  '    return gauge < 10 && gauge_reads_again();',
  '}',
]

function commit(message: string, lines: string[]): void {
  writeFileSync(join(upstream, 'gauge.c'), `${lines.join('\n')}\n`)
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', message)
}

function tryOn(target: string) {
  const args = ['try', '--queue', 'queue', '--upstream', 'upstream', '--base', 'v1.0', '--onto', target, '--json']
  return JSON.parse(rebaseline(directory, args).stdout).patches[0]
}

it('a patch that would land beside itself is upstreamed, and says so', () => {
  mkdirSync(join(directory, 'queue'))
  makeUpstream('upstream')
  commit('Begin', [...filler('a'), ...filler('b'), ...filler('c')])
  git(upstream, 'tag', 'v1.0')
  // The queue has the block after a, upstream put it after b, among other things and in other
  // words.
  writeFileSync(join(upstream, 'gauge.c'), `${[...filler('a'), ...block, ...filler('b'), ...filler('c')].join('\n')}\n`)
  writeFileSync(join(directory, 'queue', 'sticky.patch'), `Read a sticky gauge again\n\n${git(upstream, 'diff')}\n`)
  const others = Array.from({ length: 40 }, (_, at) => `static int unrelated_${at};`)
  commit('Overhaul', [...filler('a'), ...filler('b'), ...block, ...filler('c'), ...others])
  git(upstream, 'tag', 'v2.0')
  git(upstream, 'checkout', '--quiet', '-b', 'other', 'v1.0')
  commit('Something else', [...filler('a'), ...filler('b'), 'int gauge_sticks;', ...filler('c')])
  git(upstream, 'tag', 'v1.1')

  const found = tryOn('v2.0')
  expect(found).toMatchObject({ verdict: 'upstreamed', action: 'drop', landing: 'withheld', upstream: { survival: 1 } })
  expect(found.reason).toContain('twice')
  expect(found.upstream.commits).toMatchObject([
    { sha: git(upstream, 'rev-parse', 'v2.0'), signals: ['content'], firstTag: 'v2.0' },
  ])
  expect(tryOn('v1.1')).toMatchObject({ verdict: 'applies', upstream: { status: 'absent' } })
})

it('a change that landed before the base is found there, where it stands in the target', () => {
  makeUpstream('early')
  const early = ['/* The lid rattles when the water boils. */', 'if (lid_rattles)', '    lid_hold();']
  commit('Tidy', [...filler('a'), ...block, ...filler('b')])
  const withLid = [...filler('a'), ...early, ...block, ...filler('b')]
  writeFileSync(join(upstream, 'gauge.c'), `${withLid.join('\n')}\n`)
  // The queue was made before upstream took it, and carries it still.
  const diff = git(upstream, 'diff')
  commit('Hold a rattling lid', withLid)
  const landed = git(upstream, 'rev-parse', 'HEAD')
  git(upstream, 'tag', 'v3.0')
  mkdirSync(join(directory, 'again'))
  writeFileSync(join(directory, 'again', 'lid.patch'), `Subject: Hold a rattling lid\n\n${diff}\n`)
  commit('Something new', [...withLid, 'int something_new;'])
  git(upstream, 'tag', 'v4.0')
  const args = ['try', '--queue', 'again', '--upstream', 'early', '--base', 'v3.0', '--onto', 'v4.0', '--json']
  const [patch] = JSON.parse(rebaseline(directory, args).stdout).patches
  expect(patch).toMatchObject({ verdict: 'upstreamed', upstream: { commits: [{ sha: landed, firstTag: 'v3.0' }] } })
})

describe('a patch that the base has already, and that was left in the queue', () => {
  mkdirSync(join(directory, 'left'))
  makeUpstream('moved')
  const numbers = Array.from({ length: 40 }, (_, at) => `int of_${at} = ${at};`)
  commit('Begin', numbers)
  git(upstream, 'tag', 'v0')
  const patchOf = (lines: string[]) => {
    writeFileSync(join(upstream, 'gauge.c'), `${lines.join('\n')}\n`)
    const patch = git(upstream, 'diff')
    git(upstream, 'checkout', '--quiet', '.')
    return patch
  }
  const added = [...numbers.slice(0, 20), 'int one_more;', ...numbers.slice(20)]
  const changed = added.with(30, 'int of_29 = 290;')
  // With one line of context it lands beside itself; what it changes is gone.
  writeFileSync(join(directory, 'left', 'adds.patch'), `Add\n\n${patchOf(added)}\n`)
  writeFileSync(
    join(directory, 'left', 'changes.patch'),
    `Change\n\n${patchOf(numbers.with(29, 'int of_29 = 290;'))}\n`,
  )
  commit('Both', changed)
  git(upstream, 'tag', 'v1.0')
  writeFileSync(join(upstream, 'other.c'), 'int other;\n')
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', 'Something else')
  git(upstream, 'tag', 'v2.0')
  const moved = upstream

  it.each(['adds.patch', 'changes.patch'])('is dropped where its file is the same since: %s', (name) => {
    writeFileSync(join(directory, 'left', 'series'), `${name}\n`)
    const args = ['try', '--queue', 'left', '--upstream', moved, '--base', 'v1.0', '--onto', 'v2.0', '--json']
    const [patch] = JSON.parse(rebaseline(directory, args).stdout).patches
    expect(patch).toMatchObject({ verdict: 'upstreamed', action: 'drop' })
    expect(patch.upstream.fates).toMatchObject([{ fate: 'in-the-base-already' }])
  })
})

it('a patch that merging proves to be there has no change that remains', () => {
  mkdirSync(join(directory, 'folded'))
  makeUpstream('folding')
  const numbers = Array.from({ length: 30 }, (_, at) => `int of_${at} = ${at};`)
  const withLines = (...lines: string[]) => [...numbers.slice(0, 15), ...lines, ...numbers.slice(15)]
  commit('Begin', numbers)
  git(upstream, 'tag', 'v1.0')
  commit('Notify', withLines('if (can_notify())', '{', 'notify_window();', 'mask_all_faults();', '}'))
  writeFileSync(join(directory, 'folded', '1.patch'), `Notify\n\n${git(upstream, 'show', '--format=')}\n`)
  commit('Take half of it back', withLines('if (can_notify())', 'notify_window();'))
  writeFileSync(join(directory, 'folded', '2.patch'), `Take half of it back\n\n${git(upstream, 'show', '--format=')}\n`)
  writeFileSync(join(directory, 'folded', 'series'), '1.patch\n2.patch\n')
  git(upstream, 'checkout', '--quiet', '--force', '-B', 'main', 'v1.0')
  commit('Notify, at once as it should be', withLines('if (can_notify())', 'notify_window();'))
  git(upstream, 'tag', 'v2.0')
  const args = ['try', '--queue', 'folded', '--upstream', upstream, '--base', 'v1.0', '--onto', 'v2.0', '--json']
  const [, second] = JSON.parse(rebaseline(directory, args).stdout).patches
  expect(second).toMatchObject({ landing: 'noop', verdict: 'upstreamed', upstream: { status: 'present' } })
  expect(second.upstream.fates).toMatchObject([{ fate: 'landed' }])
})
