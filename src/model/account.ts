import type { ByteString } from './bytes.ts'
import type { ChangeKind } from './fate.ts'

/**
 * What became of one change of an old queue in a new one. `as-is`: the same hunk. `moved`: the same
 * added and removed lines with other numbers, context, file name or patch. `changed`: other lines at
 * its own place. `upstream`: left out, the target has it there. `dropped`: left out for a reason that
 * is told. `missing`: left out, and its place has the text from before, or lacks it.
 */
export const CARRIED_FATES = ['as-is', 'moved', 'changed', 'upstream', 'dropped', 'missing'] as const
export type CarriedFate = (typeof CARRIED_FATES)[number]

/** A line that a changed hunk lost. */
export interface LostLine {
  text: ByteString
  /** The line that stands for it in the new queue, in other words; null where none does. */
  became: ByteString | null
  /** Words of it that the new queue does not say there; of one that another stands for, none. */
  unsaid: ByteString[]
  /** Whether nobody can know that it was meant: none stands for it, or one that says the contrary. */
  isAsked: boolean
}

/** One change of an old patch, and what became of it. */
export interface CarriedChange {
  /** As the patch names the file after its change; a deleted one by its old name. */
  path: ByteString
  kind: ChangeKind
  /** Number of the hunk among those of its file, from 1; null for what is no hunk. */
  hunk: number | null
  fate: CarriedFate
  /** The upstream commit that has it; null where none is known, or asked. */
  by: string | null
  /** Why it was left out, in words; null where it was not. */
  because: string | null
  /** Of a `changed` one: lines that it added and that no new patch adds, nor the target has there. */
  lost: LostLine[]
  /** Of a `changed` one: lines that the new patches add there beside, and that none of the old is. */
  gained: ByteString[]
  /** SHA-256 of the change and of what became of it, by which an answer is remembered. */
  digest: string
}

/** A person's word that a change was left out or changed on purpose. */
export interface AccountAnswer {
  digest: string
  reason: string
  by: string
  /** ISO 8601, UTC. */
  at: string
}

/** Whether a change is asked about: nobody says why it, or lines of it, are gone. */
export function isAsked({ fate, lost, because }: CarriedChange): boolean {
  return fate === 'missing' || (fate === 'changed' && lost.some((line) => line.isAsked) && because === null)
}

/** An account with people's answers: what is gone on purpose is no longer missing. */
export function withAnswers<Account extends { patches: AccountedPatch[] }>(
  account: Account,
  answers: ReadonlyMap<string, AccountAnswer>,
): Account {
  const answered = (change: CarriedChange): CarriedChange => {
    const answer = isAsked(change) ? answers.get(change.digest) : undefined
    if (!answer) return change
    const because = `on purpose, says ${answer.by} on ${answer.at.slice(0, 10)}: ${answer.reason}`
    return { ...change, fate: change.fate === 'missing' ? 'dropped' : change.fate, because }
  }
  return { ...account, patches: account.patches.map((one) => ({ ...one, fates: one.fates.map(answered) })) }
}

/** What a header lost, or has otherwise, on the way. */
export const HEADER_LOSSES = [
  ...['author-lost', 'author-changed', 'date-lost', 'subject-changed', 'sign-off-lost'],
  ...['id-lost', 'origin-lost', 'text-lost', 'encoding-broken'],
] as const
export type HeaderLoss = (typeof HEADER_LOSSES)[number]

/** An old patch, change by change. */
export interface AccountedPatch {
  name: string
  /** The new patches that carry anything of it, in their order. */
  in: string[]
  header: HeaderLoss[]
  fates: CarriedChange[]
  /** Why a person is asked about it, in one sentence; null where nothing was to be asked. */
  question: string | null
}

/** The patches that a person is asked about: each is one question, however many changes it has. */
export function askedPatches(patches: readonly AccountedPatch[]): AccountedPatch[] {
  return patches.filter(({ fates }) => fates.some(isAsked))
}

/** What the new queue does and no change of the old one did. */
export interface AddedChange {
  name: string
  path: ByteString
  /** Null for what is no hunk. */
  hunk: number | null
}

/** What makes a new patch unusable. */
export interface QueueProblem {
  name: string
  what: 'does-not-apply' | 'markers'
}

/** The whole account of a rebase: every change of the old queue has one fate. */
export interface QueueAccount {
  patches: AccountedPatch[]
  added: AddedChange[]
  problems: QueueProblem[]
}

/** Whether a rebase lost nothing, as far as its changes go. */
export function isWholeAccount({ patches, problems }: Pick<QueueAccount, 'patches' | 'problems'>): boolean {
  return problems.length === 0 && patches.every(({ fates }) => fates.every(({ fate }) => fate !== 'missing'))
}

/** What a check of a queue found, without its changes. */
export interface AccountSummary {
  target: string
  /** ISO 8601, UTC. */
  checkedAt: string
  changes: number
  missing: number
  changed: number
  isWhole: boolean
}

/** A change of an account, as the record holds it. */
export interface RecordedChange extends Pick<CarriedChange, 'path' | 'kind' | 'hunk' | 'fate' | 'by' | 'because'> {
  patch: string
  lost: ByteString[]
}

/** An account, as the record holds it. */
export interface RecordedAccount {
  target: string
  /** ISO 8601, UTC. */
  checkedAt: string
  isWhole: boolean
  changes: RecordedChange[]
}
