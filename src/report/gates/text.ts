/** Gates as lines: how many fail, and of each whether it holds and why. */
import type { JudgedPolicy } from '../../model/gate.ts'
import { type Medium, plural, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** Nothing where no gate is written. */
export function gatesToText({ gates }: JudgedPolicy, medium: Medium): string {
  if (gates.length === 0) return ''
  const style = styleFor(medium)
  const failing = gates.filter(({ pass }) => !pass).length
  const all = plural(gates.length, 'gate')
  const head = failing === 0 ? `all ${all} hold` : `${failing} of ${all} ${failing === 1 ? 'fails' : 'fail'} (exit 3)`
  const lines = gates.map(({ gate, pass, because }) => {
    const mark = pass ? 'holds' : style.red('fails')
    return `  ${mark}  ${forTerminal(gate.text)}\n         ${forTerminal(because)}`
  })
  return `${[`GATES  ${gates.length === 1 && failing === 0 ? 'the gate holds' : head}`, ...lines].join('\n')}\n`
}
