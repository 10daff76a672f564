/** What `find` found, for people. */
import type { Release } from '../../model/attempt.ts'
import type { UpstreamFinding } from '../../model/finding.ts'
import type { PatchSummary, Problem } from '../../model/patch.ts'
import { cut, type Medium, percent, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'
import { fateLines } from './fates.ts'
import { standingOf } from './standing.ts'

export interface FoundSummary {
  patch: PatchSummary
  upstream: UpstreamFinding
  action: 'drop' | 'review' | 'keep'
  problem: Problem | null
}

const MAX_CANDIDATES = 3

/** What is said of a patch that is nowhere, by what is asked of it. */
const NOTHING = {
  none: 'nothing of it',
  fates: 'may be upstream in other words: compare the two',
  alike: 'may be upstream in other words: compare the two',
  'taken-back': 'may be upstream in other words: compare the two',
  needless: 'may be made needless',
  cut: 'not looked: the clone is not whole; git fetch --unshallow (--refetch)',
}

export function findToText(target: Release, found: readonly FoundSummary[], medium: Medium): string {
  const style = styleFor(medium)
  const lines = found.flatMap(({ patch, upstream, action, problem }) => {
    const head = `${style.bold(action.toUpperCase())}  ${forTerminal(patch.name)}`
    if (problem) {
      const line = problem.line === null ? '' : `line ${problem.line}: `
      return [head, `    cannot be read: ${forTerminal(`${line}${problem.message}; ${problem.hint}`)}`]
    }
    const state =
      upstream.status === 'absent'
        ? NOTHING[upstream.question?.kind ?? 'none']
        : `${upstream.status}, confidence ${upstream.confidence.toFixed(2)}`
    const there =
      upstream.status === 'absent' ? '' : `; ${standingOf(patch, upstream.survival)} in ${forTerminal(target.ref)}`
    const taken = upstream.revertedBy ? [`    taken back by ${upstream.revertedBy}`] : []
    const candidates = upstream.commits
      .slice(0, action === 'drop' ? upstream.parts : MAX_CANDIDATES)
      .flatMap((commit) => [
        `    ${commit.sha.slice(0, 12)}  ${commit.date.slice(0, 10)}  ${forTerminal(commit.firstTag ?? 'no release yet')}  ${percent(commit.coverage)} of its lines; ${commit.signals.join(', ')}`,
        `        ${forTerminal(commit.subject)}`,
      ])
    const isOpen = action === 'review' || upstream.status === 'partial'
    const fates = isOpen ? fateLines(upstream.fates, medium.width - 4).map((line) => `    ${line}`) : []
    return [head, `    ${state}${there}`, ...taken, ...candidates, ...fates]
  })
  return `${lines.map((line) => cut(line, medium.width)).join('\n')}\n`
}
