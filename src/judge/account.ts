/** The fate of every change of an old queue in a new one, where nothing of it was carried. Pure. */
import type { CarriedChange } from '../model/account.ts'
import type { ChangeFate, PatchChange } from '../model/fate.ts'
import type { TreeEntry } from '../model/tree.ts'
import type { Carried } from '../patch/account/held.ts'

/** A file of a change that is no hunk, as the ends of both queues and the target have it. */
export interface FileEnds {
  /** As the old patch leaves it; null where it takes it away. */
  wanted: TreeEntry | null
  /** At the end of the new queue, and whether a patch of it touches the file. */
  now: TreeEntry | null
  isTouched: boolean
  /** Whether the new queue leaves a file under the name that a rename takes away. */
  hasOldName: boolean
}

/** What is known of a change that the new queue may have left out. */
export interface LeftOut {
  /** What became of it in the target. */
  fate: ChangeFate | null
  /** Why the new queue says that it left the patch out; null where it says nothing. */
  reason: string | null
  /** Why nobody needs the patch on the target; null where it is needed. */
  needless: string | null
  /** The patch's own commit, by which it landed, whatever upstream made of it since; null: none. */
  landedBy: string | null
  target: string
}

/** The fate of one change. */
export type Decided = Pick<CarriedChange, 'fate' | 'by' | 'because' | 'lost' | 'gained'>

/** Of all that was not changed. */
export const NOTHING = { lost: [], gained: [] }

/** Of a hunk: what the new queue carries of it, else what became of it in the target. */
export function fateOfHunk(carried: Carried | null, leftOut: LeftOut): Decided {
  return carried
    ? { fate: carried.fate, by: null, because: null, lost: carried.lost, gained: carried.gained }
    : fateOfLeftOut(leftOut)
}

/** Of a mode, a rename, a deletion, a binary's bytes, an empty file: what the new queue ends with. */
export function fateOfFile({ kind }: PatchChange, ends: FileEnds, leftOut: LeftOut): Decided {
  if (ends.isTouched && isReached(kind, ends)) return { fate: 'moved', by: null, because: null, ...NOTHING }
  if (kind === 'binary' && ends.isTouched) return { fate: 'changed', by: null, because: null, ...NOTHING }
  return fateOfLeftOut(leftOut)
}

function isReached(kind: PatchChange['kind'], { wanted, now, hasOldName }: FileEnds): boolean {
  if (kind === 'delete') return now === null
  if (now === null || wanted === null) return false
  if (kind === 'mode') return now.mode === wanted.mode
  if (kind === 'binary') return now.blob === wanted.blob
  return kind === 'rename' ? !hasOldName : true
}

function fateOfLeftOut({ fate, reason, needless, landedBy, target }: LeftOut): Decided {
  const standing =
    fate !== null && ['landed', 'landed-elsewhere', 'rewritten-since', 'in-the-base-already'].includes(fate.fate)
  if (standing) return { fate: 'upstream', by: fate.by ?? fate.changedBy, because: null, ...NOTHING }
  if (reason !== null) return { fate: 'dropped', by: null, because: reason, ...NOTHING }
  if (fate?.fate === 'needless')
    return {
      fate: 'dropped',
      by: fate.changedBy ?? fate.by,
      because: `${target} no longer has what it changes`,
      ...NOTHING,
    }
  if (needless !== null) return { fate: 'dropped', by: null, because: needless, ...NOTHING }
  if (landedBy !== null) return { fate: 'upstream', by: landedBy, because: null, ...NOTHING }
  return { fate: 'missing', by: null, because: null, ...NOTHING }
}
