/** The document about what to send upstream. */
import * as v from 'valibot'
import { PATCH_CLASSES } from '../../model/audit.ts'
import { OTHER_KINDS } from '../../model/plan.ts'
import { count, documentOf, orNull, release, text } from './common.ts'

const amount = v.pipe(v.number(), v.minValue(0))
const rate = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const kind = v.picklist(PATCH_CLASSES)

const check = v.object({
  ...{ base: text, target: text, patches: count, conflicts: count, first: count },
  ...{ planned: count, longest: count, oldest: count },
})

const saves = v.object({
  ...{ tried: count, conflicts: count, rate },
  peers: v.object({
    of: v.picklist(['queue', 'portfolio']),
    least: count,
    most: orNull(count),
    tried: count,
    conflicts: count,
  }),
})

export const plan = documentOf('plan', {
  queues: v.array(
    v.object({
      ...{ queue: text, source: text, attempt: count, base: release, target: release, rebases: count },
      daysPerConflict: orNull(v.object({ days: amount, low: amount, high: amount })),
      ...{ patches: count, others: v.record(v.picklist(OTHER_KINDS), count), checks: v.array(check) },
    }),
  ),
  patches: v.array(
    v.object({
      ...{ queue: text, position: count, name: text, digest: text, section: text },
      ...{ owner: orNull(text), author: orNull(text), class: kind },
      ...{ added: count, removed: count, files: count, hunks: count },
      ...{ saves: orNull(saves), savesInAll: orNull(amount), days: orNull(amount), heat: orNull(count) },
      age: orNull(v.object({ days: count, isAtLeast: v.boolean() })),
      ...{ isConflicting: v.boolean(), lacks: v.array(v.picklist(['no-description', 'no-author', 'no-sign-off'])) },
      ...{ along: v.array(text), bears: v.array(text), alsoIn: v.array(text) },
    }),
  ),
})
