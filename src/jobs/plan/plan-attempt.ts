/** Says which patches of an attempt are best sent upstream, from what the record holds. */
import { hygieneOf } from '../../audit/hygiene.ts'
import { meetingsOf } from '../../audit/order.ts'
import type { PatchResult, RecordedAttempt } from '../../model/attempt.ts'
import type { HygieneFault, PatchClass } from '../../model/audit.ts'
import { elementAt } from '../../model/elements.ts'
import type { JobContext } from '../../model/job.ts'
import { hunksIn, type Patch } from '../../model/patch.ts'
import type { OtherKind, PlannedPatch, QueuePlan } from '../../model/plan.ts'
import { isNewLine } from '../../model/version.ts'
import { fixedByName } from '../../patch/notes/advisory-ids.ts'
import { readPatch } from '../../patch/read/read-patch.ts'
import { loadPatch } from '../../record/attempts.ts'
import type { Connection } from '../../record/database.ts'
import { type Carry, ConflictRates, type PeerTable } from '../../trend/conflict-rates.ts'
import { planOf, type StayingPatch } from '../../trend/plan.ts'
import { type ClassedPatch, classesIn } from './classes.ts'
import { daysPerConflict } from './days.ts'
import { type KnownPast, pastOf } from './past.ts'

/** How many upstream commits between the ends of an attempt change the files of a patch; null: not known. */
export type HeatOf = (attempt: RecordedAttempt) => (patch: Patch) => number | null

export interface PlanRequest {
  attempt: RecordedAttempt
  /** What the queue is called. */
  name: string
  heatOf: HeatOf
}

/** What is known of a queue, before it is held against others. */
export interface GatheredPlan {
  plan: Omit<QueuePlan, 'patches'>
  staying: StayingPatch[]
  /** What it carried to rebases. */
  carried: Carry[]
}

export function gatherPlan(
  { attempt, name, heatOf }: PlanRequest,
  database: Connection,
  context: JobContext,
): GatheredPlan {
  const { id, queue, base, target } = attempt
  const classed = classesIn(attempt, patchesOf(attempt, database), database)
  const past = pastOf(attempt, database, context)
  // A point release costs next to nothing: it says nothing of what a real rebase will.
  const isCounted = isNewLine(base.ref, target.ref) || past.rebases === 0
  const staying = stayingFacts(classed, { past, isCounted, queue: name, heat: heatOf(attempt) })
  const now = staying.filter(({ isForUpstream }) => isForUpstream && isCounted)
  return {
    plan: {
      ...{ queue: name, source: queue.source, attempt: id, base, target },
      ...{ daysPerConflict: daysPerConflict(attempt, database), checks: past.checks },
      rebases: past.rebases + Number(isCounted),
      others: countOf(classed.flatMap((one) => otherKind(one) ?? [])),
    },
    staying,
    carried: [
      ...past.carried,
      ...now.map(({ patch: { hunks, isConflicting } }) => ({ hunks, isConflict: isConflicting })),
    ],
  }
}

/** `portfolio`: what all queues carried; null where there is one. */
export function finishPlan({ plan, staying, carried }: GatheredPlan, portfolio: PeerTable | null): QueuePlan {
  const rates = new ConflictRates(carried, portfolio)
  return { ...plan, patches: planOf(staying, rates, plan.daysPerConflict?.days ?? null) }
}

function patchesOf({ results }: RecordedAttempt, database: Connection): Patch[] {
  return results.map(({ patch }) => readPatch(patch, patch.position, loadPatch(database, patch.digest)))
}

/** Why a patch is not to be sent; null for one that is. */
function otherKind({ patch, class: kind, result }: ClassedPatch): OtherKind | null {
  if (kind !== 'sent' && kind !== 'unsent') return kind
  // It may be upstream in other words.
  if (result.verdict.action === 'review') return 'question'
  return fixedByName(patch.name).length > 0 ? 'security-fix' : null
}

interface Known {
  past: KnownPast
  isCounted: boolean
  queue: string
  heat: (patch: Patch) => number | null
}

function stayingFacts(staying: readonly ClassedPatch[], known: Known): StayingPatch[] {
  const meetings = meetingsOf(staying.map(({ patch }) => patch))
  const placeOf = new Map(staying.map(({ patch }, at) => [patch, at]))
  return staying.map((one): StayingPatch => {
    const { patch, class: kind, result } = one
    const met = [...(meetings.get(patch) ?? [])].map((other) => placeOf.get(other) ?? -1)
    const own = known.past.of(patch.name)
    const isConflicting = result.verdict.kind === 'conflicting'
    return {
      patch: {
        ...summaryOf(result, known.queue),
        ...{ class: kind, hunks: hunksIn(patch), isConflicting },
        heat: known.heat(patch),
        age: own?.age ?? null,
        lacks: faultsOf(patch, kind),
      },
      isForUpstream: otherKind(one) === null,
      tried: (own?.tried ?? 0) + Number(known.isCounted),
      conflicts: (own?.conflicts ?? 0) + Number(known.isCounted && isConflicting),
      // Upstream has the backports already.
      on: met.filter((at) => elementAt(staying, at).class !== 'backport'),
    }
  })
}

type Listed = 'queue' | 'position' | 'name' | 'section' | 'owner' | 'author' | 'digest' | 'added' | 'removed' | 'files'

function summaryOf({ patch }: PatchResult, queue: string): Pick<PlannedPatch, Listed> {
  const { position, name, section, owner, author, digest, added, removed, files } = patch
  return { queue, position, name, section, owner, author, digest, added, removed, files }
}

/** What upstream asks of whoever sends a patch. */
const ASKED: readonly HygieneFault[] = ['no-description', 'no-author', 'no-sign-off']

function faultsOf(patch: Patch, kind: PatchClass): HygieneFault[] {
  const faults = hygieneOf({ patch, class: kind, isTwice: false, isOrderLuck: false })
  return faults.filter((fault) => ASKED.includes(fault))
}

function countOf(kinds: readonly OtherKind[]): [OtherKind, number][] {
  const counts = new Map<OtherKind, number>()
  for (const one of kinds) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort((one, other) => other[1] - one[1])
}
