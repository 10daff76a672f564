/** The JSON documents that commands print, each as a schema. Fields may be added to them. */
import * as v from 'valibot'
import { CARRIED_FATES, HEADER_LOSSES } from '../../model/account.ts'
import { ACTIONS, BASE_FOUND } from '../../model/attempt.ts'
import { CHECK_STATES } from '../../model/doctor.ts'
import { FORMATS } from '../../model/queue.ts'
import { CHANGE_KINDS } from '../../model/scan.ts'
import { audit } from './audit.ts'
import {
  action,
  base,
  count,
  culprit,
  documentOf,
  finding,
  found,
  moment,
  namedOverrule,
  orNull,
  patch,
  problem,
  release,
  sha,
  suggestedFile,
  summary,
  text,
  verdict,
  work,
} from './common.ts'
import { LIFE_SCHEMAS } from './life.ts'
import { plan } from './plan.ts'
import { report } from './report.ts'

const run = v.object({ id: count, startedAt: moment, durationMs: count })

const attempt = documentOf('attempt', {
  attempt: run,
  queue: v.object({
    ...{
      name: text,
      source: text,
      format: v.picklist(FORMATS),
      revision: v.pipe(text, v.regex(/^sha256:[0-9a-f]{64}$/)),
    },
    ...{ patches: count, added: count, removed: count, order: found },
    ...{ disabled: v.array(v.object({ name: text, reason: text })), notes: v.array(problem) },
  }),
  ...{ upstream: text, base, target: release, summary, patches: v.array(patch) },
  workList: v.array(work),
  breakages: v.array(v.object({ sha, subject: text, patches: v.array(count) })),
})

const attempts = documentOf('attempts', {
  attempts: v.array(
    v.object({ id: count, startedAt: moment, durationMs: count, base, target: release, patches: count, summary }),
  ),
})

const matrix = documentOf('matrix', {
  base,
  targets: v.array(v.object({ attempt: count, target: release, summary })),
  patches: v.array(
    v.object({
      ...{ position: count, name: text, leavesWith: orNull(text), breaksOn: orNull(text) },
      cells: v.array(v.object({ verdict, action, commit: orNull(sha) })),
    }),
  ),
})

const find = documentOf('find', {
  target: release,
  patches: v.array(
    v.object({
      ...{ name: text, subject: orNull(text), action: v.picklist(['drop', 'review', 'keep']) },
      ...{ upstream: finding, problem: orNull(problem) },
    }),
  ),
})

const check = documentOf('check', {
  ...{ whole: v.boolean(), base, target: release, tree: orNull(v.picklist(['same', 'differs'])) },
  patches: v.array(
    v.object({
      ...{ name: text, in: v.array(text), header: v.array(v.picklist(HEADER_LOSSES)), question: orNull(text) },
      fates: v.array(
        v.object({
          ...{ path: text, hunk: count, what: v.optional(text), fate: v.picklist(CARRIED_FATES), by: orNull(text) },
          ...{ because: orNull(text), lost: v.array(text), gained: v.array(text), asked: v.boolean() },
        }),
      ),
    }),
  ),
  added: v.array(v.object({ name: text, path: text, hunk: orNull(count) })),
  problems: v.array(v.object({ name: text, what: v.picklist(['does-not-apply', 'markers']) })),
})

const init = documentOf('init', {
  file: text,
  queue: v.object({ name: text, format: v.picklist(FORMATS), patches: count }),
  upstream: orNull(
    v.object({
      name: text,
      found: v.picklist(['given', 'own', 'clone', 'tarballs', 'address']),
      others: v.array(text),
    }),
  ),
  base: orNull(v.object({ ref: text, found: v.union([v.picklist(BASE_FOUND), found]) })),
  tags: orNull(v.object({ pattern: text, count, newest: orNull(text) })),
})

const doctor = documentOf('doctor', {
  version: text,
  checks: v.array(v.object({ name: text, state: v.picklist(CHECK_STATES), said: text, way: orNull(text) })),
})

const record = documentOf('record', {
  ...{ record: text, before: count, now: count },
  copies: v.array(v.object({ file: text, bytes: count })),
})

const openFile = v.object({
  ...{ path: text, reason: text, base: orNull(text), ours: orNull(text), theirs: orNull(text) },
  ...{ placed: orNull(text), suggestion: orNull(suggestedFile), culprits: v.array(culprit) },
})

const resolve = documentOf('resolve', {
  attempt: v.object({ id: count, upstream: text, base, target: release }),
  ...{ open: v.boolean(), worktree: orNull(text), commits: orNull(text), patch: orNull(text) },
  ...{ position: orNull(count), openedAt: orNull(moment), files: v.array(openFile), must: v.array(text) },
  ...{ resolved: v.array(text), skipped: v.array(text), left: v.array(text), empty: v.array(text) },
  ...{ dropped: v.array(v.object({ name: text, reason: text })), freed: count, waiting: count },
  seconds: v.pipe(v.number(), v.minValue(0)),
})

const change = v.object({
  ...{ name: text, onto: text, attempt: count, at: moment, position: count, patch: text },
  ...{ owner: orNull(text), patchAuthor: orNull(text) },
  ...{ kind: v.picklist(CHANGE_KINDS), before: verdict, now: verdict, isNew: v.boolean() },
  commit: orNull(v.object({ sha, subject: text, author: orNull(text) })),
})

const scanProblem = v.object({ name: text, onto: orNull(text), message: text, hint: text })

/** What a scan leaves for other programs. */
const changes = documentOf('changes', {
  ...{ portfolio: text, at: moment, changes: v.array(change), problems: v.array(scanProblem) },
})

const scan = documentOf('scan', {
  ...{ portfolio: text, queues: count, planned: count, tried: count, empty: count },
  items: v.array(
    v.object({
      ...{ name: text, onto: text, source: text, attempt: count, summary },
      actions: v.record(v.picklist(ACTIONS), count),
    }),
  ),
  changes: v.array(change),
  problems: v.array(scanProblem),
})

/** By the name that a document gives itself. */
export const SCHEMAS: Readonly<Record<string, v.GenericSchema>> = {
  ...{ attempt, attempts, matrix, find, check, init, doctor, record, resolve, scan, changes, audit, report, plan },
  patch: documentOf('patch', { attempt: run, target: release, patch }),
  overrules: documentOf('overrules', { overrules: v.array(namedOverrule) }),
  ...LIFE_SCHEMAS,
}
