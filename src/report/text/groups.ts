/** The patches of an attempt by what is to be done, in the order of the work. Pure. */
import type { PatchResult } from '../../model/attempt.ts'
import { type Part, partOf } from '../../model/tally.ts'
import { type WorkItem, workListOf } from '../../model/work-list.ts'

/** In the order in which they are shown. */
export const GROUPS = ['drop', 'mend', 'repair', 'wait', 'refresh', 'keep', 'review'] as const
export type GroupName = (typeof GROUPS)[number]

/** Of `review`, those that conflict are in `mend`, too. */
export type Groups = Record<GroupName, PatchResult[]> & { work: ReadonlyMap<number, WorkItem> }

/** Patches to mend come in the order of the work list, all others in that of the queue. */
export function groupsOf(results: readonly PatchResult[]): Groups {
  const work = new Map(workListOf(results).map((item) => [item.position, item]))
  const rank = [...work.keys()]
  const inPart = (part: Part) => results.filter((result) => partOf(result) === part)
  const rankOf = ({ patch }: PatchResult) => rank.indexOf(patch.position)
  return {
    drop: inPart('leave'),
    mend: inPart('mend').sort((one, other) => rankOf(one) - rankOf(other)),
    repair: inPart('repair'),
    wait: inPart('wait'),
    refresh: inPart('refresh'),
    keep: inPart('keep'),
    review: results.filter(({ verdict }) => verdict.action === 'review'),
    work,
  }
}
