/** The finding for loose patch files, without a queue: is this patch upstream, and as what? */
import { addFirstTags, findEvidence, readUpstream } from './find-evidence.ts'
import type { Scratch } from './git/scratch.ts'
import { findRenames, listTree } from './git/tree.ts'
import type { Release } from './model/attempt.ts'
import { isSure, type UpstreamFinding } from './model/finding.ts'
import { changesOf, type FileChange, type Patch, pathsOf } from './model/patch.ts'
import type { TargetTree } from './model/tree.ts'
import type { Connection } from './record/database.ts'
import { listTags } from './upstream/releases.ts'
import { resolveRelease } from './upstream/resolve.ts'
import { DiffReader } from './upstream/scan-commits.ts'

export interface FoundPatch {
  patch: Patch
  upstream: UpstreamFinding
  /** `keep`: not upstream, only in part, or taken back. */
  action: 'drop' | 'review' | 'keep'
}

export interface FindContext {
  scratch: Scratch
  database: Connection
  progress: (step: string, done?: number, total?: number) => void
}

/** `from` null: all of the target's ancestry is searched. */
export async function findPatches(
  patches: readonly Patch[],
  from: string | null,
  to: string,
  { scratch, database, progress }: FindContext,
): Promise<{ target: Release; found: FoundPatch[] }> {
  const tags = await listTags(scratch)
  const target = await resolveRelease(scratch, to, tags)
  const base = from === null ? null : (await resolveRelease(scratch, from, tags)).commit
  const range = { base, target: target.commit, tags }
  const facts = await readUpstream(
    scratch,
    database,
    range,
    patches,
    readTree(scratch, patches, base, target.commit),
    progress,
  )
  progress('comparing')
  const findings = await addFirstTags(scratch, range, findEvidence(facts, patches, patchIdsOf(patches)))
  return { target, found: patches.flatMap((patch, at) => toFound(patch, findings[at])) }
}

function toFound(patch: Patch, upstream: UpstreamFinding | undefined): FoundPatch[] {
  if (!upstream) return []
  const isClear = upstream.status === 'absent' || upstream.confidence >= 0.9
  return [{ patch, upstream, action: isSure(upstream) ? 'drop' : isClear ? 'keep' : 'review' }]
}

async function readTree(
  scratch: Scratch,
  patches: readonly Patch[],
  base: string | null,
  target: string,
): Promise<TargetTree> {
  const entries = await listTree(scratch, target)
  const isGone = patches.flatMap(pathsOf).some((path) => !entries.has(path))
  const renames = base !== null && isGone ? await findRenames(scratch, base, target) : new Map()
  return { base: new Map(), entries, renames }
}

/** git patch-id of each patch as it is written, by position: there is no base to rebuild it on. */
function patchIdsOf(patches: readonly Patch[]): Map<number, string> {
  const ids = new Map<number, string>()
  for (const patch of patches) {
    const reader = new DiffReader()
    for (const change of changesOf(patch)) for (const line of gitLines(change)) reader.line(line)
    const { patchId } = reader.finish()
    if (patchId !== null) ids.set(patch.position, patchId)
  }
  return ids
}

/** A change as git diff would write it, whatever the patch's own style. */
function gitLines({ oldPath, newPath, oldMode, newMode, body }: FileChange): string[] {
  if (body.kind !== 'text') return []
  const path = newPath ?? oldPath ?? ''
  const head = [`diff --git a/${oldPath ?? path} b/${path}`]
  if (oldPath === null) head.push(`new file mode ${newMode ?? '100644'}`)
  if (newPath === null) head.push(`deleted file mode ${oldMode ?? '100644'}`)
  head.push(
    `--- ${oldPath === null ? '/dev/null' : `a/${oldPath}`}`,
    `+++ ${newPath === null ? '/dev/null' : `b/${newPath}`}`,
  )
  const marks = { context: ' ', add: '+', remove: '-' }
  const hunks = body.hunks.flatMap(({ oldStart, oldCount, newStart, newCount, lines }) => [
    `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@`,
    ...lines.map(({ kind, text }) => marks[kind] + text.replace(/\n$/, '')),
  ])
  return [...head, ...hunks]
}
