import { describe, expect, it } from 'vitest'
import { isWithheld, judge } from '../../src/judge/judge.ts'
import type { Landing, Rebuild } from '../../src/model/attempt.ts'
import type { UpstreamFinding } from '../../src/model/finding.ts'

const absent: UpstreamFinding = {
  status: 'absent',
  coverage: 0,
  survival: 0,
  confidence: 0,
  commits: [],
  revertedBy: null,
  claims: [],
}
const commit = {
  sha: 'c'.repeat(40),
  subject: 's',
  date: '',
  firstTag: null,
  signals: ['subject' as const],
  coverage: 1,
}
const finding = (part: Partial<UpstreamFinding>): UpstreamFinding => ({ ...absent, commits: [commit], ...part })
const clean: Rebuild = { kind: 'clean' }
const say = (landing: Landing, upstream = absent, rebuild = clean, isEmpty = false) => {
  const { kind, action } = judge({ rebuild, landing, upstream, isEmpty })
  return `${kind}, ${action}`
}

describe('judge', () => {
  it.each<[Landing, string]>([
    [{ kind: 'clean' }, 'applies, keep'],
    [{ kind: 'offset', lines: 3 }, 'applies, refresh'],
    [{ kind: 'merged' }, 'applies, refresh'],
    [{ kind: 'fuzz', lines: 1 }, 'applies, refresh'],
    [{ kind: 'conflict', conflicts: [] }, 'conflicting, rework'],
    [{ kind: 'blocked', conflicts: [], by: [1] }, 'blocked, wait'],
    [{ kind: 'unreadable' }, 'invalid, repair'],
  ])('%o, nothing upstream: %s', (landing, expected) => {
    expect(say(landing)).toBe(expected)
  })

  it('drops what was withheld', () => {
    expect(say({ kind: 'withheld' }, finding({ status: 'present', confidence: 0.98, survival: 1 }))).toBe(
      'upstreamed, drop',
    )
  })

  it('drops what merges to nothing only if its lines are in the target', () => {
    expect(say({ kind: 'noop' }, finding({ survival: 1 }))).toBe('upstreamed, drop')
    expect(say({ kind: 'noop' }, finding({ survival: 0.2 }))).toBe('applies, review')
  })

  it('drops an empty patch as droppable', () => {
    expect(say({ kind: 'noop' }, absent, clean, true)).toBe('droppable, drop')
  })

  it('has a person look at what may be upstream, or was taken back; the verdict stays what the landing says', () => {
    expect(say({ kind: 'clean' }, finding({ status: 'present', confidence: 0.7 }))).toBe('applies, review')
    expect(say({ kind: 'conflict', conflicts: [] }, finding({ status: 'reverted', confidence: 0.9 }))).toBe(
      'conflicting, review',
    )
  })
})

it('withholds a patch only for a sure finding that stands', () => {
  expect(isWithheld(finding({ status: 'present', confidence: 0.9 }))).toBe(true)
  expect(isWithheld(finding({ status: 'present', confidence: 0.89 }))).toBe(false)
  expect(isWithheld(finding({ status: 'partial', confidence: 0.99 }))).toBe(false)
  expect(isWithheld(finding({ status: 'reverted', confidence: 0.99 }))).toBe(false)
})
