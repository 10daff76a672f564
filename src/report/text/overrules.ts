/** People's answers, for people. */
import type { Overrule } from '../../model/overrule.ts'
import { cut, type Medium, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** `names`: what patches of this content are called in recorded queues. */
export type NamedOverrule = Overrule & { names: string[] }

export function overrulesToText(overrules: readonly NamedOverrule[], medium: Medium): string {
  if (overrules.length === 0) return 'no answer is recorded: the evidence decides\nnext: rebaseline overrule --help\n'
  const style = styleFor(medium)
  const lines = overrules.flatMap(({ answer, names, commit, reason, by, at }) => {
    const as = commit === null ? '' : ` as ${commit.slice(0, 12)}`
    return [
      `${style.bold(answer)}  ${forTerminal(names.join(', '))}${as}`,
      `      ${forTerminal(by)}, ${at.slice(0, 10)}: ${forTerminal(reason)}`,
    ]
  })
  return `${[...lines, 'next: rebaseline try --help (the next attempt goes by these)'].map((line) => cut(line, medium.width)).join('\n')}\n`
}
