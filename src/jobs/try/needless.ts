/** Which patches of a queue nobody needs any more, though upstream has not taken them. */
import { rebuildQueue } from '../../attempt/rebuild.ts'
import type { Scratch } from '../../git/scratch.ts'
import {
  changesOnlyDeleted,
  findOpposites,
  isMoved,
  leavesTheSame,
  mayBeReplaced,
  standingTextOf,
} from '../../judge/droppable.ts'
import { findMadeNeedless, wordsOf } from '../../match/reworded.ts'
import type { Landing, RebuiltPatch } from '../../model/attempt.ts'
import type { CommitHistory } from '../../model/commit-history.ts'
import { elementAt } from '../../model/elements.ts'
import type { UpstreamFinding } from '../../model/finding.ts'
import type { IndexedCommit } from '../../model/history.ts'
import type { PatchQueue } from '../../model/queue.ts'
import type { TreeEntries } from '../../model/tree.ts'
import { linesAnywhere } from '../../upstream/grep.ts'
import type { Trial } from './trial.ts'

/**
 * The patches that undo each other, each with its counterpart, by position: proven by rebuilding
 * the queue without the two.
 */
export async function findCancelled(
  scratch: Scratch,
  entries: TreeEntries,
  queue: PatchQueue,
  rebuilt: readonly RebuiltPatch[],
): Promise<Map<number, number>> {
  const cancelled = new Map<number, number>()
  for (const { patch, by } of findOpposites(queue.patches)) {
    const isOfPair = (at: number) => [patch, by].includes(elementAt(queue.patches, at).position)
    const patches = queue.patches.filter((_, at) => !isOfPair(at))
    const without = await rebuildQueue(scratch, entries, { ...queue, patches })
    if (leavesTheSame(rebuilt, without, isOfPair)) cancelled.set(patch, by).set(by, patch)
  }
  return cancelled
}

/**
 * The findings of patches that conflict with what may be upstream's own way of doing the same: that
 * is asked.
 */
export function askMadeNeedless(trials: readonly Trial[], history: CommitHistory): Map<Trial, UpstreamFinding> {
  const open = trials.flatMap((trial) => {
    const { patch, finding, landed } = trial
    if (landed.landing.kind !== 'conflict' || finding.question !== null || finding.status !== 'absent') return []
    return [{ trial, patch, culprits: culpritsOf(landed.landing, history), words: wordsOf(patch) }]
  })
  const commits = findMadeNeedless(open, history)
  return new Map(
    open.flatMap(({ trial }, at) => {
      const commit = commits[at]
      if (!commit) return []
      return [[trial, { ...trial.finding, question: { kind: 'needless', sha: commit.sha } }] as const]
    }),
  )
}

/**
 * The patches whose files are gone for good: hardly a line of what they stand on is anywhere in the
 * target.
 */
export async function findObsolete(
  scratch: Scratch,
  target: string,
  trials: readonly Trial[],
  history: CommitHistory,
): Promise<Set<Trial>> {
  const obsolete = new Set<Trial>()
  // Whether another file took the place of one that is gone only the commit tells.
  if (scratch.detail === 'releases') return obsolete
  for (const trial of trials) {
    const { patch, landed } = trial
    if (!changesOnlyDeleted(patch, landed.landing)) continue
    if (mayBeReplaced(patch, culpritsOf(landed.landing, history))) continue
    const lines = standingTextOf(patch)
    if (!isMoved(lines, await linesAnywhere(scratch, target, lines))) obsolete.add(trial)
  }
  return obsolete
}

function culpritsOf(landing: Landing, history: CommitHistory): IndexedCommit[] {
  if (!('conflicts' in landing)) return []
  return landing.conflicts.flatMap(({ culprits }) =>
    culprits.flatMap(({ sha }) => {
      const place = history.placeOf(sha)
      return place === null ? [] : [history.at(place)]
    }),
  )
}
