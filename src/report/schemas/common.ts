/** Parts that several documents have. */
import * as v from 'valibot'
import { ACTIONS, BASE_FOUND, VERDICTS } from '../../model/attempt.ts'
import { CHANGE_KINDS, FATES } from '../../model/fate.ts'
import { SIGNALS } from '../../model/finding.ts'
import { CLAIM_FORMS } from '../../model/patch.ts'
import { RECALLS, RESOLUTION_ORIGINS } from '../../model/resolution.ts'
import { HAZARDS, SUGGESTION_REASONS } from '../../model/suggestion.ts'

export const text = v.string()
export const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
export const orNull = <Schema extends v.GenericSchema>(schema: Schema) => v.nullable(schema)
export const sha = v.pipe(v.string(), v.regex(/^[0-9a-f]{40,64}$/))
/** ISO 8601, UTC. */
export const moment = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/))

export const verdict = v.picklist(VERDICTS)
export const action = v.picklist(ACTIONS)
export const summary = v.object({
  ...{ applies: count, conflicting: count, blocked: count },
  ...{ upstreamed: count, droppable: count, invalid: count },
})

/** How something was found that nobody gave: "stated (debian/changelog:1)". */
export const found = v.pipe(v.string(), v.regex(/^(?:given|(?:stated|guessed) \(.*\))$/s))
export const release = v.object({ ref: text, commit: sha })
export const base = v.object({ ref: text, commit: sha, found: v.union([v.picklist(BASE_FOUND), found]) })

/** A document: its schema's name, and what it says. */
export function documentOf<Entries extends v.ObjectEntries>(name: string, entries: Entries) {
  return v.object({ schema: v.literal(`rebaseline/${name}@1`), ...entries })
}

export const problem = v.object({ file: text, line: orNull(count), message: text, hint: text })
const place = v.object({ path: text, line: count })

const claim = v.object({ field: text, form: v.picklist(CLAIM_FORMS), text, commit: orNull(text) })

const upstreamCommit = v.object({
  ...{ sha, subject: text, date: moment, firstTag: orNull(text) },
  ...{ signals: v.array(v.picklist(SIGNALS)), coverage: share },
})

const fate = v.object({
  ...{ path: text, kind: v.picklist(CHANGE_KINDS), hunk: orNull(count), fate: v.picklist(FATES) },
  ...{ by: orNull(sha), changedBy: orNull(sha), at: orNull(place), lines: count, standing: count },
})

export const FINDINGS = ['absent', 'present', 'partial', 'reverted'] as const

export const finding = v.object({
  ...{ status: v.picklist(FINDINGS), coverage: share, survival: share },
  ...{ confidence: share, commits: v.array(upstreamCommit), parts: count, fates: v.array(fate) },
  question: orNull(
    v.object({ kind: v.picklist(['fates', 'alike', 'taken-back', 'cut', 'needless']), sha: orNull(sha) }),
  ),
  ...{ revertedBy: orNull(sha), claims: v.array(claim) },
})

export const culprit = v.object({
  ...{ sha, subject: text, author: text, date: moment, firstTag: orNull(text) },
  lines: count,
})

const recollection = v.object({ how: v.picklist(RECALLS), origin: v.picklist(RESOLUTION_ORIGINS), file: text })

const suggested = {
  ...{ sure: v.boolean(), reasons: v.array(v.picklist(SUGGESTION_REASONS)) },
  ...{ hazards: v.array(v.picklist(HAZARDS)), remembered: v.optional(v.array(recollection)) },
}
const suggestion = v.object(suggested)
/** With the whole file as it would be. */
export const suggestedFile = v.object({ ...suggested, content: text })

const region = v.object({
  ...{ line: count, hunks: v.array(count), ours: text, base: text, theirs: text },
  ...{ wentTo: orNull(place), culprits: v.array(sha) },
})

const conflict = v.object({
  ...{ path: text, hunksFailed: count, hunks: count, reason: text },
  ...{ culprits: v.array(culprit), suggestion: orNull(suggestion), regions: v.array(region) },
})

/** A patch to mend, in the order of the work. */
export const work = v.object({
  ...{ position: count, name: text, frees: v.array(count), after: v.array(count) },
  ...{ hunks: count, files: count, lines: count, commits: count },
})

const answer = { digest: text, answer: v.picklist(['drop', 'keep']), commit: orNull(text), reason: text }
export const overrule = v.object({ id: count, ...answer, by: text, at: moment })
export const namedOverrule = v.object({ id: count, ...answer, by: text, at: moment, names: v.array(text) })

/** A patch of an attempt. */
export const patch = v.object({
  ...{ position: count, name: text, strip: count, reverse: v.boolean(), directory: text, listed: orNull(text) },
  ...{ subject: orNull(text), author: orNull(text), section: text, owner: orNull(text), digest: text },
  ...{ added: count, removed: count, files: count },
  onBase: v.picklist(['clean', 'offset', 'fuzz', 'failed', 'unreadable']),
  landing: v.picklist([
    ...(['clean', 'offset', 'fuzz', 'merged', 'noop'] as const),
    ...(['conflict', 'blocked', 'withheld', 'unreadable'] as const),
  ]),
  ...{ verdict, action, reason: orNull(text), upstream: finding, conflicts: v.array(conflict) },
  ...{ blockedBy: v.array(count), hasResidual: v.boolean(), overrule: orNull(overrule) },
})
