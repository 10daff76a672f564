/**
 * The `rebaseline/attempt@1` document: one JSON object, the same for the same input but for attempt
 * number and times.
 */
import {
  type AttemptFacts,
  type AttemptSummary,
  type PatchResult,
  type RecordedAttempt,
  type Release,
  summarize,
} from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import type { UpstreamFinding } from '../../model/finding.ts'
import type { NamedOverrule } from '../../model/overrule.ts'
import type { ConflictRegion } from '../../model/region.ts'
import { breakagesIn, workListOf } from '../../model/work-list.ts'
import type { FoundSummary } from '../text/find.ts'
import { printJson } from './print.ts'

export function attemptToJson(attempt: RecordedAttempt): string {
  const { id, startedAt, durationMs, called, queue, base, target, results } = attempt
  const count = (field: 'added' | 'removed') => results.reduce((sum, { patch }) => sum + patch[field], 0)
  const document = {
    schema: 'rebaseline/attempt@1',
    attempt: { id, startedAt, durationMs },
    queue: {
      name: called,
      source: queue.source,
      format: queue.format,
      revision: queue.revision,
      patches: results.length,
      added: count('added'),
      removed: count('removed'),
      order: queue.order,
      disabled: queue.disabled,
      notes: queue.notes,
    },
    upstream: attempt.upstream,
    base: { ref: base.ref, commit: base.commit, found: base.found },
    target: { ref: target.ref, commit: target.commit },
    summary: summarize(results),
    patches: results.map(patchDocument),
    workList: workListOf(results),
    breakages: breakagesIn(results).map(({ culprit: { sha, subject }, patches }) => ({ sha, subject, patches })),
  }
  return printJson(document)
}

/** The `rebaseline/patch@1` document: one patch of an attempt. */
export function patchToJson(attempt: AttemptFacts, result: PatchResult): string {
  return printJson({
    schema: 'rebaseline/patch@1',
    attempt: { id: attempt.id, startedAt: attempt.startedAt, durationMs: attempt.durationMs },
    target: { ref: attempt.target.ref, commit: attempt.target.commit },
    patch: patchDocument(result),
  })
}

/** The `rebaseline/attempts@1` document: all attempts of a record, without their patches. */
export function attemptsToJson(attempts: readonly AttemptSummary[]): string {
  return printJson({
    schema: 'rebaseline/attempts@1',
    attempts: attempts.map(({ id, startedAt, durationMs, base, target, patches, summary }) => {
      return { id, startedAt, durationMs, base, target, patches, summary }
    }),
  })
}

/** The `rebaseline/find@1` document. */
export function findToJson(target: Release, found: readonly FoundSummary[]): string {
  return printJson({
    schema: 'rebaseline/find@1',
    target: { ref: target.ref, commit: target.commit },
    patches: found.map(({ patch, upstream, action, problem }) => {
      return { name: patch.name, subject: patch.subject, action, upstream: findingDocument(upstream), problem }
    }),
  })
}

/** The `rebaseline/overrules@1` document: the answers that count now. */
export function overrulesToJson(overrules: readonly NamedOverrule[]): string {
  return printJson({ schema: 'rebaseline/overrules@1', overrules })
}

/** A patch of an attempt, as documents have it. */
export function patchDocument({ patch, rebuild, landing, upstream, verdict, residual, overrule }: PatchResult) {
  return {
    position: patch.position,
    name: patch.name,
    strip: patch.strip,
    reverse: patch.reversed,
    directory: patch.directory,
    listed: patch.listed,
    subject: patch.subject,
    author: patch.author,
    section: patch.section,
    owner: patch.owner,
    digest: patch.digest,
    added: patch.added,
    removed: patch.removed,
    files: patch.files,
    onBase: rebuild.kind,
    landing: landing.kind,
    verdict: verdict.kind,
    action: verdict.action,
    reason: verdict.reason,
    upstream: findingDocument(upstream),
    conflicts: conflictsOf(landing),
    blockedBy: landing.kind === 'blocked' ? landing.by : [],
    hasResidual: residual !== null,
    overrule,
  }
}

function findingDocument(upstream: UpstreamFinding) {
  return {
    status: upstream.status,
    coverage: rounded(upstream.coverage),
    survival: rounded(upstream.survival),
    confidence: rounded(upstream.confidence),
    commits: upstream.commits.map((commit) => ({ ...commit, coverage: rounded(commit.coverage) })),
    parts: upstream.parts,
    fates: upstream.fates.map(({ path, kind, hunk, fate, by, changedBy, at, lines, standing }) => {
      const place = at && { path: toText(at.path), line: at.line }
      return { path: toText(path), kind, hunk, fate, by, changedBy, at: place, lines, standing }
    }),
    question: upstream.question,
    revertedBy: upstream.revertedBy,
    claims: upstream.claims,
  }
}

function conflictsOf(landing: PatchResult['landing']) {
  if (landing.kind !== 'conflict' && landing.kind !== 'blocked') return []
  return landing.conflicts.map(({ path, hunksFailed, hunks, reason, regions, culprits, suggestion }) => {
    const parts = { hunksFailed, hunks, reason, culprits, suggestion }
    return { path: toText(path), ...parts, regions: regions.map(regionDocument) }
  })
}

function regionDocument({ line, hunks, ours, base, theirs, wentTo, culprits }: ConflictRegion) {
  const [target, before, patch] = [ours, base, theirs].map((lines) => toText(lines.join('')))
  const place = wentTo && { path: toText(wentTo.path), line: wentTo.line }
  return { line, hunks, ours: target, base: before, theirs: patch, wentTo: place, culprits }
}

/** Three decimals say all there is, and do not differ between machines. */
function rounded(share: number): number {
  return Math.round(share * 1000) / 1000
}
