/** The list of recorded attempts, for people. */
import type { AttemptSummary } from '../../model/attempt.ts'
import { cut, type Medium, nextLines, pad } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

export function attemptsToText(
  attempts: readonly AttemptSummary[],
  { locator, ...medium }: Medium & { locator: string },
): string {
  if (attempts.length === 0)
    return `${nextLines([['rebaseline try --help', 'nothing is recorded yet']], medium).join('\n')}\n`
  const rows = attempts.map((attempt) => {
    const { upstreamed, droppable, conflicting, blocked, invalid } = attempt.summary
    const total = attempt.patches
    return [
      `@${attempt.id}`,
      attempt.startedAt.slice(0, 16).replace('T', ' '),
      `${shortRef(attempt.base.ref)} -> ${shortRef(attempt.target.ref)}`,
      `${total} -> ${total - upstreamed - droppable}`,
      `${conflicting + blocked + invalid} fail`,
    ]
  })
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    cut(
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
      medium.width,
    ),
  )
  const next = nextLines([[`rebaseline show${locator} @${attempts.at(-1)?.id}`, 'the newest of them']], medium)
  return `${[...lines, '', ...next].join('\n')}\n`
}

/** A whole commit id would leave no room for anything else. */
function shortRef(ref: string): string {
  return forTerminal(/^[0-9a-f]{40,64}$/.test(ref) ? ref.slice(0, 12) : ref)
}
