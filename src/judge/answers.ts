/** What the history answers about the changes of a patch. */
import type { Trace } from '../patch/hold/traced.ts'

export interface TracedHunk {
  sha: string
  /**
   * Whether the patch names the commit: then where they differ because the place did, it was made
   * to.
   */
  isNamed: boolean
  /** Whether both are the same diff, white space aside (git patch-id). */
  isIdentical: boolean
  trace: Trace
  changedBy: string | null
  /**
   * Why who changed it later took nothing back: the queue has that commit, too, or the commit put
   * the lines elsewhere.
   */
  carriedOn: 'queue' | 'moved' | null
}

/** What a commit that is tied to the patch did to one change of it. */
export type Traced =
  /**
   * It changed the hunk's place, or made the hunk elsewhere. `changedBy`: who changed later what of
   * it does not stand.
   */
  | ({ kind: 'through'; where: 'here' | 'elsewhere' } & TracedHunk)
  /** It made the hunk in a file that another took away later. */
  | ({ kind: 'gone' } & TracedHunk)
  /** It brought the very bytes of a binary file, which another changed later. */
  | { kind: 'bytes'; sha: string; changedBy: string | null }

/** What the history is asked about one change. */
export interface ChangeAnswers {
  /** The commits tied to the patch that touched the change's place, most telling first. */
  traced: readonly Traced[]
  /** The commit that brought what stands of it, in its file; null where none is known. */
  broughtBy: string | null
  /** Who took the file away; null where it is there, or never was. */
  deletedBy: string | null
  /**
   * Whether the file is in no tree and no commit of the upstream, and in no other patch: it was
   * made for the tarball.
   */
  isOutside: boolean
  /** Whether the lines that it removes may live on elsewhere, or in other words. */
  mayLiveOn: boolean
}
