/** What is told of a queue's life, and what a reader has to know beside it. Pure. */
import { type QueueLife, type QueueRevision, revisionsOf } from '../model/life.ts'
import { type Lineages, traceLineages } from './lineage.ts'
import { commentedOut, settledAmong } from './settled.ts'

/** Something about the numbers that is said with them. */
export type LifeNote =
  /** The newest revisions cannot be told; an earlier one is. */
  | { kind: 'broken'; sha: string; problem: string }
  /** Earlier revisions that cannot be told, and that are left out; the problem of the first. */
  | { kind: 'left-out'; revisions: number; since: number; until: number; problem: string }
  /** Most of what was carried is commented out: a rebase is under way. */
  | { kind: 'under-way'; since: string; commented: number }
  /** Patches that the newest revision lists, and that take no part. */
  | { kind: 'disabled'; commented: number; guarded: number; other: number }
  /** Patches that the newest revision lists, and that are no files. */
  | { kind: 'missing'; names: string[] }
  /** Where a shallow clone ends: nothing is known from before. */
  | { kind: 'cut'; shas: readonly string[] }

export interface Story {
  life: QueueLife
  /** The branches that it is told of, by name. */
  branch: string
  /** Those that can be told, oldest first; all, where none can. */
  revisions: QueueRevision[]
  lineages: Lineages
  /** Whether each revision is settled, not in the middle of a rebase. */
  settled: boolean[]
  notes: LifeNote[]
}

/** `branches`: of several, the revisions of each follow those of the one before it. */
export function storyOf(life: QueueLife, branches: readonly string[]): Story {
  const all = [...new Set(branches.flatMap((branch) => revisionsOf(life, branch)))]
  const sound = all.filter(({ problem }) => problem === null)
  const revisions = sound.length > 0 ? sound : all
  const settled = settledAmong(revisions)
  return {
    ...{ life, branch: branches.join(', '), revisions, settled },
    lineages: traceLineages(revisions, life.facts),
    notes: [...brokenEnd(all), ...leftOut(all), ...notesOf(revisions, settled), ...cutsIn(life, all)],
  }
}

function brokenEnd(all: readonly QueueRevision[]): LifeNote[] {
  const last = all.at(-1)
  return last?.problem ? [{ kind: 'broken', sha: last.sha, problem: last.problem }] : []
}

/** Those at the end are told apart. */
function leftOut(all: readonly QueueRevision[]): LifeNote[] {
  const end = all.findLastIndex(({ problem }) => problem === null)
  const broken = all.slice(0, end + 1).filter(({ problem }) => problem !== null)
  const [first, last] = [broken[0], broken.at(-1)]
  if (!first?.problem || !last) return []
  return [{ kind: 'left-out', revisions: broken.length, since: first.time, until: last.time, problem: first.problem }]
}

function notesOf(revisions: readonly QueueRevision[], settled: readonly boolean[]): LifeNote[] {
  const last = revisions.at(-1)
  if (!last) return []
  const since = revisions[settled.lastIndexOf(true) + 1]
  const disabled = last.entries.filter((entry) => entry.disabled)
  const [commented, guarded] = [
    commentedOut(last).length,
    disabled.filter(({ reason }) => reason?.startsWith('guard')).length,
  ]
  const other = disabled.length - commented - guarded
  const names = last.entries.flatMap((entry) => (entry.digest === null && !entry.disabled ? [entry.name] : []))
  return [
    ...(since ? [{ kind: 'under-way' as const, since: since.sha, commented }] : []),
    ...(disabled.length > 0 ? [{ kind: 'disabled' as const, commented, guarded, other }] : []),
    ...(names.length > 0 ? [{ kind: 'missing' as const, names }] : []),
  ]
}

function cutsIn({ cuts }: QueueLife, all: readonly QueueRevision[]): LifeNote[] {
  const shas = cuts.filter((cut) => all.some(({ sha, parent }) => sha === cut || parent === cut))
  return shas.length > 0 ? [{ kind: 'cut', shas }] : []
}
