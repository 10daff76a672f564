/** Settles what plain diffs leave open until it is known which files are there. Pure. */
import type { ByteString } from '../model/bytes.ts'
import { changesOf, type FileChange, type Patch } from '../model/patch.ts'

/**
 * The patches, of whose plain diffs each names one file: of two names patch(1) takes one that
 * exists ("Filename Determination"), and a range of no lines is a new file only where none is
 * there. `exists`: whether the base has a file; what the patches do to it is counted.
 */
export function settleNames(patches: readonly Patch[], exists: (path: ByteString) => boolean): Patch[] {
  const changed = new Map<ByteString, boolean>()
  const isThere = (path: ByteString) => changed.get(path) ?? exists(path)
  return patches.map((patch) => {
    const files = changesOf(patch).map((change) => {
      const settled = settle(change, isThere)
      if (settled.oldPath !== null && (settled.operation === 'delete' || settled.operation === 'rename'))
        changed.set(settled.oldPath, false)
      if (settled.newPath !== null) changed.set(settled.newPath, true)
      return settled
    })
    return patch.content.kind === 'readable' ? { ...patch, content: { kind: 'readable', files } } : patch
  })
}

function settle(change: FileChange, isThere: (path: ByteString) => boolean): FileChange {
  const { operation, plain } = change
  if (plain === null || operation === 'delete') return change
  const path = plain.names.find(isThere)
  if (path === undefined) return change
  const isNew = operation === 'create' && !plain.mayExist
  return isNew ? change : { ...change, operation: 'modify', oldPath: path, newPath: path }
}
