/** What a report is made of, drawn from the record once, for every format. Pure. */
import type { RecordedAccount } from '../model/account.ts'
import type { PatchResult, RecordedAttempt } from '../model/attempt.ts'
import type { RecordedAudit } from '../model/audit.ts'
import type { Burden, QueueRevision } from '../model/life.ts'
import type { PastTrial } from '../model/past-trial.ts'
import { type Part, partOf } from '../model/tally.ts'
import { isNewLine } from '../model/version.ts'
import type { Outcomes } from './departures.ts'
import type { Forecast } from './forecast.ts'
import { carriedFor, type Lineage } from './lineage.ts'
import { type MatrixRow, matrixOf } from './matrix.ts'
import { hardOrdeals, largeAmong, type Ordeal, trialsIn } from './past-steps.ts'
import { type PatchPast, patchPasts, revisionTried } from './patch-past.ts'
import { type RebaseCost, rebaseCosts } from './rebase-costs.ts'
import { type Rebase, rebasesIn } from './rebases.ts'
import { type SaidAndDone, saidAndDone } from './said-and-done.ts'
import { type Period, periodsOf } from './shrinkage.ts'
import { type SizeStep, type Span, sizeStepOf, sizeSteps, unsettledSpans } from './size-steps.ts'
import type { Step } from './steps.ts'
import type { LifeNote, Story } from './story.ts'

/** What the record holds of a queue. */
export interface Recorded {
  /** What the queue is called. */
  queue: string
  story: Story | null
  /** What attempts found of patches that left. */
  outcomes: Outcomes
  /** How hard the rebases of the history were. */
  trials: readonly PastTrial[]
  steps: Step[]
  forecast: Forecast | null
  latest: RecordedAttempt | null
  /** What kind of burden its patches are, in their order. */
  kinds: readonly Burden[]
  attempts: RecordedAttempt[]
  account: RecordedAccount | null
  /** The newest audit of the attempt's queue and base; null where none was made. */
  audit: RecordedAudit | null
  commitAddress: string | null
}

/** Everything that a report tells. */
export interface Overview
  extends Pick<
    Recorded,
    'queue' | 'steps' | 'forecast' | 'latest' | 'attempts' | 'account' | 'audit' | 'commitAddress'
  > {
  life: LifeOverview | null
  /** The patches of the attempt, in their order; none where none was made. */
  patches: ReportedPatch[]
  /** What each rebase cost, in the order of the releases. */
  costs: RebaseCost[]
  matrix: MatrixRow[]
  /**
   * Where the attempt's conflicts are, by directory and by upstream commit, the worst first.
   */
  directories: { name: string; patches: number }[]
  culprits: { name: string; patches: number }[]
}

/** A patch of the attempt, and what else is known of it. */
export interface ReportedPatch {
  result: PatchResult
  part: Part
  kind: Burden
  /** Null where the history does not have it. */
  past: PatchPast | null
}

/** What the history of a queue tells. */
export interface LifeOverview {
  repository: string
  branch: string
  /** Revisions that are told. */
  revisions: number
  periods: Period[]
  rebases: Rebase[]
  /** Those to new lines of releases, or all where there are none, with what was carried after each. */
  large: { rebase: Rebase; after: SizeStep }[]
  /** Its size from day to day, and when it was in the middle of a rebase. */
  sizes: SizeStep[]
  unsettled: Span[]
  /** What is still carried, the longest first, and for how many seconds. */
  carried: (Lineage & { carriedFor: number })[]
  /** Rebases that were tried, in their order, and what conflicted at more than one, the worst first. */
  trials: readonly PastTrial[]
  hard: Ordeal[]
  /** The revision that the attempt tried; null where it is not one of these. */
  tried: QueueRevision | null
  /** What its maintainers did, beside what the attempt said; null where they have not. */
  done: SaidAndDone | null
  notes: LifeNote[]
}

/** Draws what is recorded together. */
export function overviewOf(recorded: Recorded): Overview {
  const { queue, story, steps, forecast, latest, kinds, attempts, account, audit, commitAddress } = recorded
  const results = latest?.results ?? []
  const told = story && lifeOf(story, recorded)
  return {
    ...{ queue, steps, forecast, latest, attempts, account, audit, commitAddress },
    life: told?.life ?? null,
    patches: results.map((result, at): ReportedPatch => {
      const kind = kinds[at]
      if (kind === undefined) throw new Error('the kinds are not those of the attempt')
      return { result, part: partOf(result), kind, past: told?.pasts.get(result.patch.name) ?? null }
    }),
    costs: rebaseCosts(told?.life.rebases ?? [], steps, recorded.trials),
    matrix: attempts.length > 1 ? matrixOf(attempts) : [],
    directories: hotSpots(results, ({ path }) => [directoryOf(path)]),
    culprits: hotSpots(results, ({ culprits }) => culprits.map(({ sha, subject }) => `${sha.slice(0, 12)} ${subject}`)),
  }
}

function lifeOf(story: Story, { outcomes, trials: all, latest }: Recorded) {
  const { life: source, branch, revisions, lineages, settled, notes } = story
  const periods = periodsOf(revisions, source.facts, lineages, settled)
  const rebases = rebasesIn(story, periods, outcomes)
  const trials = largeAmong(trialsIn(story, all), ({ base, target }) => isNewLine(base, target))
  const large = largeAmong(rebases, ({ from, to }) => isNewLine(from, to))
  const bySha = new Map(revisions.map((revision) => [revision.sha, revision]))
  const tried = latest && revisionTried(story, latest.queue.revision)
  const pasts = patchPasts(story, tried ?? revisions.length - 1, trials)
  const life: LifeOverview = {
    ...{ repository: source.repository, branch, notes, periods, rebases },
    ...{ revisions: revisions.length, sizes: sizeSteps(story), unsettled: unsettledSpans(story) },
    large: large.flatMap((rebase) => {
      const revision = bySha.get(rebase.sha)
      return revision ? { rebase, after: sizeStepOf(revision) } : []
    }),
    ...{ carried: carriedNow(story), trials, hard: hardOrdeals(story, trials) },
    tried: tried === null ? null : (revisions[tried] ?? null),
    done: latest && tried !== null ? saidAndDone(story, latest, { tried, pasts }, rebases) : null,
  }
  return { life, pasts }
}

function carriedNow({ revisions, lineages }: Story): LifeOverview['carried'] {
  const end = revisions.at(-1)?.time ?? 0
  return lineages.lineages
    .filter(({ left, listing }) => left === null && !listing.disabled)
    .map((lineage) => ({ ...lineage, carriedFor: carriedFor(lineage, end) }))
    .sort((one, other) => other.carriedFor - one.carriedFor)
}

function directoryOf(path: string): string {
  return path.split('/').slice(0, -1).join('/') || '.'
}

type Conflicts = Extract<PatchResult['landing'], { kind: 'conflict' }>['conflicts']

function hotSpots(
  results: readonly PatchResult[],
  keysOf: (conflict: Conflicts[number]) => string[],
): { name: string; patches: number }[] {
  const counts = new Map<string, number>()
  for (const { landing } of results) {
    if (landing.kind !== 'conflict') continue
    for (const key of new Set(landing.conflicts.flatMap(keysOf))) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const spots = [...counts].map(([name, patches]) => ({ name, patches }))
  return spots.sort((one, other) => other.patches - one.patches || (one.name < other.name ? -1 : 1))
}
