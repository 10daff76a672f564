import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { debtOf } from '../../src/audit/debt.ts'
import { hygieneOf } from '../../src/audit/hygiene.ts'
import { orderedByLuck } from '../../src/audit/order.ts'
import { conditionsOf, evaluate, type RetireFacts } from '../../src/audit/retire.ts'
import { compareTexts, likest } from '../../src/audit/same-change.ts'
import type { PatchResult } from '../../src/model/attempt.ts'
import type { ClaimedCommit } from '../../src/model/audit.ts'
import type { Patch } from '../../src/model/patch.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'

const DIFF = '--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n one\n-two\n+2\n+three\n'

function patchOf(header: string, diff = DIFF, name = 'a.patch', position = 1): Patch {
  return readPatch(bareListing(name), position, Buffer.from(`${header}\n${diff}`))
}

function commitOf(lines: string[], about: Partial<ClaimedCommit> = {}): ClaimedCommit {
  return { sha: '1a4ae2e7aa00', subject: 'x', place: 'later', firstTag: null, ...about, lines }
}

describe('a patch against commits', () => {
  it('is held against one of two copies of a commit, the one that is most like it', () => {
    const copies = [commitOf(['-two', '+2', '+3']), commitOf(['-two', '+2', '+three'])]
    for (const commits of [copies, copies.toReversed()])
      expect(compareTexts(patchOf(''), commits)?.differs).toEqual({ here: 0, there: 0 })
  })

  it('is held against all that it folds together', () => {
    expect(compareTexts(patchOf(''), [commitOf(['-two', '+2']), commitOf(['+three', '+four'])])?.differs).toEqual({
      here: 0,
      there: 1,
    })
  })

  it('is no commit that is called the same and has other lines', () => {
    expect(likest(patchOf(''), [commitOf(['+else'])])).toBeNull()
    expect(likest(patchOf(''), [commitOf(['+else']), commitOf(['-two', '+2'])])?.lines).toEqual(['-two', '+2'])
  })
})

describe('hygiene', () => {
  const faults = (header: string) =>
    hygieneOf({ patch: patchOf(header), class: 'unsent', isTwice: false, isOrderLuck: false })

  it('takes what tools write above a diff for no description', () => {
    expect(faults('# HG changeset patch\n# User A <a@b>\n# Date 0 0\n# Node ID 0123\n# Parent  4567\n')).toEqual([
      'no-description',
      'no-sign-off',
    ])
    expect(faults('# HG changeset patch\n# User A <a@b>\nWhat it does.\nSigned-off-by: A <a@b>\n')).toEqual([])
  })

  it('wants a reason in a section that is to shrink', () => {
    const patch = { ...patchOf(''), section: 'Technical debt' }
    const facts = { class: 'unsent', isTwice: false, isOrderLuck: false } as const
    expect(hygieneOf({ patch, ...facts })).toContain('no-justification')
    expect(hygieneOf({ patch: { ...patch, comment: 'for the old tool' }, ...facts })).not.toContain('no-justification')
  })
})

describe('the order of patches', () => {
  /** A patch that changes one line of a file, with its context around. */
  const at = (line: number, header: string, position: number, name = `${position}.patch`) => {
    const context = [line - 2, line - 1].map((one) => ` ${one}\n`).join('')
    const after = [line + 1, line + 2].map((one) => ` ${one}\n`).join('')
    const hunk = `@@ -${line - 2},5 +${line - 2},6 @@\n${context} ${line}\n+new${position}\n${after}`
    return patchOf(header, `--- a/f\n+++ b/f\n${hunk}`, name, position)
  }
  const luck = (...patches: Patch[]) => [...orderedByLuck(patches, () => false)]

  it('matters by luck where a hunk has lines that an earlier one wrote', () => {
    expect(luck(at(10, '', 1), at(11, '', 2))).toEqual([2])
    expect(luck(at(10, '', 1), at(30, '', 2))).toEqual([])
  })

  it('is no luck where somebody says why, in a series, and among backports', () => {
    expect(luck(at(10, '', 1), at(11, 'Depends on the lock that 1.patch brings.', 2))).toEqual([])
    const mail = (number: number) => `From: A <a@b>\nSubject: [PATCH ${number}/2] x: do it\n`
    expect(luck(at(10, mail(1), 1), at(11, mail(2), 2))).toEqual([])
    expect([...orderedByLuck([at(10, '', 1), at(11, '', 2)], () => true)]).toEqual([])
  })

  it('is free for hunks that are apart, wherever lines came in between', () => {
    const lines = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(lines, (places) => {
        const patches = places.map((place, index) => {
          // Each patch before it, and above it, moved it down by one line.
          const above = places.slice(0, index).filter((other) => other < place).length
          return at(10 + place * 10 + above, '', index + 1)
        })
        expect(luck(...patches)).toEqual([])
      }),
    )
  })
})

describe('conditions', () => {
  const facts: RetireFacts = {
    base: 'RELEASE-4.19.0',
    commits: new Map([['1a4ae2e', commitOf([], { place: 'target' })]]),
    knowsCommits: true,
    hasFile: (path) => path === 'here.c',
  }

  it.each([
    ['upstream has 1a4ae2e', true],
    ['upstream has 2b5bf3f', false],
    ['base >= 4.19', true],
    ['base >= v4.20', false],
    ['file gone.c is gone', true],
    ['file here.c is gone', false],
    ['the vendor ships a new firmware', null],
    ['upstream has it', null],
    ['base >= soon', null],
  ])('%s: %s', (words, met) => {
    expect(evaluate(words, facts).met).toBe(met)
  })

  it('are not answered where nobody can know', () => {
    expect(evaluate('upstream has 2b5bf3f', { ...facts, knowsCommits: false }).met).toBeNull()
    expect(evaluate('base >= 4.19', { ...facts, base: 'master' }).met).toBeNull()
  })

  it('stand in the header, and in the config under the name', () => {
    const config = new Map([['a.patch', { value: ['base >= 2'], line: 3 }]])
    expect(conditionsOf(patchOf('Retire-when: base >= 1\n'), config)).toEqual(['base >= 1', 'base >= 2'])
    expect(
      conditionsOf(patchOf('x', '--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n one\n+Retire-when: base >= 1\n'), new Map()),
    ).toEqual([])
  })
})

it('debt is the sum of the parts that it names', () => {
  const whole = fc.nat({ max: 100_000 })
  fc.assert(
    fc.property(whole, whole, fc.nat({ max: 20 }), whole, fc.boolean(), (lines, days, conflicts, heat, isNew) => {
      const result = { patch: { added: lines, removed: 0 }, verdict: { kind: 'applies' } } as PatchResult
      const age = isNew ? null : { days, isAtLeast: false, refreshes: 0, conflicts }
      const { points, because } = debtOf({ result, age, heat, target: 'v2' })
      const parts = [...because.matchAll(/\((\d+)\)/g)].map(([, part]) => Number(part))
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(points)
      expect(points).toBeLessThanOrEqual(30 + (isNew ? 0 : conflicts * 10))
    }),
  )
})
