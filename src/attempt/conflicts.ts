/** What of a patch needs a person. */
import type { MergeResult } from '../git/merger.ts'
import type { Conflict } from '../model/attempt.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'
import { changesOf, type FileChange, type Patch } from '../model/patch.ts'
import type { Failure } from './files.ts'
import type { LandingContext } from './merge.ts'

/** git-merge-tree(1), "Informational messages": the kinds that stop a merge, in words for people. */
const REASONS: Record<string, string> = {
  'CONFLICT (contents)': 'upstream changed the same lines',
  'CONFLICT (modify/delete)': 'deleted upstream',
  'CONFLICT (rename/delete)': 'deleted upstream, renamed by the patch',
  'CONFLICT (add/add)': 'upstream has a file of that name as well',
  'CONFLICT (file/directory)': 'upstream has a directory of that name',
  'CONFLICT (binary)': 'binary, and changed upstream',
}

export async function conflictsOf(context: LandingContext, merged: MergeResult, patch: Patch): Promise<Conflict[]> {
  const paths = new Set(merged.unmerged.map((entry) => entry.path))
  for (const { kind, paths: named } of merged.conflicts)
    if (kind.startsWith('CONFLICT')) for (const path of named) paths.add(path)
  return Promise.all([...paths].sort().map((path) => conflictAt(context, merged, patch, path)))
}

async function conflictAt(
  context: LandingContext,
  merged: MergeResult,
  patch: Patch,
  path: ByteString,
): Promise<Conflict> {
  const kinds = merged.conflicts.filter(
    (conflict) => conflict.kind.startsWith('CONFLICT') && conflict.paths.includes(path),
  )
  const kind = kinds[0]?.kind ?? ''
  const object = await context.reader.read(`${merged.tree}:${path}`)
  const content = object?.type === 'blob' ? fromBytes(object.data) : ''
  const regions = countRegions(content)
  const hunks = hunksAt(patch, path)
  return {
    path,
    hunksFailed: regions > 0 ? Math.min(regions, hunks) : hunks,
    hunks,
    reason: REASONS[kind] ?? kind.replace(/^CONFLICT \((.*)\)$/, '$1'),
    marked: regions > 0 ? content : null,
  }
}

function countRegions(content: ByteString): number {
  return content.match(/^<{7} /gm)?.length ?? 0
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
  return failures.map(({ path, failed, hunks, reason }) => ({
    path,
    hunksFailed: failed,
    hunks,
    reason,
    marked: null,
  }))
}

/**
 * A file with diff3 conflict markers, every conflict decided for the patch: what stands between `=======` and `>>>>>>>`.
 */
export function resolveForPatch(marked: ByteString): ByteString {
  return marked.replace(/^<{7} [^\n]*\n.*?^={7}\n(.*?)^>{7} [^\n]*\n?/gms, '$1')
}
