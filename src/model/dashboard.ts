/** What the dashboard shows: a page is a function of one of these views. */
import type { PatchResult, RecordedAttempt } from './attempt.ts'
import type { AuditedClaim } from './audit.ts'
import type { Fate } from './fate.ts'
import type { Burden } from './life.ts'
import type { ScanCounts, ScanProblem } from './scan.ts'
import type { Next, Part, Tally } from './tally.ts'

/** An attempt as lists name it. */
export interface AttemptMark {
  id: number
  /** In addresses: the hash of its document, else its number. */
  address: string
  base: string
  target: string
  /** ISO 8601, UTC. */
  triedAt: string
  tally: Tally
}

/** What an attempt says that the one before did not. */
export interface SinceLast {
  /** What the one before was tried on. */
  target: string
  /** How many patches more leave, and are to mend, than then. */
  leave: number
  mend: number
  /** Patches that broke, the first of them by name, and the commit that broke it. */
  broke: { count: number; patch: string; sha: string | null } | null
}

/** A queue in a list. */
export interface QueueRow {
  /** In addresses and lists; no two queues have the same. */
  name: string
  next: Next
  /** How many patches that is about; 0: the whole queue. */
  count: number
  attempt: AttemptMark
  since: SinceLast | null
  /** Its size month by month, the newest last. */
  sizes: number[]
}

/** A patch in a list. */
export interface PatchRow {
  queue: string
  /** Its lineage within the queue: the same for life, whatever it is called. */
  lineage: number
  position: number
  name: string
  owner: string | null
  part: Part
  past: PastMark
}

/** What is known of a patch's past. */
export interface PastMark {
  /** The day that it came in, ISO 8601; `isLeast`: it may be older. */
  since: string
  isLeast: boolean
  /** Past rebases that were tried and had it, and those at which it conflicted. */
  rebases: number
  conflicts: number
  /** Null where no history of the queue tells it. */
  kind: Burden | null
}

/** What can happen to patches and queues that people want to be told of. */
export const NEWS = ['leaves', 'broke', 'asks', 'claim', 'gate'] as const
export type NewsKind = (typeof NEWS)[number]

/** One thing that happened, to one patch or several of the same attempt. */
export interface News {
  kind: NewsKind
  /** ISO 8601, UTC. */
  at: string
  queue: string
  attempt: string
  target: string
  count: number
  /** Some of them, or the gate that failed. */
  items: NewsDetail[]
}

/** A patch that news are about; the text of a gate or claim. */
export interface NewsDetail {
  lineage: number | null
  patch: string | null
  text: string | null
  commit: { sha: string; subject: string; author: string | null } | null
}

/** Which news are asked for. */
export interface NewsFilter {
  queue?: string
  owners?: readonly string[]
  /** None: all. */
  kinds?: readonly NewsKind[]
  lineage?: number
  /** The number of an attempt. */
  attempt?: number
  /** In the names of queues and patches. */
  text?: string
}

/** Which part of a list is shown. */
export interface PageOf {
  /** From 1. */
  page: number
  pages: number
  /** Rows of all pages. */
  rows: number
  /** The first and last row on this page, from 1; 0 where there is none. */
  from: number
  to: number
}

export interface HomeView {
  /** Whose queues and patches are shown; none: everybody's. */
  owners: string[]
  /** All that there are, those with the most open patches first. */
  allOwners: string[]
  /** How many queues there are, and how many of them wait for a person. */
  queues: number
  waiting: number
  rows: QueueRow[]
  patches: PatchRow[]
  patchCount: number
  news: News[]
}

export const PORTFOLIO_SORTS = ['mend', 'decide', 'size', 'tried', 'name'] as const

export interface PortfolioQuery {
  /** In any field. */
  text: string
  /** With patches of any of them; none: of everybody. */
  owners: readonly string[]
  next: Next | ''
  sort: (typeof PORTFOLIO_SORTS)[number]
  page: number
}

export interface PortfolioView {
  query: PortfolioQuery
  /** Of the whole record. */
  queues: number
  byNext: Record<Next, number>
  rows: QueueRow[]
  paging: PageOf
  /** Upstream commits that broke most queues, as they are now. */
  culprits: { sha: string; subject: string; author: string; queues: string[]; count: number }[]
  news: News[]
}

export const PATCH_SORTS = ['place', 'conflicts', 'age', 'name'] as const
/** Years that a patch is carried. */
export const AGES = ['under-1', '1-to-3', 'over-3'] as const

export interface QueueQuery {
  /** Parts, none: all. */
  verdict: readonly Part[]
  fate: Fate | ''
  kind: Burden | ''
  owner: string
  /** In the paths that a patch changes, or in its name. */
  file: string
  age: (typeof AGES)[number] | ''
  /** The target, as it was named; '': of the newest attempt. */
  on: string
  sort: (typeof PATCH_SORTS)[number]
  page: number
}

/** A patch of a queue on each release. */
export interface MatrixPatch extends PatchRow {
  subject: string | null
  /** On each column; null where that attempt does not have it. */
  cells: (Part | null)[]
}

export interface QueueView {
  query: QueueQuery
  name: string
  source: string
  /** The attempt that is shown; the columns are the newest on each release. */
  attempt: AttemptMark
  columns: AttemptMark[]
  owners: string[]
  /** Tries that a scan set aside. */
  stopped: ScanProblem[]
  rows: MatrixPatch[]
  paging: PageOf
  news: News[]
}

/** What one attempt said of a patch. */
export interface PatchMoment {
  attempt: AttemptMark
  position: number
  part: Part
}

export interface PatchView {
  queue: string
  lineage: number
  /** How another command finds the queue. */
  source: string
  /** The attempt that has it last, with this patch alone; and whether that is the queue's newest. */
  attempt: RecordedAttempt
  address: string
  isCarried: boolean
  result: PatchResult
  part: Part
  past: PatchHistory
  /** Newest first. */
  moments: PatchMoment[]
  /** What people said, newest first, withdrawn answers too. */
  answers: PatchAnswer[]
  /** Claims as the last audit found them. */
  claims: Pick<AuditedClaim, 'field' | 'form' | 'commit' | 'holds' | 'because'>[]
  commitAddress: string | null
}

export interface PatchAnswer {
  answer: 'drop' | 'keep' | 'withdrawn'
  reason: string
  by: string
  at: string
  /** Whether it is of the content that is shown. */
  isOfNow: boolean
}

/** A patch's past with its days, to draw it. */
export interface PatchHistory extends PastMark {
  /** Contents that it had. */
  versions: number
  /** Seconds since 1970: of its versions, and of the rebases that were tried. */
  versionTimes: number[]
  trials: { time: number; release: string; isConflict: boolean }[]
}

/** Patches that went from one part to another. */
export interface Change {
  /** Null: was not there, or is not there any more. */
  before: Part | null
  now: Part | null
  patches: { lineage: number; position: number; name: string }[]
}

export interface AttemptView {
  queue: string
  source: string
  attempt: AttemptMark
  document: string | null
  isWithdrawn: boolean
  earlier: AttemptMark | null
  changes: Change[]
  rows: PatchRow[]
  news: News[]
}

/** The size of a queue at a moment. */
export interface TrendPoint {
  /** ISO 8601, a day. */
  day: string
  patches: number
  /** Null where only an attempt tells the size. */
  byKind: Readonly<Record<Burden, number>> | null
  /** Patches to mend; null where no attempt was made then. */
  mend: number | null
  target: string | null
}

export interface JobsView {
  portfolios: { source: string; counts: ScanCounts }[]
  working: { name: string; onto: string; worker: string }[]
  failed: (ScanProblem & { portfolio: string })[]
  failedCount: number
}
