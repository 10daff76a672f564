/** Where the mending of an attempt stands, from the record alone. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mendedResults } from '../../judge/mended.ts'
import type { PatchResult, RecordedAttempt } from '../../model/attempt.ts'
import { elementAt } from '../../model/elements.ts'
import {
  type Mending,
  type NamedPatch,
  type OpenStatus,
  type PatchStep,
  type ResolveStatus,
  standingSteps,
} from '../../model/resolve.ts'
import { workListOf } from '../../model/work-list.ts'

export function statusOf(attempt: RecordedAttempt, mending: Mending, directory: string): ResolveStatus {
  const { results, ...facts } = attempt
  const { steps, open, settled } = mending
  const now = mendedResults(results, mending)
  const standing = standingSteps(steps)
  // What was taken and has not landed yet counts as mended until it is known better.
  const unsettled = new Set(steps.slice(settled).map(({ position }) => position))
  const isOpen = ({ patch, verdict }: PatchResult) =>
    verdict.kind === 'conflicting' && !(unsettled.has(patch.position) && standing.has(patch.position))
  const named = (position: number): NamedPatch => ({ position, name: elementAt(results, position - 1).patch.name })
  const those = <Kind extends PatchStep['kind']>(kind: Kind, fits: (result: PatchResult) => boolean) =>
    [...standing.values()]
      .filter((step): step is Extract<PatchStep, { kind: Kind }> => step.kind === kind)
      .filter(({ position }) => fits(elementAt(now, position - 1)))
      .map((step) => ({ ...named(step.position), ...step }))
  const skipped = those('skipped', ({ verdict }) => verdict.kind === 'conflicting')
  const left = leftOf(now, isOpen, standing)
  const waited = results.filter(({ verdict }) => verdict.kind === 'blocked')
  const waiting = now.filter(({ verdict }) => verdict.kind === 'blocked').length
  return {
    attempt: facts,
    worktree: open ? directory : null,
    commits: !open && steps.length > 0 && existsSync(join(directory, '.git')) ? directory : null,
    open: open && { ...named(open.position), ...open, ...knownOf(elementAt(results, open.position - 1)) },
    resolved: those('resolved', (result) => !isOpen(result)),
    skipped,
    dropped: those('dropped', () => true),
    left: left.map(({ patch }) => named(patch.position)),
    empty: now.flatMap(({ patch, verdict, landing }) => {
      return landing.kind === 'noop' && verdict.action === 'review' ? [named(patch.position)] : []
    }),
    freed: waited.filter(({ patch }) => elementAt(now, patch.position - 1).verdict.kind === 'applies').length,
    waiting,
    suggested: left.filter((result) => suggestionsIn(result).every((one) => one !== null)).length,
    sure: left.filter((result) => suggestionsIn(result).every((one) => one?.sure)).length,
    seconds: steps.reduce((sum, step) => sum + (step.kind === 'resolved' ? step.seconds : 0), 0),
    since: steps[0]?.at ?? open?.at ?? null,
  }
}

/** The patches that need a person in the order in which they are best mended, then those that wait for them. */
function leftOf(
  results: readonly PatchResult[],
  isOpen: (result: PatchResult) => boolean,
  standing: ReadonlyMap<number, PatchStep>,
): PatchResult[] {
  const order = nextToMend(results, standing)
  const roots = order.map((position) => elementAt(results, position - 1)).filter(isOpen)
  return [...roots, ...results.filter(({ verdict }) => verdict.kind === 'blocked')]
}

/** Positions of the patches that need a person and are not put off, the best one first. */
export function nextToMend(results: readonly PatchResult[], standing: ReadonlyMap<number, PatchStep>): number[] {
  return workListOf(results)
    .map(({ position }) => position)
    .filter((position) => standing.get(position)?.kind !== 'skipped')
}

/** For each conflict of a patch that is in conflict by itself; of others one that is null. */
function suggestionsIn({ landing }: PatchResult) {
  return landing.kind === 'conflict' ? landing.conflicts.map(({ suggestion }) => suggestion) : [null]
}

function knownOf({ landing, verdict }: PatchResult): Pick<OpenStatus, 'culprits' | 'question'> {
  const conflicts = 'conflicts' in landing ? landing.conflicts : []
  return {
    culprits: new Map(conflicts.map(({ path, culprits }) => [path, culprits])),
    question: verdict.action === 'review' ? verdict.reason : null,
  }
}
