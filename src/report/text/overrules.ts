/** People's answers, for people. */
import type { NamedOverrule } from '../../model/overrule.ts'
import { cut, type Medium, type NextCommand, nextLines, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

export function overrulesToText(overrules: readonly NamedOverrule[], medium: Medium): string {
  if (overrules.length === 0)
    return `no answer is recorded: the evidence decides\n\n${nextLines(HELP, medium).join('\n')}\n`
  return `${overruleLines(overrules, medium).join('')}\nThe next attempt goes by these.\n`
}

const HELP: readonly NextCommand[] = [['rebaseline overrule --help', 'how to give one']]

/** Two lines for each answer. */
export function overruleLines(overrules: readonly NamedOverrule[], medium: Medium): string[] {
  const style = styleFor(medium)
  return overrules.flatMap(({ answer, names, commit, reason, by, at }) => {
    const as = commit === null ? '' : ` as ${commit.slice(0, 12)}`
    const lines = [
      `${style.bold(answer)}  ${forTerminal(names.join(', '))}${as}`,
      `      ${forTerminal(by)}, ${at.slice(0, 10)}: ${forTerminal(reason)}`,
    ]
    return lines.map((line) => `${cut(line, medium.width)}\n`)
  })
}
