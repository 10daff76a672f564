/** What the questions of security are asked of: an upstream, a base, a target, and a queue between. */
import type { ByteString } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import type { Applies } from '../model/security.ts'
import type { NotedCommit } from '../model/upstream-notes.ts'
import { FAULT_STATES, type FaultState } from './fault.ts'
import type { IdentifiedPatch } from './identify.ts'
import type { ChangeId, Holding, Lineage } from './lineage.ts'

export interface SecurityPlace {
  lineage: Lineage
  base: Holding
  target: Holding
  /** The branches that the base's own releases come from. */
  own: Holding
  main: Holding
  patches: readonly IdentifiedPatch[]
  /** Carried fixes that the target's history has, and its tree not: somebody took them out in silence. */
  takenOut: ReadonlySet<ChangeId>
  /** What fixes each advisory. */
  fixes: ReadonlyMap<string, ReadonlySet<ChangeId>>
}

/** How a commit stands to the base with the whole queue on it. */
export interface CommitLook {
  fault: FaultState
  applies: Applies
  /** The files of the tree that are as they were before it. */
  untouched: readonly ByteString[]
  /** Whether carrying it over changes nothing. */
  isThere: boolean
}

/** By commit; one without changes of its own is not among them. */
export type Looks = ReadonlyMap<string, CommitLook>

/** At most so many copies of a commit are looked at. */
const MOST_COPIES = 8

/** The copies of a change that are looked at, that of the main line first. */
export function copiesOf({ lineage, main }: SecurityPlace, change: ChangeId): NotedCommit[] {
  const members = lineage.members(change)
  const own = members.filter(({ sha }) => main.hasCommit(sha))
  return [...new Set([...own, ...members])].slice(0, MOST_COPIES)
}

/** The commit that a change is called by. */
export function commitOf(place: SecurityPlace, change: ChangeId): NotedCommit {
  return elementAt(copiesOf(place, change), 0)
}

/** What stands of a change in the queue's tree, by the copies of it; null where none can be told. */
export function faultOf(place: SecurityPlace, looks: Looks, change: ChangeId): FaultState | null {
  const seen = copiesOf(place, change).flatMap(({ sha }) => looks.get(sha) ?? [])
  if (seen.some(({ isThere, fault }) => isThere || fault === 'mended')) return 'mended'
  return FAULT_STATES.find((state) => seen.some(({ fault }) => fault === state)) ?? null
}

/** The changes that the queue carries, and by which patches. */
export function carriedBy(patches: readonly IdentifiedPatch[]): Map<ChangeId, IdentifiedPatch[]> {
  const carried = new Map<ChangeId, IdentifiedPatch[]>()
  for (const patch of patches)
    for (const change of patch.changes) carried.set(change, [...(carried.get(change) ?? []), patch])
  return carried
}

/** Whether upstream took a change back: on the way to the target, or in the main line. */
export function isTakenBack({ target, main }: SecurityPlace, change: ChangeId): boolean {
  return [target, main].some((one) => one.has(change) && !one.stands(change))
}
