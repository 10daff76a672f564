/** Gates as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), which code scanning takes in. */
import type { ReportingDescriptor, Result } from 'sarif'
import type { Gate, JudgedPolicy } from '../../model/gate.ts'
import { locationAt, toSarif } from '../ci/sarif.ts'
import { failuresOf } from './places.ts'

export function gatesToSarif(policy: JudgedPolicy, version: string): string {
  const gates = policy.gates.map(({ gate }) => gate)
  const ids = gates.map(ruleId)
  const rules = gates.map((gate, at): ReportingDescriptor => {
    return { id: ids[at] ?? '', shortDescription: { text: gate.text }, defaultConfiguration: { level: 'error' } }
  })
  const results = failuresOf(policy).map(({ gate: { gate }, message, file, line }): Result => {
    const ruleIndex = gates.indexOf(gate)
    return {
      ruleId: ids[ruleIndex],
      ruleIndex,
      level: 'error',
      message: { text: message },
      locations: [locationAt(file, line)],
    }
  })
  return toSarif(rules, results, version)
}

/** The same for the same gate, however its sentence is written; each once in a file. */
function ruleId({ rule }: Gate, at: number, all: readonly Gate[]): string {
  const id = nameOf(rule)
  const before = all.slice(0, at).filter((one) => nameOf(one.rule) === id).length
  return before === 0 ? id : `${id}#${before + 1}`
}

function nameOf(rule: Gate['rule']): string {
  if (rule.kind === 'no-growth') return `${rule.kind}/${rule.section.toLowerCase()}`
  return rule.kind === 'no-claim' ? `no-${rule.what.join('-or-')}-claim` : rule.kind
}
