/** Where the failures of gates are shown, as files of the repository that holds the queue. */
import type { JudgedGate, JudgedPolicy } from '../../model/gate.ts'

/** One thing that is wrong, and the line of a file that is to be changed for it. */
export interface GateFailure {
  gate: JudgedGate
  /** In words, whole by themselves. */
  message: string
  /** From the top of the repository, "/" between. */
  file: string
  line: number
}

/** What fails, gate by gate: each offence, or the gate itself where it has none. */
export function failuresOf(policy: JudgedPolicy): GateFailure[] {
  return policy.gates.filter(({ pass }) => !pass).flatMap((gate) => failuresOfGate(gate, policy))
}

function failuresOfGate(gate: JudgedGate, policy: JudgedPolicy): GateFailure[] {
  const own = { gate, file: fromTop(policy.file, policy.top), line: gate.gate.line }
  if (gate.offences.length === 0) return [{ ...own, message: `${gate.gate.text}: ${gate.because}` }]
  return gate.offences.map(({ name, because, listed }) => {
    const message = `${gate.gate.text}: ${name} ${because}`
    const [, list, line] = /^(.*):(\d+)$/s.exec(listed ?? '') ?? []
    if (list === undefined) return { ...own, message }
    const file = fromTop(`${policy.queue.replace(/[^/]*$/, '')}${list}`, policy.top)
    return { gate, message, file, line: Number(line) }
  })
}

/** The file of the gates, from the top of the repository. */
export function policyFile(policy: JudgedPolicy): string {
  return fromTop(policy.file, policy.top)
}

function fromTop(file: string, top: string): string {
  return file.startsWith(`${top}/`) ? file.slice(top.length + 1) : file
}
