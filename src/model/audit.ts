/** What an audit says of each patch: why it is carried, since when, and whether its claims are true. */
import type { Attempt } from './attempt.ts'
import type { UpstreamFinding } from './finding.ts'
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

export type HygieneFault =
  | 'no-description'
  | 'no-author'
  | 'no-sign-off'
  | 'no-justification'
  | 'no-bug-reference'
  | 'twice'
  | 'order-by-luck'

/** What to do about a patch, in one word. */
export type NextStep = 'send' | 'chase' | 'justify' | 'drop' | 'wait' | 'rework' | 'keep'

/** A patch in the history of its queue. */
export interface PatchAge {
  /** Since it came in, gaps left out. */
  days: number
  /** Whether the history begins with it: it may be older. */
  isAtLeast: boolean
  /** How often its content was changed after it came in. */
  refreshes: number
  /** Rebases at which it was in conflict, of those that were tried again. */
  conflicts: number
}

/** The ages of a queue's patches, by their names; none where no history of it is known. */
export interface PastAges {
  ages: ReadonlyMap<string, PatchAge>
  /** Whether the history is no shallow clone's. */
  isWhole: boolean
}

/** A condition under which a patch is to go. `met` null: it cannot be read, or not be answered. */
export interface Retirement {
  condition: string
  met: boolean | null
  because: string
}

/** What a patch costs whoever carries it: points that add up, and what they are for. */
export interface Debt {
  points: number
  because: string
}

/** A row of an audit. */
export interface AuditedPatch
  extends Pick<PatchSummary, 'position' | 'name' | 'listed' | 'section' | 'owner' | 'author'> {
  class: PatchClass
  because: string
  finding: UpstreamFinding['status']
  claims: AuditedClaim[]
  hygiene: HygieneFault[]
  retire: Retirement[]
  next: NextStep
  /** Null where no history of the queue is known. */
  age: PatchAge | null
  debt: Debt
}

/** A queue's patches, in its order. */
export interface Audit extends Pick<Attempt, 'queue' | 'base' | 'target'> {
  patches: AuditedPatch[]
  /** Files beside the queue that look like patches, and that it does not name. */
  orphans: string[]
  /** Null where the queue has no `rebaseline.yaml`. */
  policy: JudgedPolicy | null
}

/** A commit that patches claim to be taken from, as the upstream repository has it. */
export interface ClaimedCommit {
  /** Its full id. */
  sha: string
  subject: string
  place: Exclude<CommitPlace, 'nowhere' | 'unknown'>
  /** Of one after the target the first tag that holds it; null where none does, or nobody asked. */
  firstTag: string | null
  /** Its changed lines, as `lineKey` writes them; null where it changes no text. */
  lines: string[] | null
}

/** A changed line without its blanks, which say nothing; empty for a line of blanks alone. */
export function lineKey(sign: '+' | '-', text: string): string {
  const words = text.replace(/\s+/g, '')
  return words === '' ? '' : sign + words
}

/** The same for subjects that say the same: without the case, and what part of the project it is about. */
export function subjectKey(subject: string): string {
  return subject
    .toLowerCase()
    .replace(/^(?:[^\s:][^:]{0,40}:\s+)+/, '')
    .replace(/\s+/g, ' ')
    .trim()
}
