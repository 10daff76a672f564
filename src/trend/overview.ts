/** What a report is made of, drawn from the record once, for every format. Pure. */
import type { RecordedAccount } from '../model/account.ts'
import type { PatchResult, RecordedAttempt } from '../model/attempt.ts'
import type { QueueLife } from '../model/life.ts'
import { carriedFor, type Lineage } from './lineage.ts'
import { type MatrixRow, matrixOf } from './matrix.ts'
import { type Period, periodsOf, type QueueSize, sizeOf } from './shrinkage.ts'
import type { Step } from './steps.ts'
import type { LifeNote, Story } from './story.ts'

export interface Overview {
  life: LifeOverview | null
  /** What each rebase took, in the order of the releases. */
  steps: Step[]
  /** The attempt that it is about, by default the newest; null where none was made. */
  latest: RecordedAttempt | null
  /**
   * The newest attempt on each target of the same queue, in the order given; fewer than two make no
   * matrix.
   */
  attempts: RecordedAttempt[]
  matrix: MatrixRow[]
  /**
   * Where the newest attempt's conflicts are, by directory and by upstream commit, the worst first.
   */
  directories: { name: string; patches: number }[]
  culprits: { name: string; patches: number }[]
  /** What became of the queue in the rebase that was checked last; null where none was. */
  account: RecordedAccount | null
}

export interface LifeOverview {
  repository: string
  name: string
  branch: string
  periods: Period[]
  /** Patches of the largest revision of all. */
  largest: number
  /** The size over time, evenly sampled. */
  points: { time: number; size: QueueSize }[]
  /** Sections by their first level, the largest first. */
  sections: string[]
  /** What is still carried, the longest first, and for how many seconds. */
  carried: (Lineage & { carriedFor: number })[]
  notes: LifeNote[]
}

/** What a queue is called after its repository: "xen.pg" of /src/xen.pg.git. */
export function queueName({ repository }: Pick<QueueLife, 'repository'>): string {
  return (
    repository
      .replace(/\/?(?:\.git)?\/*$/, '')
      .split('/')
      .at(-1) ?? repository
  )
}

/** So many points make a smooth line. */
const POINTS = 160

export function overviewOf(
  story: Story | null,
  steps: Step[],
  latest: RecordedAttempt | null,
  attempts: RecordedAttempt[],
): Omit<Overview, 'account'> {
  const results = latest?.results ?? []
  return {
    life: story && lifeOf(story),
    ...{ steps, latest, attempts },
    matrix: attempts.length > 1 ? matrixOf(attempts) : [],
    directories: hotSpots(results, ({ path }) => [directoryOf(path)]),
    culprits: hotSpots(results, ({ culprits }) => culprits.map(({ sha, subject }) => `${sha.slice(0, 12)} ${subject}`)),
  }
}

function lifeOf({ life, branch, revisions, lineages, settled, notes }: Story): LifeOverview {
  const step = Math.max(1, Math.ceil(revisions.length / POINTS))
  const sampled = revisions.filter((_, at) => at % step === 0 || at === revisions.length - 1)
  const points = sampled.map((revision) => ({ time: revision.time, size: sizeOf(revision, life.facts) }))
  const totals = new Map<string, number>()
  for (const { size } of points)
    for (const [section, count] of Object.entries(size.bySection))
      totals.set(topLevel(section), (totals.get(topLevel(section)) ?? 0) + count)
  const end = revisions.at(-1)?.time ?? 0
  const carried = lineages.lineages
    .filter(({ left, listing }) => left === null && !listing.disabled)
    .map((lineage) => ({ ...lineage, carriedFor: carriedFor(lineage, end) }))
  const largest = Math.max(0, ...revisions.map(({ entries }) => entries.filter(({ disabled }) => !disabled).length))
  return {
    ...{ repository: life.repository, name: queueName(life), branch, largest, points, notes },
    periods: periodsOf(revisions, life.facts, lineages, settled),
    sections: [...totals].sort((one, other) => other[1] - one[1]).map(([section]) => section),
    carried: carried.sort((one, other) => other.carriedFor - one.carriedFor),
  }
}

/** "Technical debt" of "Technical debt / xen debt". */
export function topLevel(section: string): string {
  return section.split(' / ')[0] || 'no section'
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
