import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HunkLine } from '../../../src/model/patch.ts'
import { align } from '../../../src/patch/hold/align.ts'
import { standingOf } from '../../../src/patch/hold/standing.ts'
import { LineKeys } from '../../../src/patch/hold/text.ts'

/** What is put round lines so that they hold only on a condition, or not at all. */
const ROUND: [above: string, below: string][] = [
  ['if false; then', 'fi'],
  ['case $mode in strict)', 'esac'],
  ['while read name; do', 'done'],
  ['later() {', '}'],
  ['if (0) {', '}'],
  [": <<'END'", 'END'],
  ['if(WIN32)', 'endif()'],
  ["if system == 'windows'", 'endif'],
  ['if EXPERT', 'endif'],
  ['ifeq ($(X),y)', 'endif'],
  ['define HARD', 'endef'],
  ['{% if hardened %}', '{% endif %}'],
  ['<?php if ($safe): ?>', '<?php endif ?>'],
  ['<!--', '-->'],
  ['--[[', ']]'],
  ['=pod', '=cut'],
  ["'''", "'''"],
  ['#ifdef X', '#endif'],
  ['#[cfg(test)]', ''],
  ['test -n "$strict" &&', ''],
]
const before = Array.from({ length: 12 }, (_, at) => `line ${at}`)
const added = ['verify one', 'verify two']
const hunk: HunkLine[] = [
  ...before.slice(3, 6).map((text) => ({ kind: 'context' as const, text })),
  ...added.map((text) => ({ kind: 'add' as const, text })),
  ...before.slice(6, 9).map((text) => ({ kind: 'context' as const, text })),
]

function stateOf(base: readonly string[], block: readonly HunkLine[], at: number, target: readonly string[]) {
  const keys = new LineKeys()
  const [own, text] = [keys.textOf(base), keys.textOf(target)]
  return standingOf({ at, block }, { before: own, text, map: align(own.keys, text.keys) }, keys)?.state
}

describe('standingOf', () => {
  it('counts nothing that upstream put under a condition or into a comment', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROUND), fc.boolean(), ([above, below], isRound) => {
        const middle = isRound ? [above, ...added, below] : added
        const target = [...before.slice(0, 6), ...middle, ...before.slice(6)]
        expect(stateOf(before, hunk, 3, target)).toBe(isRound ? 'switched-off' : 'whole')
      }),
    )
  })

  it('counts what hangs on a head of its own, in braces or not', () => {
    const head = fc.constantFrom(['if (is_full(ring))'], ['if (is_full(ring) ||', '    is_closed(ring))'])
    const leaves = fc.constantFrom(
      ['    if (is_strict(ring))'],
      ['    if (!is_strict(ring)) goto done;'],
      ['    if (is_strict(ring)) {', '        fail(ring);', '    } else'],
    )
    const cleanup = fc.array(fc.constantFrom('    release(ring);', '    count_failure(ring);'), { maxLength: 2 })
    fc.assert(
      fc.property(head, cleanup, leaves, fc.boolean(), (own, others, first, isOwn) => {
        const said = [...own, '    goto fail;', 'refill(ring);'].map((text) => ({ kind: 'add' as const, text }))
        const block = [...hunk.slice(0, 3), ...said, ...hunk.slice(-3)]
        const braces = [...own, '{', ...others, '    goto fail;', '}', 'refill(ring);']
        const middle = isOwn ? braces : [...own, '{', ...others, ...first, '    goto fail;', '}', 'refill(ring);']
        const target = [...before.slice(0, 6), ...middle, ...before.slice(6)]
        expect(stateOf(before, block, 3, target)).toBe(isOwn ? 'whole' : 'switched-off')
      }),
    )
  })

  it('counts no line of a like block where its own is gone, but where it got another name', () => {
    const rows = ['    { 0x1000, 1 },', '    { 0x2000, 1 },', '    { 0x3000, 1 },']
    const table = (name: string, list: readonly string[]) => [
      `static const struct quirk ${name}[] = {`,
      ...list,
      '};',
      '',
    ]
    const base = [...table('deny', rows), ...table('allow', rows)]
    const more = rows.toSpliced(1, 0, '    { 0x1500, 1 },')
    const block = table('deny', more).slice(0, 5)
    const changed = block.map((text) => ({
      kind: text.includes('1500') ? ('add' as const) : ('context' as const),
      text,
    }))
    const states = [table('allow', more), [...table('blocked', more), ...table('allow', rows)]].map((target) =>
      stateOf(base, changed, 0, target),
    )
    expect(states).toEqual([expect.not.stringMatching('whole'), 'whole'])
  })

  it('counts no line whose surroundings alone were indented anew', () => {
    const own = ['def sweep(all):', '    for one in all:', '        one.close()', '        log(one)', '    return 0']
    const narrow = (line: string) => line.replace(/^ +/, (blanks) => ' '.repeat(blanks.length / 2))
    const block: HunkLine[] = [
      ...own.slice(1, 3).map((text) => ({ kind: 'context' as const, text })),
      { kind: 'remove', text: '        log(one)' },
      { kind: 'add', text: '    log(one)' },
      { kind: 'context', text: '    return 0' },
    ]
    expect(stateOf(own, block, 1, own.map(narrow))).not.toBe('whole')
    expect(stateOf(own, block, 1, own.with(3, '    log(one)'))).toBe('whole')
  })

  it('takes a shift for no document that ends where its word comes again', () => {
    const shifts = (lines: readonly string[]) =>
      lines.map((line) => line.replace('line 4', 'x = 1 << SHIFT').replace('line 8', 'y >>= SHIFT'))
    const block = hunk.map((line) => ({ ...line, text: shifts([line.text])[0] ?? '' }))
    const target = [...before.slice(0, 6), '#if 0', ...added, '#endif', ...before.slice(6)]
    expect(stateOf(shifts(before), block, 3, shifts(target))).toBe('switched-off')
  })

  it('counts what stands between such blocks, and not in one', () => {
    const blocks = ROUND.filter(([, below]) => below !== '')
    fc.assert(
      fc.property(fc.constantFrom(...blocks), fc.constantFrom(...blocks), ([above, below], [opens, ends]) => {
        const target = [...before.slice(0, 6), above, 'x', below, ...added, opens, 'y', ends, ...before.slice(6)]
        expect(stateOf(before, hunk, 3, target)).toBe('whole')
      }),
    )
  })

  it('counts no line of the next block, wherever upstream put the blocks', () => {
    const blockOf = (name: string, status: string) => [
      `  ${name}: {`,
      '    kind = uart',
      `    status = ${status}`,
      '  }',
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 4 }), (order) => {
        const base = ['a', 'b', 'c', 'd'].flatMap((name) => blockOf(name, 'off'))
        const target = order.flatMap((name) => blockOf(name, name === 'c' ? 'on' : 'off'))
        const block: HunkLine[] = [
          ...['  b: {', '    kind = uart'].map((text) => ({ kind: 'context' as const, text })),
          { kind: 'remove', text: '    status = off' },
          { kind: 'add', text: '    status = on' },
          { kind: 'context', text: '  }' },
        ]
        expect(stateOf(base, block, 4, target)).not.toBe('whole')
      }),
    )
  })
})
