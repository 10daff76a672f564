/** What an export wrote, for people. */
import type { RecordedAttempt } from '../../model/attempt.ts'
import { type Medium, plural, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

export interface ExportFacts {
  directory: string
  backup: string | null
  attempt: Pick<RecordedAttempt, 'id' | 'base' | 'target'>
  dropped: string[]
  refreshed: string[]
  unresolved: string[]
  /** Moved, and not to be rewritten in their own form: written backwards. */
  kept: string[]
}

export function exportToText(facts: ExportFacts, medium: Medium): string {
  const { directory, backup, attempt, dropped, refreshed, unresolved, kept } = facts
  const style = styleFor(medium)
  const lines = [
    `${style.bold(forTerminal(directory))}: attempt ${attempt.id}, on ${forTerminal(attempt.target.ref)}`,
    `  ${plural(dropped.length, 'patch', 'patches')} left, ${refreshed.length} refreshed`,
    ...(unresolved.length > 0
      ? [
          `  ${plural(unresolved.length, 'patch needs', 'patches need')} a person, and ${unresolved.length === 1 ? 'is' : 'are'} as before:`,
        ]
      : []),
    ...unresolved.map((name) => `    ${forTerminal(name)}`),
    ...kept.map((name) => `  ${forTerminal(name)} moved, and stays as it is written: backwards (-R)`),
    ...(backup === null ? [] : [`  as it was: ${forTerminal(backup)}`]),
  ]
  return `${lines.join('\n')}\n`
}
