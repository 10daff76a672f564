/** A patch as a person mended it. */
import type { Scratch } from '../git/scratch.ts'
import { writeEntry } from '../git/tree-entry.ts'
import type { RebuiltPatch } from '../model/attempt.ts'
import { toBytes } from '../model/bytes.ts'
import type { FileState, MendedFile } from '../model/resolve.ts'
import type { TreeEntry } from '../model/tree.ts'

/** What a person made of a patch, in place of what it did in the rebuilt queue. */
export function mendedAs(scratch: Scratch, rebuilt: RebuiltPatch, files: readonly MendedFile[]): RebuiltPatch {
  const toEntry = (state: FileState | null): TreeEntry | null =>
    state && writeEntry(scratch.objects, { mode: state.mode, content: toBytes(state.content) }, scratch.idLength)
  const changes = files.map(({ path, before, after }) => {
    return [path, { before: toEntry(before), after: toEntry(after) }] as const
  })
  return {
    ...rebuilt,
    rebuild: { kind: 'clean' },
    changes: new Map(changes),
    renames: new Map(),
    copies: new Map(),
    sources: new Map(changes.map(([path, { before }]) => [path, before])),
  }
}
