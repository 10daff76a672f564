/** The fate of every change of an old queue in a new one, where nothing of it was carried. Pure. */
import type { CarriedChange, LostLine } from '../model/account.ts'
import type { ChangeFate, Fate, PatchChange } from '../model/fate.ts'
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
  /**
   * The patch's own commit, by which it landed, whatever upstream made of it since, or which found
   * nothing to change there any more; null: none.
   */
  landed: { by: string; isNeedless: boolean } | null
  /** The commit that took its file away, and put nothing of the text elsewhere; null: none. */
  goneBy: string | null
  /** Finds the later patch of the old queue that takes it back; null: none. */
  undoneBy: () => string | null
  target: string
}

/** The fate of one change. */
export type Decided = Pick<CarriedChange, 'fate' | 'by' | 'because' | 'lost' | 'gained'>

/** Of all that was not changed. */
export const NOTHING = { lost: [], gained: [] }

/** Of a hunk: what the new queue carries of it, else what became of it in the target. */
export function fateOfHunk(carried: Carried | null, leftOut: LeftOut): Decided {
  if (carried === null) return fateOfLeftOut(leftOut)
  // What another patch does there beside is no reason to ask about what the target has.
  if (carried.isStranger && (isStanding(leftOut.fate) || leftOut.landed !== null)) return fateOfLeftOut(leftOut)
  return { fate: carried.fate, by: null, because: null, lost: carried.lost, gained: carried.gained }
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

const STANDING: readonly (Fate | undefined)[] = ['landed', 'landed-elsewhere', 'rewritten-since', 'in-the-base-already']

function isStanding(fate: ChangeFate | null): boolean {
  return STANDING.includes(fate?.fate)
}

function fateOfLeftOut({ fate, reason, needless, landed, goneBy, undoneBy, target }: LeftOut): Decided {
  if (fate && isStanding(fate)) return { fate: 'upstream', by: fate.by ?? fate.changedBy, because: null, ...NOTHING }
  if (reason !== null) return { fate: 'dropped', by: null, because: reason, ...NOTHING }
  if (fate?.fate === 'needless')
    return {
      fate: 'dropped',
      by: fate.by,
      because:
        fate.by === null ? 'not in git: made for the tarball, or fetched' : `${fate.by.slice(0, 12)} did without it`,
      ...NOTHING,
    }
  if (needless !== null) return { fate: 'dropped', by: null, because: needless, ...NOTHING }
  if (landed?.isNeedless)
    return { fate: 'dropped', by: landed.by, because: `${landed.by.slice(0, 12)} found that text gone`, ...NOTHING }
  if (landed !== null) return { fate: 'upstream', by: landed.by, because: null, ...NOTHING }
  const undoing = undoneBy()
  if (undoing !== null) return { fate: 'dropped', by: null, because: `${undoing} took it back`, ...NOTHING }
  if (goneBy !== null)
    return {
      fate: 'dropped',
      by: goneBy,
      because: `${target} no longer has the file: ${goneBy.slice(0, 12)} took it away`,
      ...NOTHING,
    }
  return { fate: 'missing', by: null, because: null, ...NOTHING }
}

/** Whether the new queue carries the change, whole or not. */
export function isCarried({ fate }: Pick<Decided, 'fate'>): boolean {
  return fate === 'as-is' || fate === 'moved' || fate === 'changed'
}

/** Lost lines that are asked about, as no new line there stands for them. */
export function askedLines(carried: Carried | null): LostLine[] {
  return carried?.lost.filter((line) => line.isAsked && line.became === null) ?? []
}

/** The same without questions about lines that upstream took away the ground of. */
export function withoutGone(carried: Carried | null, isGone: (line: LostLine) => boolean): Carried | null {
  if (carried === null) return null
  const lost = carried.lost.map((line) => ({ ...line, isAsked: line.isAsked && !isGone(line) }))
  return { ...carried, lost }
}

/**
 * Fates of the changes of one patch, where a hunk that only includes headers is not missed when all
 * the rest was left out for good: it was for code that the queue no longer has.
 */
export function withoutHeaders<Fated extends Decided>(
  fates: readonly Fated[],
  isHeader: (at: number) => boolean,
): Fated[] {
  const rest = fates.filter((_, at) => !isHeader(at))
  const isDone = rest.length > 0 && rest.every(({ fate }) => fate === 'upstream' || fate === 'dropped')
  return fates.map((one, at) => {
    if (!isDone || one.fate !== 'missing' || !isHeader(at)) return one
    return { ...one, fate: 'dropped', because: 'headers for code that is no longer in the queue' }
  })
}
