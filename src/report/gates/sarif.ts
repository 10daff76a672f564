/** Gates as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), which code scanning takes in. */
import type { Log, ReportingDescriptor, Result } from 'sarif'
import type { Gate, JudgedPolicy } from '../../model/gate.ts'
import { printJson } from '../json/print.ts'
import { failuresOf } from './places.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

export function gatesToSarif(policy: JudgedPolicy, version: string): string {
  const gates = policy.gates.map(({ gate }) => gate)
  const ids = gates.map(ruleId)
  const rules = gates.map((gate, at): ReportingDescriptor => {
    return { id: ids[at] ?? '', shortDescription: { text: gate.text }, defaultConfiguration: { level: 'error' } }
  })
  const results = failuresOf(policy).map(({ gate: { gate }, message, file, line }): Result => {
    const ruleIndex = gates.indexOf(gate)
    // An address of a file may hold any byte (RFC 3986, 2.1).
    const uri = file.split('/').map(encodeURIComponent).join('/')
    const physicalLocation = { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine: line } }
    return {
      ruleId: ids[ruleIndex],
      ruleIndex,
      level: 'error',
      message: { text: message },
      locations: [{ physicalLocation }],
    }
  })
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'rebaseline', version, rules } }, columnKind: 'unicodeCodePoints', results }],
  }
  return printJson(log)
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
