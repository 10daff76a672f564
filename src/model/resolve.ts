/** Mending what conflicts, step by step: what a person did, and what is open. */
import type { AttemptFacts, Culprit, Landing } from './attempt.ts'
import type { ByteString } from './bytes.ts'
import type { RegionLines } from './region.ts'
import type { Suggestion } from './suggestion.ts'

/** A file at one moment: its octal mode, and its bytes. */
export interface FileState {
  mode: string
  content: ByteString
}

/** What a mended patch makes of one file, on top of the patches before it; null where there is none. */
export interface MendedFile {
  path: ByteString
  before: FileState | null
  after: FileState | null
}

/** How a patch was mended. */
export const TECHNIQUES = ['by-hand', 'suggestion', 'remembered'] as const
export type Technique = (typeof TECHNIQUES)[number]

/** What a person did with one patch. The newest step on a patch counts. */
export type PatchStep = StepFacts & { position: number } & (
    | { kind: 'resolved'; technique: Technique; files: MendedFile[]; seconds: number }
    /** Put off: it stays as it was. */
    | { kind: 'skipped'; reason: string | null }
    /** Given up: it leaves the queue. */
    | { kind: 'dropped'; reason: string }
    /** Opened again: what was done with it counts no more. */
    | { kind: 'reopened' }
  )

/** All steps before it count no more. */
export type AbortStep = StepFacts & { kind: 'aborted' }

export type ResolveStep = PatchStep | AbortStep

interface StepFacts {
  by: string
  /** ISO 8601, UTC. */
  at: string
}

/** A file of the open patch that waits for a person. */
export interface OpenFile {
  path: ByteString
  /** Why it conflicts, in words. */
  reason: string
  /** The queue before the patch; the target with what landed; the patch. */
  base: FileState | null
  ours: FileState | null
  theirs: FileState | null
  /** The merge with its conflict markers; null where there is nothing to mark. */
  marked: ByteString | null
  /** What was put into the work tree: conflict markers, a sure suggestion, or the patch's side. */
  placed: FileState | null
  suggestion: (Suggestion & { content: ByteString }) | null
}

/** The patch whose conflicts are in the work tree. */
export interface OpenPatch {
  position: number
  /** When it was opened: ISO 8601, UTC. */
  at: string
  /** The commit that the work tree stands on: the target with what landed before the patch. */
  commit: string
  /** The tree that was put there: with the patch's clean files, and what was placed in the others. */
  tree: string
  files: OpenFile[]
}

/** How a patch lands since something was mended, where it is otherwise than in the attempt. */
export interface Outcome {
  position: number
  /** However it moved, it is `merged`. */
  landing: Exclude<Landing['kind'], 'offset' | 'fuzz'>
  /** Positions of the patches that it waits for. */
  waitsFor: number[]
  /** The patch as it lands, its header in front; null where it lands as it is written, or not at all. */
  patch: ByteString | null
}

/** What the record holds of mending an attempt. */
export interface Mending {
  /** Those that count, oldest first. */
  steps: PatchStep[]
  /** How many of them the outcomes know of: the others were taken, and not yet landed. */
  settled: number
  outcomes: ReadonlyMap<number, Outcome>
  open: OpenPatch | null
}

/** The newest step on each patch, but for those that were opened again. */
export function standingSteps(steps: readonly PatchStep[]): Map<number, PatchStep> {
  const newest = new Map(steps.map((step) => [step.position, step]))
  for (const [position, { kind }] of newest) if (kind === 'reopened') newest.delete(position)
  return newest
}

/** A patch by its place in the queue. */
export interface NamedPatch {
  position: number
  name: string
}

/** The open patch, and what the attempt knows of it. */
export interface OpenStatus extends NamedPatch, OpenPatch {
  culprits: ReadonlyMap<ByteString, readonly Culprit[]>
  /** What is to be asked before it is mended: it may be upstream. Null: nothing. */
  question: string | null
}

/** Where the mending of an attempt stands. */
export interface ResolveStatus {
  attempt: AttemptFacts
  /** The work tree; null where nothing is open. */
  worktree: string | null
  /** Where the whole queue is as commits, when nothing is open any more; null before, and where it is gone. */
  commits: string | null
  open: OpenStatus | null
  resolved: (NamedPatch & Extract<PatchStep, { kind: 'resolved' }>)[]
  skipped: (NamedPatch & Extract<PatchStep, { kind: 'skipped' }>)[]
  dropped: (NamedPatch & Extract<PatchStep, { kind: 'dropped' }>)[]
  /** What still waits, the open one among it, in the order in which it is best mended; blocked ones last. */
  left: NamedPatch[]
  /** Patches of which nothing is left to do since others were mended: to be looked at, and dropped. */
  empty: NamedPatch[]
  /** Blocked patches of the attempt: how many have landed since, and how many still wait. */
  freed: number
  waiting: number
  /** Of those left, how many have a suggestion for each conflict, and how many only sure ones. */
  suggested: number
  sure: number
  /** Seconds at work so far, breaks not counted. */
  seconds: number
  /** When the first step was taken, or the first patch opened: ISO 8601; null before. */
  since: string | null
}

/** What the note beside the files of the open patch tells. */
export interface NoteFacts {
  attempt: AttemptFacts
  patch: NamedPatch & { subject: string | null }
  files: readonly OpenFile[]
  landing: Landing
  /** What upstream did to what it conflicts over. */
  diffs: RegionLines
}
