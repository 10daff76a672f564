/** Gates as annotations of GitHub Actions (docs.github.com, "Workflow commands"). */
import type { JudgedPolicy } from '../../model/gate.ts'
import { forTerminal } from '../sanitize.ts'
import { failuresOf } from './places.ts'

export function gatesToGithub(policy: JudgedPolicy): string {
  const failures = failuresOf(policy).map(({ message, file, line, gate: { gate } }) => {
    const place = `file=${property(file)},line=${line},title=${property(gate.text)}`
    return `::error ${place}::${data(message)}`
  })
  const held = policy.gates.filter(({ pass }) => pass).length
  return `${[...failures, `gates that hold: ${held} of ${policy.gates.length}`].join('\n')}\n`
}

/** A line feed would end the command, and begin another. */
function data(text: string): string {
  return forTerminal(text).replaceAll('%', '%25')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
