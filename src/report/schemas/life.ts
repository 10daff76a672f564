/** The documents about a queue's life, and what rebases took. */
import * as v from 'valibot'
import { BURDENS } from '../../model/life.ts'
import { REASONS } from '../../trend/departures.ts'
import { count, documentOf, moment, orNull, sha, text } from './common.ts'

export const seconds = v.number()
const counts = v.record(text, count)

export const size = {
  ...{ patches: count, disabled: count, added: count, removed: count, files: count, hunks: count },
  ...{ byBurden: counts, bySection: counts, byOwner: counts },
}

export const notes = v.array(v.object({ kind: text }))

const period = v.object({
  ...{ release: text, base: orNull(text), found: orNull(text), sha, date: moment },
  first: v.object({ sha, date: moment, patches: count }),
  ...size,
  ...{ came: count, left: count, refreshed: count },
})

const rebase = v.object({
  ...{ from: text, to: text, sha, date: moment, before: count, after: count, stayed: count },
  ...{ refreshed: count, left: count, byReason: counts, came: count },
})

const trial = v.object({ sha, base: text, target: text, patches: count, names: v.array(text) })

const history = documentOf('history', {
  ...{ repository: text, branch: text, notes },
  ...{ periods: v.array(period), rebases: v.array(rebase), trials: v.array(trial) },
  checks: v.array(
    v.object({
      ...{ target: text, checkedAt: moment, changes: count, missing: count, changed: count, isWhole: v.boolean() },
    }),
  ),
  hard: v.array(v.object({ name: text, conflicts: count, tried: count })),
  steps: v.array(v.object({ sha, date: moment, base: orNull(text), patches: count, settled: v.boolean() })),
})

const version = v.object({ digest: orNull(text), name: text, sha, time: seconds })
const lineageParts = { id: count, versions: v.array(version), splitFrom: orNull(count) }
export const listing = {
  ...{ name: text, digest: orNull(text), section: text, owner: orNull(text) },
  ...{ kind: v.picklist(BURDENS), disabled: v.boolean(), reason: orNull(text) },
}
const departure = v.object({
  ...{ at: count, sha, time: seconds, message: text, author: text },
  ...{ mergedInto: orNull(count), splitInto: v.array(count), back: orNull(count) },
})

const flowing = v.object({ ...lineageParts, ...listing, was: v.optional(text) })
/** Why it left stands for why it was disabled. */
const gone = v.object({
  ...{ ...lineageParts, ...listing, left: orNull(departure), why: text },
  reason: v.object({ kind: v.picklist(REASONS) }),
})

const flow = documentOf('flow', {
  ...{ from: text, to: text, stayed: v.array(flowing), refreshed: v.array(flowing), renamed: v.array(flowing) },
  ...{ left: v.array(gone), came: v.array(flowing) },
})

const lineage = documentOf('lineage', {
  ...{ ...lineageParts, ...listing, departures: v.array(departure), left: orNull(departure), why: text },
})

export const effort = v.object({
  ...{ from: text, to: text, days: v.number(), typed: orNull(text), hands: count },
  ...{ source: v.picklist(['person', 'commits']), note: text, at: moment },
})

const efforts = documentOf('effort', {
  efforts: v.array(effort),
  overlaps: v.array(v.object({ from: text, to: text, covers: v.object({ from: text, to: text }) })),
  counted: v.array(v.object({ sha, time: seconds, subject: text })),
})

export const range = orNull(v.object({ days: v.number(), low: v.number(), high: v.number() }))

const forecast = documentOf('forecast', {
  ...{ next: v.object({ id: count, base: text, target: text, conflicts: count }), range, wrong: count },
  past: v.array(v.object({ effort, conflicts: count, rate: v.number(), fromOthers: range })),
  leftOut: v.array(v.object({ from: text, to: text, because: text })),
  untried: v.array(v.object({ sha, base: text, target: text })),
})

export const LIFE_SCHEMAS = { history, flow, lineage, effort: efforts, forecast }
