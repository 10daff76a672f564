/** What an audit says of each patch: why it is carried, since when, and whether its claims are true. */
import type { RecordedAttempt, VerdictKind } from './attempt.ts'
import type { UpstreamFinding } from './finding.ts'
import type { JudgedPolicy } from './gate.ts'
import type { Claim, PatchSummary } from './patch.ts'
import type { SecurityReport } from './security.ts'

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
export const COMMIT_PLACES = ['base', 'target', 'later', 'side', 'nowhere', 'unknown'] as const
export type CommitPlace = (typeof COMMIT_PLACES)[number]

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

/** What a patch lacks. */
export const HYGIENE_FAULTS = [
  ...(['no-description', 'no-author', 'no-sign-off', 'no-justification', 'no-bug-reference'] as const),
  ...(['twice', 'order-by-luck'] as const),
] as const
export type HygieneFault = (typeof HYGIENE_FAULTS)[number]

/** What to do about a patch, in one word. */
export const NEXT_STEPS = ['send', 'chase', 'justify', 'drop', 'wait', 'rework', 'keep'] as const
export type NextStep = (typeof NEXT_STEPS)[number]

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

/** What points of debt are given for. */
export const DEBT_PARTS = ['conflicts', 'age', 'refreshes', 'size', 'heat'] as const
export type DebtPart = (typeof DEBT_PARTS)[number]

/** What a patch costs whoever carries it: points that add up, and a sentence that says for what. */
export interface Debt {
  points: number
  parts: Readonly<Record<DebtPart, number>>
  because: string
}

/** Points of what is carried on: what leaves costs nothing any more. */
export function debtOfAll(rows: readonly Pick<AuditedPatch, 'next' | 'debt'>[]): number {
  return rows.reduce((sum, { next, debt }) => sum + (next === 'drop' ? 0 : debt.points), 0)
}

/** A row of an audit. */
export interface AuditedPatch
  extends Pick<PatchSummary, 'position' | 'name' | 'listed' | 'section' | 'owner' | 'author'> {
  class: PatchClass
  because: string
  finding: UpstreamFinding['status']
  verdict: VerdictKind
  claims: AuditedClaim[]
  hygiene: HygieneFault[]
  retire: Retirement[]
  next: NextStep
  /** Null where no history of the queue is known. */
  age: PatchAge | null
  debt: Debt
}

/** A queue's patches, in its order. */
export interface Audit extends Pick<RecordedAttempt, 'called' | 'queue' | 'base' | 'target'> {
  /** What it is of. `isRecorded`: an attempt from before, made of the same inputs. */
  attempt: { id: number; startedAt: string; isRecorded: boolean }
  patches: AuditedPatch[]
  /** Files beside the queue that look like patches, and that it does not name. */
  orphans: string[]
  /** Null where the queue has no `rebaseline.yaml`. */
  policy: JudgedPolicy | null
  /** Null where nothing of the queue was audited before. */
  changes: AuditChanges | null
  /** Null where it was not asked for. */
  security: SecurityReport | null
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

/** An audit as the record holds it. Conditions to retire are not kept: the next audit asks again. */
export interface RecordedAudit {
  /** The number of the attempt that it is of. */
  attempt: number
  /** ISO 8601, UTC. */
  auditedAt: string
  /** The target, as it was named. */
  target: string
  /** In the order of the queue. */
  patches: Omit<AuditedPatch, 'retire'>[]
  gates: { text: string; pass: boolean; isAsked: boolean; because: string }[]
}

/** What is other than at an audit before. */
export interface AuditChanges {
  since: Pick<RecordedAudit, 'attempt' | 'auditedAt' | 'target'>
  /** Names of patches that came into the queue, and of those that left it. */
  came: string[]
  left: string[]
  reclassed: { name: string; from: PatchClass; to: PatchClass }[]
  /** Claims that are false, and were not, or were not made. */
  falseNow: { name: string; claim: string }[]
  /** Points, of all patches that stay. */
  debt: { from: number; to: number }
  /** Gates that hold now and did not, or the other way round. */
  gates: { text: string; pass: boolean }[]
}

/** The columns that rows can be summed by. */
export const SUM_COLUMNS = ['section', 'owner', 'author', 'class', 'next'] as const
export type SumColumn = (typeof SUM_COLUMNS)[number]

/** What the rows of one section, owner or the like come to. */
export interface AuditSum {
  /** "-" where the column is empty. */
  name: string
  patches: number
  /** Points of those that stay. */
  debt: number
  /** Days since the oldest came in; null where no age is known. */
  oldest: number | null
  /** How many there are to do each thing about, the most first. */
  next: [NextStep, number][]
}

/** An audit, and what of it is asked for. */
export interface ToldAudit {
  audit: Audit
  /** The rows that are asked for. */
  rows: AuditedPatch[]
  /** Null where no sums are asked for. */
  sums: { column: SumColumn; sums: AuditSum[] } | null
}
