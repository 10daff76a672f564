/** What became of every change of a patch in the target: the account that a drop rests on. */
import type { ByteString } from './bytes.ts'
import { changesOf, type FileChange, type Hunk, type Patch } from './patch.ts'

/**
 * `landed`: the target has its result at its own place, and has it since the base.
 * `landed-elsewhere`: it moved with what surrounds it, or is a definition of its own.
 * `rewritten-since`: it landed, and a named commit changed it later.
 * `in-the-base-already`: base and target have it at that place.
 * `needless`: what it changes was deleted for good, or is made anew of the rest; or an include that its commit did
 * without.
 * `remains`: it would be lost if the patch were dropped.
 * `not-known`: only a person can tell.
 */
export const FATES = [
  'landed',
  'landed-elsewhere',
  'rewritten-since',
  'in-the-base-already',
  'needless',
  'remains',
  'not-known',
] as const
export type Fate = (typeof FATES)[number]

/** What a change is: a hunk of text, or what a patch does to a file besides. */
export const CHANGE_KINDS = ['hunk', 'create', 'delete', 'rename', 'copy', 'mode', 'binary'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** One change of a patch, and what became of it. */
export interface ChangeFate {
  /** As the patch names the file after its change; a deleted one by its old name. */
  path: ByteString
  kind: ChangeKind
  /** Number of the hunk among those of its file, from 1; null for what is no hunk. */
  hunk: number | null
  fate: Fate
  /** The upstream commit that brought it; null where none is known. */
  by: string | null
  /** The commit that changed it later, or took it back; null where none is known. */
  changedBy: string | null
  /** Where in the target it stands, or would: a line from 1; null where no place is known. */
  at: { path: ByteString; line: number } | null
  /** Changed lines of it that say something, and how many of them stand in the target. */
  lines: number
  standing: number
}

/** Whether dropping the change loses nothing. */
export function losesNothing({ fate }: Pick<ChangeFate, 'fate'>): boolean {
  return fate !== 'remains' && fate !== 'not-known'
}

/** One change of a patch, before its fate is known. */
export interface PatchChange extends Pick<ChangeFate, 'path' | 'kind' | 'hunk'> {
  file: FileChange
}

/** The hunk that a change is; null for one that is no hunk. */
export function hunkOf({ file, hunk }: Pick<PatchChange, 'file' | 'hunk'>): Hunk | null {
  return (file.body.kind === 'text' && hunk !== null ? file.body.hunks[hunk - 1] : null) ?? null
}

/** Every change of a patch, in its order: each has one fate. */
export function changesIn(patch: Patch): PatchChange[] {
  return changesOf(patch).flatMap(changesOfFile)
}

function changesOfFile(file: FileChange): PatchChange[] {
  const path = file.newPath ?? file.oldPath ?? ''
  const one = (kind: ChangeKind, hunk: number | null = null): PatchChange => ({ path, kind, hunk, file })
  // What a deletion removes goes with the file.
  if (file.operation === 'delete') return [one('delete')]
  const hunks = file.body.kind === 'text' ? file.body.hunks.map((_, at) => one('hunk', at + 1)) : [one('binary')]
  return [...operationOf(file, hunks.length).map((kind) => one(kind)), ...hunks]
}

/** What a patch does to a file besides its content. */
function operationOf({ operation, oldMode, newMode }: FileChange, hunks: number): ChangeKind[] {
  if (operation === 'rename' || operation === 'copy') return newMode === oldMode ? [operation] : [operation, 'mode']
  if (operation === 'create') {
    const isPlain = newMode === null || newMode === '100644'
    if (!isPlain) return ['mode']
    return hunks === 0 ? ['create'] : []
  }
  return newMode !== null && newMode !== oldMode ? ['mode'] : []
}
