/** The `rebaseline/plan@1` document: which patches to send upstream first. */
import type { QueuePlan, ToldPlan } from '../../model/plan.ts'
import { printJson } from './print.ts'

export function planToJson({ plans, patches }: ToldPlan): string {
  return printJson({ schema: 'rebaseline/plan@1', queues: plans.map(queueOf), patches })
}

function queueOf({ patches, others, base, target, ...plan }: QueuePlan): object {
  return {
    ...plan,
    base: { ref: base.ref, commit: base.commit },
    target: { ref: target.ref, commit: target.commit },
    patches: patches.length,
    others: Object.fromEntries(others),
  }
}
