import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GatedPatch, type GateFacts, judgeGates } from '../../src/audit/gates.ts'
import type { AuditedClaim } from '../../src/model/audit.ts'
import type { GateRule, JudgedGate } from '../../src/model/gate.ts'
import { gatesToGithub } from '../../src/report/gates/github.ts'
import { gatesToJunit } from '../../src/report/gates/junit.ts'
import { gatesToSarif } from '../../src/report/gates/sarif.ts'

const ageOf = (days: number, isAtLeast = false) => ({ days, isAtLeast, refreshes: 0, conflicts: 0 })
const patchOf = (position: number, more: Partial<GatedPatch> = {}): GatedPatch => ({
  ...{ position, name: `${position}.patch`, listed: `series:${position}`, section: 'Debt', owner: null },
  ...{ class: 'unsent', claims: [], age: ageOf(10) },
  ...more,
})
const FACTS: GateFacts = {
  ...{ patches: [], target: 'v1.1', isRelease: true, past: new Map(), isHistoryWhole: true },
  security: null,
}

function judge(rule: GateRule, facts: Partial<GateFacts>): JudgedGate {
  const [judged] = judgeGates([{ text: 'the sentence', line: 2, rule }], { ...FACTS, ...facts })
  if (!judged) throw new Error('a gate was lost')
  return judged
}

const claimOf = (form: AuditedClaim['form'], holds: AuditedClaim['holds']): AuditedClaim => ({
  ...{ field: 'name', form, commit: '1a4ae2e7aa00', at: 'unknown', holds, differs: null, because: 'looked up' },
})

describe('a section that must not grow', () => {
  const rule: GateRule = { kind: 'no-growth', section: 'debt', since: 'r1' }

  it('holds while the section is no larger, whoever is in it', () => {
    const past = new Map([['r1', [{ name: 'gone.patch', section: 'Debt' }]]])
    expect(judge(rule, { patches: [patchOf(1), patchOf(2, { section: 'Other' })], past }).pass).toBe(true)
  })

  it('counts the parts of the section, and names what is new', () => {
    const past = new Map([['r1', [{ name: '1.patch', section: 'Debt / xen' }]]])
    const patches = [patchOf(1, { section: 'Debt / xen' }), patchOf(2, { section: 'Debt / tools' })]
    const judged = judge(rule, { patches, past })
    expect(judged).toMatchObject({ pass: false, because: '"debt" has 2 patches, 1 at r1: new is 2.patch' })
    expect(judged.offences.map(({ name }) => name)).toEqual(['2.patch'])
  })
})

describe('no security fix missing', () => {
  const rule: GateRule = { kind: 'no-fix-missing' }
  const fix = { aliases: [], commits: ['1a4ae2e7aa00'], where: 'target' as const, because: 'looked up' }

  it('holds for what is not affected, and not for what is not known', () => {
    const harmless = { ...fix, id: 'CVE-2031-1', affects: false }
    expect(judge(rule, { security: { missing: [harmless], undone: [] } }).pass).toBe(true)
    const open = { ...fix, id: 'CVE-2031-2', affects: null }
    const judged = judge(rule, { security: { missing: [harmless, open], undone: [] } })
    expect(judged).toMatchObject({ pass: false, because: '1 fix is missing: CVE-2031-2', offences: [] })
  })

  it('names the patch that takes a fix back', () => {
    const undone = [{ id: 'XSA-420', aliases: [], patches: ['2.patch'] }]
    const judged = judge(rule, { patches: [patchOf(1), patchOf(2)], security: { missing: [], undone } })
    expect(judged).toMatchObject({ pass: false, because: '2.patch takes the fix of XSA-420 back' })
    expect(judged.offences).toMatchObject([{ position: 2 }])
  })

  it('does not hold because nobody looked', () => {
    expect(() => judge(rule, {})).toThrow('nobody looked')
  })
})

describe('no old patch without an owner', () => {
  const rule: GateRule = { kind: 'no-old-unowned', days: 365, age: '1 year' }

  it('asks neither the young ones nor those of somebody', () => {
    const patches = [patchOf(1, { age: ageOf(365) }), patchOf(2, { age: ageOf(4000), owner: 'nina' })]
    expect(judge(rule, { patches }).pass).toBe(true)
    expect(judge(rule, { patches: [patchOf(1, { age: ageOf(366) })] }).pass).toBe(false)
    expect(judge(rule, { patches: [patchOf(1, { age: ageOf(366) })] }).because).toMatch(/^1 patch older than 1 year /)
  })

  it('does not take what is not known for young', () => {
    expect(judge(rule, { patches: [patchOf(1, { age: null })] })).toMatchObject({
      pass: false,
      because: '1 patch without an owner whose age is not known: 1.patch',
    })
    const cut = { patches: [patchOf(1, { age: ageOf(10, true) })] }
    expect(judge(rule, { ...cut, isHistoryWhole: false }).pass).toBe(false)
    expect(judge(rule, cut).pass).toBe(true)
  })
})

describe('no debug patch, no claim', () => {
  it('asks for debug patches at releases only', () => {
    const patches = [patchOf(1, { class: 'debug' })]
    expect(judge({ kind: 'no-debug-at-release' }, { patches })).toMatchObject({ pass: false, isAsked: true })
    const other = judge({ kind: 'no-debug-at-release' }, { patches, isRelease: false, target: 'main' })
    expect(other).toMatchObject({ pass: true, isAsked: false, because: 'not asked: main is no tag of a release' })
  })

  it('tells false claims from those that nothing bears out', () => {
    const claims = [claimOf('backport', 'false'), claimOf('applied', 'unknown'), claimOf('submitted', 'unknown')]
    const patches = [patchOf(1, { claims })]
    expect(judge({ kind: 'no-claim', what: ['false'] }, { patches }).offences).toHaveLength(1)
    expect(judge({ kind: 'no-claim', what: ['unexplained'] }, { patches }).offences).toHaveLength(1)
    expect(judge({ kind: 'no-claim', what: ['false', 'unexplained'] }, { patches }).because).toContain(
      '1.patch says 1a4ae2e7aa00 in its name: false, looked up',
    )
  })
})

describe('what a build server reads', () => {
  const policyOf = (name: string, section: string) => {
    const rule: GateRule = { kind: 'no-growth', section, since: 'r1' }
    const gate = { text: `section ${section} must not grow since r1`, line: 2, rule }
    const gates = judgeGates([gate, { ...gate }], { ...FACTS, patches: [patchOf(7, { name, section })] })
    return { file: '/q/sub/rebaseline.yaml', top: '/q', queue: '/q/sub/p/series', target: 'v1', gates }
  }

  it('is an annotation at the line that lists the patch', () => {
    expect(gatesToGithub(policyOf('a.patch', 'Debt')).split('\n')[0]).toBe(
      '::error file=sub/p/series,line=7,title=section Debt must not grow since r1::section Debt must not grow since r1: a.patch is not there at r1',
    )
  })

  it('is one annotation a failure, whatever a patch is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const lines = gatesToGithub(policyOf(`${name}\n::error::x`, 'Debt'))
          .trimEnd()
          .split('\n')
        expect(lines.filter((line) => line.startsWith('::'))).toHaveLength(2)
        expect(lines).toHaveLength(3)
      }),
    )
  })

  it('is SARIF whose results belong to its rules, each rule once', () => {
    const [run] = JSON.parse(gatesToSarif(policyOf('a b%.patch', 'Debt'), '1.0')).runs
    const ids = run.tool.driver.rules.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(['no-growth/debt', 'no-growth/debt#2'])
    expect(run.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(ids)
    const [{ physicalLocation }] = run.results[0].locations
    expect(physicalLocation).toMatchObject({ artifactLocation: { uri: 'sub/p/series' }, region: { startLine: 7 } })
  })

  it('is JUnit with a test for every gate', async () => {
    const xml = await gatesToJunit(policyOf('a]]>&<b>\u0001.patch', 'Debt'))
    expect(xml).toContain('<testsuites tests="2" failures="2" errors="0" skipped="0">')
    expect(xml).not.toContain('\u0001')
    expect(xml).not.toContain('<b>.patch"')
  })
})
