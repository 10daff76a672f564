import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { bound, type Edits, FaultScene, narrow } from './helpers/fault-scene.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()

function scene(name: string, files?: readonly string[]): FaultScene {
  return new FaultScene(join(directory, name), files)
}

const QUIET_ONE: Edits = {
  'net.c': [
    ['int net_three(int a)\n{\n    int sum = net_base();', 'int net_three(int a)\n{\n    long sum = net_base();'],
  ],
}

describe('audit --security: what is carried', () => {
  it('knows a fix by its name, and that only a part of it is there', () => {
    const one = scene('half', ['net', 'arm'])
    one.git('tag', 'v1')
    const fix = one.commit('net, arm: bound the sums', 'This is CVE-2031-1001.', {
      'net.c': [bound('one')],
      'arm.c': [bound('one')],
    })
    one.git('tag', 'v2')
    one.carry('CVE-2031-1001.patch', `net: bound\n\n(cherry picked from commit ${fix})`, {
      edits: { 'net.c': [bound('one')] },
      on: 'v1',
    })
    const { security } = one.audit('v1', 'v2')
    expect(security.carried).toEqual([
      {
        id: 'CVE-2031-1001',
        aliases: [],
        patches: ['CVE-2031-1001.patch'],
        commits: [fix],
        inTarget: true,
        whole: false,
      },
    ])
    expect(security.missing).toEqual([])
  })

  it('does not say of a fix that was taken back that the target has it', () => {
    const one = scene('taken-back')
    one.git('tag', 'v1')
    const fix = one.commit('net: bound the first sum', 'This is CVE-2031-1002.', { 'net.c': [bound('one')] })
    one.git('revert', '--no-edit', fix)
    one.git('tag', 'v2')
    one.carry('bound.patch', 'net: bound the first sum', { of: [fix], on: 'v1' })
    expect(one.audit('v1', 'v2').security.carried).toMatchObject([{ id: 'CVE-2031-1002', inTarget: false }])
  })

  it('looks into the tree of the target, where a fix may be taken out in silence', () => {
    const one = scene('silent')
    one.git('tag', 'v1')
    const fix = one.commit('net: bound the first sum', 'This is CVE-2031-1004.', { 'net.c': [bound('one')] })
    one.commit('net: faster sums', 'As it was.', { 'net.c': [[bound('one')[1], bound('one')[0]]] })
    one.git('tag', 'v2')
    one.carry('bound.patch', `net: bound the first sum\n\n(cherry picked from commit ${fix})`, { of: [fix], on: 'v1' })
    expect(one.audit('v1', 'v2').security.carried).toMatchObject([{ id: 'CVE-2031-1004', inTarget: false }])
  })

  it('finds the patch that takes a fix back without a word', () => {
    const one = scene('undone')
    one.commit('net: bound the first sum', 'This is XSA-9001 / CVE-2031-1003.', { 'net.c': [bound('one')] })
    one.git('tag', 'v1')
    one.commit('net: less noise', '', QUIET_ONE)
    one.git('tag', 'v2')
    one.carry('large.patch', 'Permit large sums', {
      edits: { 'net.c': [[bound('one')[1], bound('one')[0]]] },
      on: 'v1',
    })
    one.carry('other.patch', 'Begin elsewhere', { edits: { 'net.c': [bound('two')] }, on: 'v1' })
    const { security } = one.audit('v1', 'v2')
    expect(security.undone).toEqual([{ id: 'XSA-9001', aliases: ['CVE-2031-1003'], patches: ['large.patch'] }])
    expect(security.carried).toEqual([])
  })
})

describe('audit --security: what is missing', () => {
  it('joins the copies of an embargoed fix by subject and author', () => {
    const one = scene('embargo')
    const begun = one.git('rev-parse', 'HEAD')
    one.commit('net: bound one', 'This is CVE-2031-2001.', { 'net.c': [bound('one')] })
    const second = one.commit('net: bound two', 'This is CVE-2031-2002.', { 'net.c': [bound('two')] })
    one.git('tag', 'v2.0')
    one.git('checkout', '--quiet', '-b', 'stable-1', begun)
    one.commit('net: bound one', '', { 'net.c': [bound('one')] })
    one.git('tag', 'v1.1')
    const copy = one.commit('net: bound two', '', { 'net.c': [bound('two')] })
    one.git('checkout', '--quiet', 'main')
    one.carry('quiet.patch', 'Less noise', { edits: QUIET_ONE, on: 'v1.1' })
    const { missing } = one.audit('v1.1', 'v2.0').security
    expect(missing).toMatchObject([{ id: 'CVE-2031-2002', where: 'base-stable', affects: true }])
    expect(missing[0].commits.sort()).toEqual([second, copy].sort())
  })

  it('tells a fix for a fault that came after the base, and one that the queue has by its content', () => {
    const one = scene('not-affected')
    one.git('tag', 'v1')
    const faulty = one.commit('net: a faster sum', '', {
      'net.c': [['sum += a; /* one */', 'sum = sum + a; /* one */']],
    })
    one.commit(
      'net: bound the faster sum',
      `This is CVE-2031-2003.\n\nFixes: ${faulty.slice(0, 12)} ("net: a faster sum")`,
      {
        'net.c': [['sum = sum + a; /* one */', 'sum = sum + (a & 0xff); /* one */']],
      },
    )
    const other = one.commit('net: bound the second sum', 'This is CVE-2031-2004.', { 'net.c': [bound('two')] })
    one.git('tag', 'v2')
    one.carry('0001.patch', 'some words', { of: [other], on: 'v1' })
    const { missing, carried } = one.audit('v1', 'v2').security
    expect(missing).toMatchObject([{ id: 'CVE-2031-2003', affects: false }])
    expect(carried).toMatchObject([{ id: 'CVE-2031-2004', whole: true }])
  })

  it('knows a base that is on no branch', () => {
    const one = scene('detached')
    one.commit('net: bound the first sum', 'This is CVE-2031-2005.', { 'net.c': [bound('one')] })
    one.git('checkout', '--quiet', '--detach')
    const base = one.commit('net: less noise', '', QUIET_ONE)
    one.git('checkout', '--quiet', 'main')
    one.commit('net: bound the second sum', 'This is CVE-2031-2006.', { 'net.c': [bound('two')] })
    one.git('tag', 'v2')
    one.git('update-ref', 'refs/kept/base', base)
    one.carry('third.patch', 'net: bound the third sum', { edits: { 'net.c': [bound('three')] }, on: base })
    expect(one.audit(base, 'v2').security.missing).toMatchObject([{ id: 'CVE-2031-2006' }])
  })

  it('takes no pull request for upstream', () => {
    const one = scene('request')
    one.git('tag', 'v1')
    const fix = one.commit('net: bound the first sum', '', { 'net.c': [bound('one')] })
    one.git('tag', 'v2')
    one.git('checkout', '--quiet', '--detach')
    one.commit('net: bound it more', `Fixes: ${fix.slice(0, 12)} ("net: bound the first sum")`, {
      'net.c': [narrow('one')],
    })
    one.git('update-ref', 'refs/pull/1/head', 'HEAD')
    one.git('checkout', '--quiet', 'main')
    one.carry('bound.patch', 'net: bound the first sum', { of: [fix], on: 'v1' })
    expect(one.audit('v1', 'v2').followUps).toEqual([])
  })
})

describe('audit --security: what upstream mended later', () => {
  const one = scene('follow-ups')
  const shas: Record<string, string> = {}
  beforeAll(() => {
    one.git('tag', 'v1')
    const fixes = (name: string) => `Fixes: ${shas[name]?.slice(0, 12)}`
    shas.first = one.commit('net: bound the first sum', '', { 'net.c': [bound('one')] })
    shas.second = one.commit('net: bound the second sum', '', { 'net.c': [bound('two')] })
    shas.narrow = one.commit('net: seven bits of the first', fixes('first'), { 'net.c': [narrow('one')] })
    shas.chain = one.commit('net: a long first sum', fixes('narrow'), {
      'net.c': [['int net_one(int a)', 'long net_one(int a)']],
    })
    shas.taken = one.commit('net: seven bits of the second', fixes('second'), { 'net.c': [narrow('two')] })
    one.git('revert', '--no-edit', shas.taken)
    shas.named = one.commit('net: bound the third sum', `Like commit ${shas.first.slice(0, 12)} did.`, {
      'net.c': [bound('three')],
    })
    one.git('tag', 'v2')
    shas.late = one.commit('net: a long second sum', `A follow-up to ${shas.second.slice(0, 12)}.`, {
      'net.c': [['int net_two(int a)', 'long net_two(int a)']],
    })
    one.carry('first.patch', 'net: bound the first sum', { of: [shas.first], on: 'v1' })
    one.carry('second.patch', 'net: bound the second sum', { of: [shas.second], on: 'v1' })
  })

  it('follows what mends a missed follow-up, and looks past the target', () => {
    const open = one.audit('v1', 'v2').followUps.filter(({ state }: { state: string }) => state === 'open')
    const row = (commit = '', names = '', patch = '', kind = 'fixes') => ({ commit, names, patch, kind })
    expect(open).toMatchObject([
      row(shas.narrow, shas.first, 'first.patch'),
      row(shas.late, shas.second, 'second.patch', 'follow-up'),
      row(shas.chain, shas.narrow, 'first.patch'),
    ])
    expect(open.every(({ applies }: { applies: string }) => applies !== 'conflict')).toBe(true)
  })

  it('says of one that upstream took back that it was', () => {
    const rows = one.audit('v1', 'v2').followUps
    expect(rows.find(({ commit }: { commit: string }) => commit === shas.taken)).toMatchObject({ state: 'reverted' })
    expect(rows.some(({ commit }: { commit: string }) => commit === shas.named)).toBe(false)
  })

  it('has a text for people', () => {
    const args = ['audit', '--queue', 'queue', '--upstream', 'upstream', '--base', 'v1', '--onto', 'v2', '--security']
    const { stdout, code } = rebaseline(one.directory, args)
    expect(code).toBe(0)
    expect(stdout).toContain('SECURITY  no fix is carried; none found missing; 3 follow-ups missed.')
    expect(stdout).toContain(`  ${shas.narrow?.slice(0, 10)}  net: seven bits of the first`)
    const markdown = rebaseline(one.directory, [...args, '--markdown']).stdout
    expect(markdown).toContain('## Follow-ups missed')
    expect(markdown).toContain(`| ${shas.narrow?.slice(0, 12)} | net: seven bits of the first |`)
  })
})

it('audit --security finds what is marked for the base, and nothing that is not', () => {
  const one = scene('marks')
  one.git('tag', 'v1.2.1')
  const marked = one.commit('net: bound the first sum', 'Backport: 1.1+ # all', { 'net.c': [bound('one')] })
  one.commit('net: bound the second sum', 'Backport: 1.3, 1.4', { 'net.c': [bound('two')] })
  const gone = one.commit('net: bound the third sum', 'Cc: stable@example.org # 1.2', { 'net.c': [bound('three')] })
  one.git('revert', '--no-edit', gone)
  one.git('tag', 'v1.5.0')
  one.carry('quiet.patch', 'Less noise', { edits: QUIET_ONE, on: 'v1.2.1' })
  expect(one.audit('v1.2.1', 'v1.5.0').candidates).toMatchObject([{ commit: marked }])
})

it('audit --security joins a list of advisories, and says where it and the history differ', () => {
  const one = scene('advisories')
  one.git('tag', 'v1')
  const silent = one.commit('net: a clean-up', '', { 'net.c': [bound('one')] })
  const spoken = one.commit('net: bound the second sum', 'This is CVE-2031-3002.', { 'net.c': [bound('two')] })
  one.git('tag', 'v2')
  one.carry('quiet.patch', 'Less noise', { edits: QUIET_ONE, on: 'v1' })
  const list = join(one.directory, 'list')
  mkdirSync(list)
  const osv = (id: string, fixed: string) => {
    const affected = [{ ranges: [{ type: 'GIT', events: [{ introduced: '0' }, { fixed }] }] }]
    writeFileSync(join(list, `${id}.json`), JSON.stringify({ id, affected }))
  }
  osv('CVE-2031-3001', silent)
  osv('CVE-2031-3003', spoken)
  osv('CVE-2031-3004', 'f'.repeat(40))
  writeFileSync(join(list, 'broken.json'), '{')
  const { missing, advisories } = one.audit('v1', 'v2', '--advisories', 'list').security
  expect(missing.map(({ id }: { id: string }) => id)).toContain('CVE-2031-3001')
  expect(advisories.disputed.map(({ id }: { id: string }) => id)).toEqual(['CVE-2031-3003', 'CVE-2031-3004'])
  expect(advisories.problems).toMatchObject([{ why: 'it is no JSON' }])
})

it('audit --against pairs the patches of two queues', () => {
  const one = scene('against')
  one.git('tag', 'v1')
  const landed = one.commit('net: bound the third sum', '', { 'net.c': [bound('three')] })
  one.git('tag', 'v2')
  one.carry('both.patch', 'net: bound two sums', { edits: { 'net.c': [bound('one'), bound('two')] }, on: 'v1' })
  one.carry('third.patch', `net: bound the third sum\n\n(cherry picked from commit ${landed})`, {
    of: [landed],
    on: 'v1',
  })
  one.carry('a.diff', 'the first', { edits: { 'net.c': [bound('one')] }, on: 'v2', in: 'other' })
  one.carry('b.diff', 'the second', { edits: { 'net.c': [bound('two')] }, on: 'v2', in: 'other' })
  one.carry('c.diff', 'noise', { edits: QUIET_ONE, on: 'v2', in: 'other' })
  expect(one.audit('v1', 'v2', '--against', 'other', '--against-base', 'v2').against).toEqual({
    same: [],
    differ: [],
    split: [['both.patch', ['a.diff', 'b.diff']]],
    onlyHere: [],
    onlyThere: ['c.diff'],
    inBaseThere: ['third.patch'],
    inBaseHere: [],
  })
  const { code, stderr } = rebaseline(one.directory, ['audit', '--onto', 'v2', '--security', '--against', 'other'])
  expect([code, stderr]).toEqual([1, expect.stringContaining('--against and --against-base go together')])
})

it('a gate asks for missing fixes, whether the security part is shown or not', () => {
  const one = scene('gate')
  one.git('tag', 'v1')
  one.commit('net: bound the first sum', 'This is CVE-2031-4001.', { 'net.c': [bound('one')] })
  one.git('tag', 'v2')
  one.carry('quiet.patch', 'Less noise', { edits: QUIET_ONE, on: 'v1' })
  writeFileSync(join(one.directory, 'queue', 'rebaseline.yaml'), 'gates:\n  - no security fix missing\n')
  const place = ['--queue', 'queue', '--upstream', 'upstream', '--base', 'v1', '--onto', 'v2']
  const { code, stdout } = rebaseline(one.directory, ['audit', ...place, '--gate'])
  expect([code, stdout]).toEqual([3, expect.stringContaining('1 fix is missing: CVE-2031-4001')])
})

it('audit --security says nothing of an upstream of which only releases are known', () => {
  const one = scene('tarballs')
  one.git('tag', 'v1')
  one.commit('net: bound the first sum', 'This is CVE-2031-5001.', { 'net.c': [bound('one')] })
  one.git('tag', 'v2')
  one.carry('quiet.patch', 'Less noise', { edits: QUIET_ONE, on: 'v1' })
  const tars = join(one.directory, 'tars')
  mkdirSync(tars)
  for (const count of [1, 2])
    one.git(
      'archive',
      '--format=tar.gz',
      `--prefix=net-${count}.0/`,
      `--output=${tars}/net-${count}.0.tar.gz`,
      `v${count}`,
    )
  const place = ['--queue', 'queue', '--upstream', 'tars', '--base', '1.0', '--onto', '2.0']
  const { code, stderr } = rebaseline(one.directory, ['audit', ...place, '--security'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('only releases are known here')])
})
