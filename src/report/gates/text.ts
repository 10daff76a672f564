/** Gates as lines: how many fail, and of each whether it holds and why. */
import type { JudgedPolicy } from '../../model/gate.ts'
import { fold, type Medium, plural, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** Nothing where no gate is written. */
export function gateLines(policy: JudgedPolicy | null, medium: Medium): string[] {
  const gates = policy?.gates ?? []
  if (gates.length === 0) return []
  const style = styleFor(medium)
  const failing = gates.filter(({ pass }) => !pass).length
  const all = plural(gates.length, 'gate')
  const head = failing === 0 ? `${all} held` : `${failing} of ${all} failed (exit 3)`
  const lines = gates.flatMap(({ gate, pass, because }) => {
    const why = fold(forTerminal(because), medium.width, ' '.repeat(9))
    return [`  ${pass ? 'holds' : style.red('fails')}  ${forTerminal(gate.text)}`, ...why]
  })
  return [`GATES    ${head}`, ...lines]
}

export function gatesToText(policy: JudgedPolicy, medium: Medium): string {
  return `${gateLines(policy, medium).join('\n')}\n`
}
