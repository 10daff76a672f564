/**
 * Shows a long text a screen at a time, as git does it (git(1), GIT_PAGER): by $REBASELINE_PAGER,
 * $PAGER or less. Its words are split at blanks: no shell reads them.
 */
import { spawnSync } from 'node:child_process'

/** Whether it was shown: not where the pager is empty, `cat`, or cannot be run. */
export function showInPager(text: string, environment: Readonly<Record<string, string | undefined>>): boolean {
  const wanted = environment.REBASELINE_PAGER ?? environment.PAGER ?? 'less'
  const [program = '', ...options] = wanted.trim().split(/\s+/)
  if (program === '' || program === 'cat') return false
  const { error } = spawnSync(program, options, {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
    // less(1): no pager for one screen, colours as they are, the text stays on the screen.
    env: { LESS: 'FRX', ...environment },
  })
  // Who has read enough closes it before all is written.
  return error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE'
}
