/** Commits that mend what the queue carries, and those that mend these. Pure. */
import type { FollowUp, FollowUpState } from '../model/security.ts'
import type { MendKind } from '../model/upstream-notes.ts'
import type { ChangeId } from './lineage.ts'
import { carriedBy, commitOf, copiesOf, faultOf, isTakenBack, type Looks, type SecurityPlace } from './place.ts'

/** A change that mends another, which the queue carries, or which one that does mends. */
export interface SoughtFollowUp {
  change: ChangeId
  names: ChangeId
  /** The patch that it all began with. */
  patch: string
  kind: MendKind
  /** The follow-up that it mends; null where it mends what is carried. */
  after: ChangeId | null
}

/** In the order in which they follow from each other. */
export function seekFollowUps(place: SecurityPlace): SoughtFollowUp[] {
  const mending = mendsByChange(place)
  const carried = carriedBy(place.patches)
  const found = new Map<ChangeId, SoughtFollowUp>()
  const pending = [...carried].map(([change, [first]]) => ({
    change,
    patch: first?.patch.name ?? '',
    after: null as ChangeId | null,
  }))
  for (let one = pending.shift(); one !== undefined; one = pending.shift()) {
    const { change: names, patch, after } = one
    for (const { change, kind } of mending.get(names) ?? []) {
      if (carried.has(change) || found.has(change) || place.base.has(change)) continue
      found.set(change, { change, names, patch, kind, after })
      if (!isTakenBack(place, change)) pending.push({ change, patch, after: change })
    }
  }
  return [...found.values()]
}

/** For each change those that say that they mend it, whichever copy says so. */
function mendsByChange({ lineage }: SecurityPlace): Map<ChangeId, { change: ChangeId; kind: MendKind }[]> {
  const mending = new Map<ChangeId, { change: ChangeId; kind: MendKind }[]>()
  for (const [at, { sha, notes }] of lineage.commits.entries())
    for (const mend of lineage.holdsOthers(at) ? [] : (notes?.mends ?? [])) {
      const names = lineage.named(mend)
      const change = lineage.changeOf(sha)
      if (names === null || change === null || change === names) continue
      const known = mending.get(names) ?? []
      if (!known.some((one) => one.change === change)) mending.set(names, [...known, { change, kind: mend.kind }])
    }
  return mending
}

export function decideFollowUps(place: SecurityPlace, sought: readonly SoughtFollowUp[], looks: Looks): FollowUp[] {
  const states = new Map<ChangeId, FollowUpState>()
  return sought.flatMap(({ change, names, patch, kind, after }) => {
    const commit = commitOf(place, change)
    const look = copiesOf(place, change).flatMap(({ sha }) => looks.get(sha) ?? [])[0]
    if (!look) return []
    const before = after === null ? 'open' : (states.get(after) ?? 'irrelevant')
    const state = stateOf(place, looks, change, before)
    states.set(change, state)
    return [
      {
        ...{ commit: commit.sha, subject: commit.subject, names: commitOf(place, names).sha, patch, kind },
        ...{ applies: look.applies, state },
      },
    ]
  })
}

/** What mends a follow-up that the queue has no use for, it has no use for either. */
function stateOf(place: SecurityPlace, looks: Looks, change: ChangeId, before: FollowUpState): FollowUpState {
  if (isTakenBack(place, change)) return 'reverted'
  if (before === 'irrelevant' || before === 'reverted') return 'irrelevant'
  const fault = faultOf(place, looks, change)
  if (fault === 'mended') return 'included'
  return fault === 'gone' || fault === 'no-file' ? 'irrelevant' : 'open'
}
