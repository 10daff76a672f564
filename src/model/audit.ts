/** What an audit says of each patch: why it is carried, and whether its claims are true. */
import type { Attempt } from './attempt.ts'
import type { JudgedPolicy } from './gate.ts'
import type { Claim, PatchSummary } from './patch.ts'

/**
 * Why a patch is carried. `backport`: upstream has it. `sent`, `unsent`: upstream could take it.
 * `distro`: upstream has no use for it. `dead`: it changes nothing that is still there.
 */
export const PATCH_CLASSES = ['backport', 'sent', 'unsent', 'distro', 'revert', 'debug', 'dead'] as const
export type PatchClass = (typeof PATCH_CLASSES)[number]

/**
 * Where a claimed commit is. `later`: after the target, in the main line or a release. `side`: on a
 * branch that reached no release. `nowhere`: upstream has no such commit. `unknown`: none is named.
 */
export type CommitPlace = 'base' | 'target' | 'later' | 'side' | 'nowhere' | 'unknown'

/** Changed lines that only the patch has, and those that only the commits that it names have. */
export interface LineDifference {
  here: number
  there: number
}

/** A claim, and what the upstream repository says of it. */
export interface AuditedClaim extends Pick<Claim, 'field' | 'form' | 'commit'> {
  at: CommitPlace
  holds: 'true' | 'false' | 'unknown'
  /** Null where nothing was compared. */
  differs: LineDifference | null
  because: string
}

/** A claim as one speaks of it: "Upstream-Status 4a1fb2c", "4a1fb2c in its name". */
export function claimName({ field, commit }: Pick<AuditedClaim, 'field' | 'commit'>): string {
  if (commit === null) return field
  return field === 'name' || field === 'header' ? `${commit} in its ${field}` : `${field} ${commit}`
}

export type HygieneFault = 'no-description' | 'no-author' | 'no-sign-off' | 'no-bug-reference' | 'twice'

/** What to do about a patch, in one word. */
export type NextStep = 'send' | 'chase' | 'justify' | 'drop' | 'wait' | 'rework' | 'keep'

/** A row of an audit. */
export interface AuditedPatch
  extends Pick<PatchSummary, 'position' | 'name' | 'listed' | 'section' | 'owner' | 'author'> {
  class: PatchClass
  because: string
  claims: AuditedClaim[]
  hygiene: HygieneFault[]
  next: NextStep
}

/** A queue's patches, in its order. */
export interface Audit extends Pick<Attempt, 'queue' | 'base' | 'target'> {
  patches: AuditedPatch[]
  /** Null where the queue has no `rebaseline.yaml`. */
  policy: JudgedPolicy | null
}

/** A commit that patches claim to be taken from, as the upstream repository has it. */
export interface ClaimedCommit {
  /** Its full id. */
  sha: string
  place: Exclude<CommitPlace, 'nowhere' | 'unknown'>
  /** Its changed lines, as `lineKey` writes them; null where it changes no text. */
  lines: string[] | null
}

/** A changed line without its blanks, which say nothing; empty for a line of blanks alone. */
export function lineKey(sign: '+' | '-', text: string): string {
  const words = text.replace(/\s+/g, '')
  return words === '' ? '' : sign + words
}
