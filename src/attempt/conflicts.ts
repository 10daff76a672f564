/** What of a patch needs a person. */
import type { Conflict } from '../model/attempt.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'
import { changesOf, type FileChange, type Patch } from '../model/patch.ts'
import type { Failure } from './files.ts'
import type { LandingContext, MergeConflict, Merged } from './merge.ts'

export function conflictsOf(context: LandingContext, merged: Merged, patch: Patch): Promise<Conflict[]> {
  return Promise.all(merged.conflicts.map((conflict) => describe(context, merged, conflict, patch)))
}

async function describe(
  context: LandingContext,
  merged: Merged,
  conflict: MergeConflict,
  patch: Patch,
): Promise<Conflict> {
  const { path, reason, hasMarkers } = conflict
  const entry = hasMarkers ? merged.changes.get(path) : null
  const object = entry && (await context.reader.read(entry.blob))
  const marked = object ? fromBytes(object.data) : null
  const hunks = hunksAt(patch, path)
  const regions = marked?.match(/^<{7} /gm)?.length ?? hunks
  return { path, hunksFailed: Math.min(regions, hunks), hunks, reason, marked }
}

function hunksAt(patch: Patch, path: ByteString): number {
  const changes = changesOf(patch)
  // A file that upstream renamed has a name here that the patch does not know.
  const change =
    changes.find((one) => one.newPath === path || one.oldPath === path) ??
    (changes.length === 1 ? changes[0] : undefined)
  return change ? hunkCount(change) : 1
}

function hunkCount(change: FileChange): number {
  return change.body.kind === 'text' ? Math.max(1, change.body.hunks.length) : 1
}

/** Conflicts of a patch that was applied directly. */
export function conflictsIn(failures: readonly Failure[]): Conflict[] {
  return failures.map(({ path, failed, hunks, reason }) => ({ path, hunksFailed: failed, hunks, reason, marked: null }))
}

/** A file with diff3 conflict markers, every conflict decided for the patch: what stands between `=======` and `>>>>>>>`. */
export function resolveForPatch(marked: ByteString): ByteString {
  return marked.replace(/^<{7} [^\n]*\n.*?^={7}\n(.*?)^>{7} [^\n]*\n?/gms, '$1')
}
