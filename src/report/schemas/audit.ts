/** The document of an audit: why each patch is carried, gates, and security where it was asked for. */
import * as v from 'valibot'
import { COMMIT_PLACES, DEBT_PARTS, HYGIENE_FAULTS, NEXT_STEPS, PATCH_CLASSES, SUM_COLUMNS } from '../../model/audit.ts'
import { CLAIM_FORMS } from '../../model/patch.ts'
import { FORMATS } from '../../model/queue.ts'
import { APPLIES, CANDIDATE_KINDS, FOLLOW_UP_STATES } from '../../model/security.ts'
import { MEND_KINDS } from '../../model/upstream-notes.ts'
import { base, count, documentOf, FINDINGS, moment, orNull, release, sha, text, verdict } from './common.ts'

const names = v.array(text)
const days = v.pipe(v.number(), v.minValue(0))

const claim = v.object({
  ...{ field: text, form: v.picklist(CLAIM_FORMS), commit: orNull(text), at: v.picklist(COMMIT_PLACES) },
  ...{ holds: v.picklist(['true', 'false', 'unknown']), because: text },
  differs: orNull(v.object({ here: count, there: count })),
})

const row = v.object({
  ...{ position: count, name: text, listed: orNull(text), section: text, owner: orNull(text), author: orNull(text) },
  ...{ class: v.picklist(PATCH_CLASSES), because: text, finding: v.picklist(FINDINGS), verdict },
  ...{ claims: v.array(claim), hygiene: v.array(v.picklist(HYGIENE_FAULTS)), next: v.picklist(NEXT_STEPS) },
  retire: v.array(v.object({ condition: text, met: orNull(v.boolean()), because: text })),
  ...{ ageDays: orNull(days), ageAtLeast: v.boolean(), refreshes: orNull(count), conflicts: orNull(count) },
  ...{ debt: count, debtParts: v.record(v.picklist(DEBT_PARTS), count), debtBecause: text },
})

const gate = v.object({
  ...{ gate: text, line: count, pass: v.boolean(), isAsked: v.boolean(), because: text },
  offences: v.array(v.object({ position: count, name: text, listed: orNull(text), because: text })),
})

const changes = v.object({
  since: v.object({ attempt: count, auditedAt: moment, target: text }),
  ...{ came: names, left: names },
  reclassed: v.array(v.object({ name: text, from: v.picklist(PATCH_CLASSES), to: v.picklist(PATCH_CLASSES) })),
  falseNow: v.array(v.object({ name: text, claim: text })),
  debt: v.object({ from: count, to: count }),
  gates: v.array(v.object({ text, pass: v.boolean() })),
})

const fix = { id: text, aliases: names }
const security = v.object({
  carried: v.array(
    v.object({
      ...{ ...fix, patches: names, commits: v.array(sha) },
      ...{ inTarget: orNull(v.boolean()), whole: orNull(v.boolean()) },
    }),
  ),
  undone: v.array(v.object({ ...fix, patches: names })),
  missing: v.array(
    v.object({
      ...{ ...fix, commits: v.array(sha), where: v.picklist(['base-stable', 'target']) },
      ...{ affects: orNull(v.boolean()), because: text },
    }),
  ),
  advisories: v.object({
    problems: v.array(v.object({ file: text, why: text })),
    disputed: v.array(v.object({ id: text, why: text })),
  }),
})

const followUp = v.object({
  ...{ commit: sha, subject: text, names: sha, patch: text, kind: v.picklist(MEND_KINDS) },
  ...{ applies: v.picklist(APPLIES), state: v.picklist(FOLLOW_UP_STATES) },
})

const candidate = v.object({ commit: sha, subject: text, kind: v.picklist(CANDIDATE_KINDS), because: text })

/** One name, or those of what it was split into. */
const side = v.union([text, names])
const comparison = v.object({
  same: v.array(v.tuple([text, text])),
  differ: v.array(v.tuple([text, text, text])),
  split: v.array(v.tuple([side, side])),
  ...{ onlyHere: names, onlyThere: names, inBaseThere: names, inBaseHere: names },
})

const sum = v.object({
  ...{ name: text, patches: count, debt: count, oldestDays: orNull(days) },
  next: v.record(v.picklist(NEXT_STEPS), count),
})

export const audit = documentOf('audit', {
  attempt: v.object({ id: count, startedAt: moment, isRecorded: v.boolean() }),
  queue: v.object({ name: text, source: text, format: v.picklist(FORMATS), revision: text, patches: count }),
  ...{ base, target: release, patches: v.array(row), orphans: names },
  disabled: v.array(v.object({ name: text, reason: text })),
  ...{ gates: v.array(gate), changes: orNull(changes) },
  // With --security.
  ...{ security: v.optional(security), followUps: v.optional(v.array(followUp)) },
  ...{ candidates: v.optional(v.array(candidate)), against: v.optional(orNull(comparison)) },
  // With --by.
  ...{ by: v.optional(v.picklist(SUM_COLUMNS)), sums: v.optional(v.array(sum)) },
})
