/** What remains to be carried of a patch that the target holds in part. */
import type { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import type { ByteString } from '../model/bytes.ts'
import { type ChangeFate, losesNothing } from '../model/fate.ts'
import { changesOf, type FileChange, type Hunk, type Patch } from '../model/patch.ts'
import { toUnified } from '../patch/unified.ts'
import { diffOf } from './diffs.ts'
import type { LandedPatch } from './land.ts'

/** Stands in the description, where git am and patch(1) leave it alone. */
const UNFITTING = '[rebaseline: what the target does not hold of this patch; it does not apply there as it is]'

/**
 * `nameOf`: where the target has a file. The patch, its header in front, that does the rest of the
 * job: where it landed, what it still changes on the target and the patches before it; where it did
 * not, its hunks without those that stand in the target already, marked as such. Null where nothing
 * remains.
 */
export async function residualOf(
  scratch: Scratch,
  reader: ObjectReader,
  { patch, landed, fates }: { patch: Patch; landed: LandedPatch; fates: readonly ChangeFate[] },
  nameOf: (path: ByteString) => ByteString,
): Promise<ByteString | null> {
  const hasLanded = landed.changes.size > 0
  const diff = hasLanded
    ? await diffOf({ scratch, reader }, landed)
    : changesOf(patch)
        .flatMap((change) => withoutStanding(change, fates, nameOf))
        .join('')
  if (diff === '') return null
  const parts = [patch.header.text.trimEnd(), ...(hasLanded ? [] : [UNFITTING]), diff]
  return parts.filter((part) => part !== '').join('\n\n')
}

function withoutStanding(
  change: FileChange,
  fates: readonly ChangeFate[],
  nameOf: (path: ByteString) => ByteString,
): ByteString[] {
  const { body } = change
  if (body.kind === 'binary-stub') return []
  const there = underItsName(change, nameOf)
  if (body.kind === 'binary') return [print(there)]
  const path = change.newPath ?? change.oldPath
  const stands = new Set(
    fates.filter((one) => one.path === path && one.hunk !== null && losesNothing(one)).map(({ hunk }) => hunk),
  )
  const left = renumber(body.hunks.filter((_, at) => !stands.has(at + 1)))
  if (left.length === 0 && body.hunks.length > 0) return []
  return [print({ ...there, body: { kind: 'text', hunks: left } })]
}

/** A file that upstream moved is changed where it is. */
function underItsName(change: FileChange, nameOf: (path: ByteString) => ByteString): FileChange {
  const { operation, oldPath, newPath } = change
  if (operation === 'modify' && newPath !== null) {
    const path = nameOf(newPath)
    return { ...change, oldPath: path, newPath: path }
  }
  return operation === 'delete' && oldPath !== null ? { ...change, oldPath: nameOf(oldPath) } : change
}

function print(change: FileChange): ByteString {
  return `${toUnified(change).join('\n')}\n`
}

/** Where hunks are gone, those behind them add to other lines. */
function renumber(hunks: readonly Hunk[]): Hunk[] {
  let drift = 0
  return hunks.map((hunk) => {
    // A range of no lines stands after the line that it names.
    const first = hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart
    const newStart = first + drift - (hunk.newCount === 0 ? 1 : 0)
    drift += hunk.newCount - hunk.oldCount
    return { ...hunk, newStart }
  })
}
