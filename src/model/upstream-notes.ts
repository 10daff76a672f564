/** What the messages of upstream's commits say of faults: which they fix, mend, and take back. */
import type { Commit } from './history.ts'

/** How a commit says that another one left work to do. */
export const MEND_KINDS = ['fixes', 'revert', 'follow-up'] as const
export type MendKind = (typeof MEND_KINDS)[number]

/** Another commit that a message says is mended. */
export interface Mend {
  kind: MendKind
  /** As it is written, 6 to 40 digits; null where only a subject is quoted. */
  sha: string | null
  /** The subject that is quoted behind it; null without one. */
  subject: string | null
}

/** What a message, or the header of a patch, says of faults. */
export interface MessageNotes {
  /** The advisories that it says it fixes, whole or in part: "XSA-410", "CVE-2022-33746". */
  fixes: string[]
  /** The advisories whose fix it says it takes back. */
  undoes: string[]
  mends: Mend[]
  /** What it says of the releases that should get it: the values of "Backport:" and "Cc: stable". */
  marks: string[]
}

/** A commit, when its author made it, and what its message says. */
export interface NotedCommit extends Commit {
  /** Seconds since 1970: a copy on another branch keeps it. */
  authorTime: number
  /** Null where it says nothing of that. */
  notes: MessageNotes | null
}

/** Every commit of an upstream's branches and tags, parents behind their children. */
export interface UpstreamNotes {
  commits: NotedCommit[]
  /** Branch names to commits; of a clone those of its remote. */
  branches: ReadonlyMap<string, string>
}
