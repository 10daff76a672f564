import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')

/** Ten distinct lines, with what is put in place of some of them. */
function body(name: string, instead: Record<number, string[]> = {}): string {
  const lines = Array.from({ length: 10 }, (_, at) => instead[at] ?? [`int ${name}_number_${at} = ${at};`])
  return `${lines.flat().join('\n')}\n`
}

const whistle = ['/* The whistle needs a moment to warm up. */', 'whistle_wait(WARM_UP);', 'whistle_arm(THE_WHISTLE);']
const spout = ['/* A spout that drips is not closed. */', 'if (spout_drips(THE_SPOUT))', '    spout_close(THE_SPOUT);']
const handle = ['/* The handle gets hot above sixty degrees. */', 'handle_insulate(SIXTY);', 'handle_warn(SIXTY);']

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(upstream, name), content)
}

function commit(message: string, files: Record<string, string>): void {
  write(files)
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', message)
}

/** A patch of the queue: what the files would become, from the base. */
function carry(name: string, subject: string, files: Record<string, string>): void {
  write(files)
  writeFileSync(join(directory, 'queue', name), `Subject: ${subject}\n\n${git(upstream, 'diff')}\n`)
  git(upstream, 'checkout', '--quiet', '.')
}

function build(): void {
  mkdirSync(join(directory, 'queue'))
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  commit('Begin', {
    ...{ 'whistle.c': body('w'), 'spout.c': body('s'), 'handle.c': body('h'), 'lid.c': body('l'), 'cord.c': body('c') },
    ...{ 'rim.c': body('r'), 'foot.c': body('f') },
  })
  git(upstream, 'tag', 'v1.0')
  carry('1-both.patch', 'Whistle and spout manners', {
    'whistle.c': body('w', { 4: whistle }),
    'spout.c': body('s', { 4: spout }),
  })
  carry('2-partly.patch', 'Mind the handle and the lid', {
    'handle.c': body('h', { 4: handle }),
    'lid.c': body('l', { 4: ['lid_lock(THE_LID);', 'lid_mark_as_locked(THE_LID);', 'lid_tell(THE_USER);'] }),
  })
  carry('3-undone.patch', 'Number nine is ninety', { 'lid.c': body('l', { 8: ['int l_number_8 = 90; /* sic */'] }) })
  carry('4-beside.patch', 'Mind the handle and count from one', {
    'rim.c': body('r', { 4: handle }),
    'whistle.c': body('w', { 0: ['int w_one = 1;', 'int w_two = w_one + 1;', 'int w_three = w_two + 1;'] }),
  })
  carry('5-renamed.patch', 'Mind the handle and the cord', {
    'foot.c': body('f', { 4: handle }),
    'cord.c': body('c', { 4: ['cord_unplug(THE_CORD);', 'cord_roll_up(THE_CORD);', 'cord_stow_away(THE_CORD);'] }),
  })
  git(upstream, 'mv', 'cord.c', 'cable.c')
  commit('The cord is a cable', { 'cable.c': body('c', { 4: ['long c_number_4 = 4L;'] }) })
  commit('whistle: wait until it is warm', { 'whistle.c': body('w', { 4: whistle }) })
  commit('spout: close one that drips', { 'spout.c': body('s', { 4: spout }) })
  commit('Mind the handle', {
    ...{ 'handle.c': body('h', { 4: handle }), 'rim.c': body('r', { 4: handle }), 'foot.c': body('f', { 4: handle }) },
  })
  commit('Number nine is ninety', { 'lid.c': body('l', { 8: ['int l_number_8 = 90; /* sic */'] }) })
  commit('Tidy up', { 'lid.c': body('l'), 'whistle.c': body('w', { 0: ['int w_first = 0;'], 4: whistle }) })
  git(upstream, 'tag', 'v2.0')
}

build()
const args = ['try', '--queue', 'queue', '--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0', '--json']
const patches = () => JSON.parse(rebaseline(directory, args).stdout).patches
const subjectOf = (sha: string) => git(upstream, 'log', '-1', '--format=%s', sha)
const show = (...more: string[]) => rebaseline(directory, ['show', '--queue', 'queue', ...more])

describe('evidence', () => {
  const [both, partly, undone, beside, renamed] = patches()

  it('names the commits that upstream split a patch into', () => {
    expect(both).toMatchObject({ verdict: 'upstreamed', upstream: { status: 'present', parts: 2, coverage: 1 } })
    expect(
      both.upstream.commits
        .slice(0, 2)
        .map(({ sha }: { sha: string }) => subjectOf(sha))
        .sort(),
    ).toEqual(['spout: close one that drips', 'whistle: wait until it is warm'])
  })

  it('says of each change what became of it, where, and who brought it', () => {
    expect(both.upstream.fates).toMatchObject([
      { path: 'spout.c', fate: 'landed', at: { path: 'spout.c' } },
      { path: 'whistle.c', fate: 'landed', at: { path: 'whistle.c' } },
    ])
    expect(git(upstream, 'blame', '-s', '--abbrev=39', '-L5,5', 'v2.0', '--', 'whistle.c')).toContain(
      both.upstream.fates[1].by,
    )
    expect(show('1-both').stdout).toMatch(/^ {4}whistle\.c {2}hunk 1 {4}landed, by [0-9a-f]{10}, at line \d+$/m)
    expect(show('2-partly').stdout).toMatch(/would be lost if dropped:\n {4}lid\.c/)
  })

  it('leaves of a patch that landed in part the rest, ready to apply', () => {
    expect(partly).toMatchObject({ action: 'refresh', upstream: { status: 'partial' }, hasResidual: true })
    const { stdout } = show('@1', '2-partly', '--residual')
    expect(stdout).toMatch(/^Subject: Mind the handle and the lid\n\ndiff --git a\/lid\.c/)
    expect(stdout).not.toContain('handle_insulate')
    writeFileSync(join(directory, 'rest.patch'), stdout)
    git(upstream, 'apply', '--check', join(directory, 'rest.patch'))
  })

  it('says of the rest of a patch in conflict that it does not apply', () => {
    expect(beside).toMatchObject({ landing: 'conflict', action: 'rework', hasResidual: true })
    const { stdout } = show('@1', '4-beside', '--residual')
    expect(stdout).toMatch(
      /^Subject: Mind the .*\n\n\[rebaseline: .* does not apply there as it is\]\n\ndiff --git a\/whistle\.c/,
    )
    expect(stdout).not.toContain('handle_insulate')
    expect(renamed).toMatchObject({ landing: 'conflict', hasResidual: true })
    expect(show('5-renamed', '--residual').stdout).toContain('diff --git a/cable.c b/cable.c')
  })

  it('sees that a commit was taken back without a word', () => {
    expect(undone).toMatchObject({ verdict: 'applies', upstream: { status: 'reverted' } })
    expect(subjectOf(undone.upstream.revertedBy)).toBe('Tidy up')
  })

  it('takes what is asked for one patch, and one thing of it', () => {
    expect(show('1-both', '--compare', '--residual')).toMatchObject({ code: 1 })
    expect(show('1-both', '--compare', '--json')).toMatchObject({ code: 1 })
    expect(show('--residual').stderr).toContain('about one patch')
  })

  it('has no rest of what is not there in part', () => {
    expect(show('1-both', '--residual')).toMatchObject({ code: 2 })
    expect(show('1', '--residual').stderr).toContain('nothing remains of 1-both.patch')
  })

  it('shows a patch and its commits side by side, and how to see them oneself', () => {
    const { stdout, code } = show('1-both', '--compare')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^= \+ {4}spout_close\(THE_SPOUT\);$/m)
    const wide = rebaseline(directory, ['show', '--queue', 'queue', '1-both', '--compare'], { COLUMNS: '160' })
    expect(wide.stdout).toMatch(/^\+ {4}spout_close\(THE_SPOUT\); += \+ {4}spout/m)
    expect(stdout).toMatch(/changed lines that say something: 4 in both, 4 only in the patch, 0 only in the commit/)
    for (const command of stdout.matchAll(/^ {2}git -C (\S+) (show|blame) .*$/gm))
      expect(git(upstream, ...command[0].trim().split(' ').slice(3)).length).toBeGreaterThan(0)
    expect(show('3-undone', '--compare', 'nothing').stderr).toContain('no commit "nothing"')
  })
})

describe('overrule', () => {
  const overrule = (...more: string[]) => rebaseline(directory, ['overrule', '--queue', 'queue', ...more])

  it('lets a person decide, until the answer is withdrawn', () => {
    expect(overrule('2-partly', 'drop', '--by', 'Ann', '--reason', 'the lid has no lock any more').code).toBe(0)
    expect(patches()[1]).toMatchObject({
      verdict: 'droppable',
      action: 'drop',
      landing: 'withheld',
      reason: expect.stringMatching(/^overruled by Ann on .*: the lid has no lock any more$/),
    })
    expect(overrule('1-both', 'keep', '--reason', 'ours is better').code).toBe(0)
    expect(show('1-both').stdout).toMatch(
      /^ {4}answered since: keep, by .*: ours is better; it counts from the next try on$/m,
    )
    expect(patches()[0]).toMatchObject({ action: expect.stringMatching(/keep|refresh/), overrule: { answer: 'keep' } })
    expect(overrule().stdout).toMatch(/drop {2}2-partly\.patch\n {6}Ann, .*\nkeep {2}1-both\.patch/)
    overrule('1-both', 'withdraw')
    overrule('2-partly', 'withdraw')
    const verdicts = patches().map(({ verdict }: { verdict: string }) => verdict)
    expect(verdicts).toEqual(['upstreamed', 'applies', 'applies', 'conflicting', 'conflicting'])
    expect(overrule().stdout).toContain('no answer is recorded')
  })

  it('counts an answer that names a commit only where the target holds it', () => {
    expect(overrule('3-undone', 'drop', '--commit', 'main~1', '--reason', 'it was there').code).toBe(0)
    expect(patches()[2]).toMatchObject({
      verdict: 'upstreamed',
      overrule: { commit: git(upstream, 'rev-parse', 'main~1') },
    })
    const early = args.map((arg) => (arg === 'v2.0' ? 'v1.0' : arg))
    expect(JSON.parse(rebaseline(directory, early).stdout).patches[2]).toMatchObject({
      verdict: 'applies',
      overrule: null,
    })
    expect(overrule('3-undone', 'withdraw').code).toBe(0)
    // The newest attempt is what the others look at.
    patches()
  })

  it('refuses an answer without a reason, and a commit that the target has not', () => {
    expect(overrule('3-undone', 'drop')).toMatchObject({ code: 1, stderr: expect.stringContaining('--reason') })
    git(upstream, 'checkout', '--quiet', '-b', 'aside', 'v1.0')
    commit('Aside', { 'lid.c': body('x') })
    git(upstream, 'checkout', '--quiet', 'main')
    const refused = overrule('3-undone', 'drop', '--reason', 'r', '--commit', 'aside')
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('does not hold') })
    expect(overrule('no-such', 'drop', '--reason', 'r').code).toBe(2)
    expect(overrule('2-partly', 'drop', '--reason', '…')).toMatchObject({ code: 1 })
    expect(overrule('2-partly', 'withdraw').stderr).toContain('no answer is recorded for 2-partly')
    expect(overrule('3-undone').stderr).toContain('drop, keep or withdraw')
  })
})
