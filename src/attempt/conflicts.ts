/** What of a patch needs a person. */
import type { Conflict } from '../model/attempt.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'
import { changesOf, type Hunk, type Patch } from '../model/patch.ts'
import { regionsOf, shortenMarkers } from '../patch/regions.ts'
import type { Failure } from './files.ts'
import type { LandingContext, Merged } from './merge.ts'
import type { MergeConflict } from './merge-plan.ts'

export function conflictsOf(context: LandingContext, merged: Merged, patch: Patch): Promise<Conflict[]> {
  return Promise.all(merged.conflicts.map((conflict) => describe(context, merged, conflict, patch)))
}

async function describe(
  context: LandingContext,
  merged: Merged,
  conflict: MergeConflict,
  patch: Patch,
): Promise<Conflict> {
  const { path, named, reason, hasMarkers, isGone } = conflict
  const entry = hasMarkers ? merged.changes.get(path) : null
  const object = entry && (await context.reader.read(entry.blob))
  const merge = object ? fromBytes(object.data) : null
  const marked = merge === null ? null : shortenMarkers(merge)
  const hunks = hunksAt(patch, named)
  const regions = merge === null ? [] : regionsOf(merge, hunks)
  const failing = new Set(regions.flatMap((region) => region.hunks))
  const count = Math.max(1, hunks.length)
  return {
    path,
    hunksFailed: failing.size || count,
    hunks: count,
    reason,
    marked,
    isGone,
    regions,
    culprits: [],
    suggestion: null,
  }
}

/**
 * The hunks that a patch has for a file, as it names it after its change; a deleted one by its old
 * name.
 */
export function hunksAt(patch: Patch, named: ByteString): Hunk[] {
  const change = changesOf(patch).find((one) => (one.newPath ?? one.oldPath) === named)
  return change?.body.kind === 'text' ? change.body.hunks : []
}

/**
 * Conflicts of a patch that was applied directly, one per file: a patch may change a file in
 * several sections.
 */
export function conflictsIn(failures: readonly Failure[]): Conflict[] {
  const byPath = new Map<ByteString, Conflict>()
  for (const { path, failed, hunks, reason } of failures) {
    const known = byPath.get(path)
    const counts = { hunksFailed: failed + (known?.hunksFailed ?? 0), hunks: hunks + (known?.hunks ?? 0) }
    const conflict = { path, reason, marked: null, isGone: false, regions: [], culprits: [], suggestion: null }
    byPath.set(path, { ...(known ?? conflict), ...counts })
  }
  return [...byPath.values()]
}
