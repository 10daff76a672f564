/** Says which patches of an attempt are best sent upstream, from what the record holds. */
import { hygieneOf } from '../../audit/hygiene.ts'
import { meetingsOf } from '../../audit/order.ts'
import type { PatchResult, RecordedAttempt } from '../../model/attempt.ts'
import type { HygieneFault, PatchClass } from '../../model/audit.ts'
import { elementAt } from '../../model/elements.ts'
import type { JobContext } from '../../model/job.ts'
import { hunksIn, type Patch } from '../../model/patch.ts'
import type { PlannedPatch, QueuePlan } from '../../model/plan.ts'
import { isNewLine } from '../../model/version.ts'
import { readPatch } from '../../patch/read/read-patch.ts'
import { loadPatch } from '../../record/attempts.ts'
import type { Connection } from '../../record/database.ts'
import { ConflictRates } from '../../trend/conflict-rates.ts'
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

export function planAttempt(
  { attempt, name, heatOf }: PlanRequest,
  database: Connection,
  context: JobContext,
): QueuePlan {
  const { id, queue, base, target } = attempt
  const staying = classesIn(attempt, patchesOf(attempt, database), database)
  const past = pastOf(attempt, database, context)
  const heat = heatOf(attempt)
  // A point release costs next to nothing: it says nothing of what a real rebase will.
  const isCounted = isNewLine(base.ref, target.ref) || past.rebases === 0
  const facts = stayingFacts(staying, { past, isCounted, queue: name, heat })
  const now = facts.filter(({ isForUpstream }) => isForUpstream)
  const carried = now.map(({ patch: { hunks, isConflicting } }) => ({ hunks, isConflict: isConflicting }))
  const rates = new ConflictRates([...past.carried, ...(isCounted ? carried : [])])
  const days = daysPerConflict(attempt, database)
  return {
    ...{ queue: name, source: queue.source, attempt: id, base, target, daysPerConflict: days },
    rebases: past.rebases + Number(isCounted),
    patches: planOf(facts, rates, days?.days ?? null),
    others: countOf(staying.filter((one) => !isForUpstream(one)).map((one) => one.class)),
    checks: past.checks,
  }
}

function patchesOf({ results }: RecordedAttempt, database: Connection): Patch[] {
  return results.map(({ patch }) => readPatch(patch, patch.position, loadPatch(database, patch.digest)))
}

/** What may be upstream in other words is a question first. */
function isForUpstream({ class: kind, result }: ClassedPatch): boolean {
  return (kind === 'sent' || kind === 'unsent') && result.verdict.action !== 'review'
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
      isForUpstream: isForUpstream(one),
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

function countOf(classes: readonly PatchClass[]): [PatchClass, number][] {
  const counts = new Map<PatchClass, number>()
  for (const one of classes) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort((one, other) => other[1] - one[1])
}
