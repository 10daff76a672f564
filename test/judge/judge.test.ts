import { describe, expect, it } from 'vitest'
import { isWithheld, judge } from '../../src/judge/verdict.ts'
import type { Landing, Needless, Rebuild } from '../../src/model/attempt.ts'
import type { UpstreamFinding } from '../../src/model/finding.ts'

const absent: UpstreamFinding = {
  status: 'absent',
  coverage: 0,
  survival: 0,
  confidence: 0,
  commits: [],
  parts: 0,
  fates: [],
  question: null,
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
const say = (landing: Landing, upstream = absent, needless: Needless | null = null) => {
  const { kind, action } = judge({
    rebuild: clean,
    landing,
    upstream,
    needless,
    elsewhere: null,
    releases: null,
    overrule: null,
  })
  return `${kind}, ${action}`
}

describe('judge', () => {
  it.each<[Landing, string]>([
    [{ kind: 'clean' }, 'applies, keep'],
    [{ kind: 'offset', lines: 3, by: 'merge' }, 'applies, refresh'],
    [{ kind: 'offset', lines: 3, by: 'context' }, 'applies, refresh'],
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

  it('drops what merges to nothing, and asks where no merge was possible', () => {
    expect(say({ kind: 'noop' })).toBe('upstreamed, drop')
    const failed: Rebuild = { kind: 'failed', reason: 'r', hint: 'h' }
    const facts = { rebuild: failed, upstream: absent, needless: null, elsewhere: null, releases: null, overrule: null }
    expect(judge({ ...facts, landing: { kind: 'noop' } })).toMatchObject({ kind: 'applies', action: 'review' })
  })

  it('drops what is empty, obsolete or cancelled as droppable', () => {
    for (const needless of [{ kind: 'empty' }, { kind: 'obsolete' }, { kind: 'cancelled', with: 3 }] as const)
      expect(say({ kind: 'conflict', conflicts: [] }, absent, needless)).toBe('droppable, drop')
  })

  it('says where the commit is that a patch names, if not in the target', () => {
    const facts = {
      rebuild: clean,
      landing: { kind: 'clean' } as const,
      upstream: absent,
      needless: null,
      overrule: null,
    }
    const { reason } = judge({ ...facts, releases: null, elsewhere: { sha: 'c0ffee'.repeat(6), firstTag: 'v9' } })
    expect(reason).toBe('names c0ffeec0ffee, which the target does not hold; first in v9')
  })

  it('asks a person what only a person can tell, and carries what remains without asking', () => {
    const open = finding({ status: 'partial', question: { kind: 'fates', sha: null } })
    expect(say({ kind: 'clean' }, open)).toBe('applies, review')
    expect(say({ kind: 'conflict', conflicts: [] }, open)).toBe('conflicting, review')
    expect(say({ kind: 'merged' }, finding({ status: 'partial' }))).toBe('applies, refresh')
    const taken = finding({ status: 'reverted', question: { kind: 'taken-back', sha: null } })
    expect(say({ kind: 'clean' }, taken)).toBe('applies, review')
  })
})

describe('overrule', () => {
  const answer = (kind: 'drop' | 'keep', commit: string | null = null) => {
    return { id: 1, digest: '', answer: kind, commit, reason: 'because', by: 'ann', at: '2026-01-02T03:04:05.000Z' }
  }
  const sure = finding({ status: 'present', confidence: 0.98, survival: 1 })
  const overruled = (overrule: ReturnType<typeof answer>, landing: Landing, upstream = sure) =>
    judge({ rebuild: clean, landing, upstream, needless: null, elsewhere: null, releases: null, overrule })

  it('keeps what the evidence would drop, and drops what it would keep', () => {
    expect(isWithheld(sure, answer('keep'))).toBe(false)
    expect(isWithheld(absent, answer('drop'))).toBe(true)
    expect(overruled(answer('keep'), { kind: 'clean' })).toMatchObject({ kind: 'applies', action: 'keep' })
    expect(overruled(answer('keep'), { kind: 'noop' })).toMatchObject({ kind: 'applies', action: 'keep' })
    expect(overruled(answer('keep'), { kind: 'conflict', conflicts: [] })).toMatchObject({ action: 'rework' })
    expect(overruled(answer('drop'), { kind: 'withheld' }, absent)).toMatchObject({ kind: 'droppable', action: 'drop' })
    expect(overruled(answer('drop', 'c0ffee'), { kind: 'withheld' }, absent).kind).toBe('upstreamed')
  })

  it('asks no more where a person said that it is needed', () => {
    const back = finding({ status: 'reverted', question: { kind: 'taken-back', sha: null } })
    expect(say({ kind: 'clean' }, back)).toBe('applies, review')
    expect(overruled(answer('keep'), { kind: 'clean' }, back)).toMatchObject({ kind: 'applies', action: 'keep' })
    expect(overruled(answer('keep'), { kind: 'blocked', conflicts: [], by: [1] }, back).action).toBe('wait')
  })

  it('says who decided, when and why', () => {
    expect(overruled(answer('drop'), { kind: 'withheld' }).reason).toBe('overruled by ann on 2026-01-02: because')
    expect(overruled(answer('keep'), { kind: 'clean' }).reason).toBe('kept by ann on 2026-01-02: because')
  })
})

it('withholds a patch only if all of it is in the target', () => {
  expect(isWithheld(finding({ status: 'present' }), null)).toBe(true)
  expect(isWithheld(finding({ status: 'partial', confidence: 0.99 }), null)).toBe(false)
  expect(isWithheld(finding({ status: 'reverted', confidence: 0.99 }), null)).toBe(false)
})
