/** In which order the patches that need a person are best mended. Pure. */
import type { Culprit, PatchResult } from './attempt.ts'
import type { ByteString } from './bytes.ts'

/** One patch that fails by itself. */
export interface WorkItem {
  position: number
  name: string
  /** Positions of the blocked patches that wait for it, among others perhaps. */
  frees: number[]
  /** Positions of the patches to mend before it: earlier ones with a conflict in the same file. */
  after: number[]
  /**
   * What is to be done: hunks and files in conflict; lines of the conflicts on their longer side;
   * upstream commits that brought them.
   */
  hunks: number
  files: number
  lines: number
  commits: number
}

/** What one upstream commit broke. */
export interface Breakage {
  culprit: Culprit
  /** Positions of the patches. */
  patches: number[]
}

/**
 * Always one whose predecessors are done; of these the one that frees most, then the smallest, then
 * the first in the queue.
 */
export function workListOf(results: readonly PatchResult[]): WorkItem[] {
  const roots = results.filter(({ verdict }) => verdict.kind === 'conflicting')
  const left = roots.map((root, at) => toItem(root, roots.slice(0, at), results))
  const ordered: WorkItem[] = []
  const done = new Set<number>()
  while (left.length > 0) {
    const ready = left.filter(({ after }) => after.every((position) => done.has(position)))
    const next = ready.sort(byUse)[0]
    // The first of the queue waits for none.
    if (!next) throw new Error('the patches to mend wait for each other')
    left.splice(left.indexOf(next), 1)
    done.add(next.position)
    ordered.push(next)
  }
  return ordered
}

function byUse(one: WorkItem, other: WorkItem): number {
  return other.frees.length - one.frees.length || one.lines - other.lines || one.position - other.position
}

function toItem(root: PatchResult, earlier: readonly PatchResult[], results: readonly PatchResult[]): WorkItem {
  const { patch } = root
  const conflicts = conflictsOf(root)
  const paths = pathsIn(root)
  const regions = conflicts.flatMap((conflict) => conflict.regions)
  return {
    position: patch.position,
    name: patch.name,
    frees: results
      .filter(({ landing }) => landing.kind === 'blocked' && landing.by.includes(patch.position))
      .map((result) => result.patch.position),
    after: earlier.filter((one) => [...pathsIn(one)].some((path) => paths.has(path))).map((one) => one.patch.position),
    hunks: conflicts.reduce((sum, { hunksFailed }) => sum + hunksFailed, 0),
    files: conflicts.length,
    lines: regions.reduce((sum, { ours, theirs }) => sum + Math.max(ours.length, theirs.length), 0),
    commits: new Set(conflicts.flatMap(({ culprits }) => culprits.map(({ sha }) => sha))).size,
  }
}

function conflictsOf({ landing }: Pick<PatchResult, 'landing'>) {
  return landing.kind === 'conflict' || landing.kind === 'blocked' ? landing.conflicts : []
}

function pathsIn(result: PatchResult): Set<ByteString> {
  return new Set(conflictsOf(result).map(({ path }) => path))
}

/** The upstream commits that broke more than one patch, the worst first. */
export function breakagesIn(results: readonly PatchResult[]): Breakage[] {
  const broken = new Map<string, Breakage>()
  for (const result of results.filter(({ verdict }) => verdict.kind === 'conflicting')) {
    const culprits = new Map(
      conflictsOf(result).flatMap((one) => one.culprits.map((culprit) => [culprit.sha, culprit])),
    )
    for (const [sha, culprit] of culprits) {
      const known = broken.get(sha) ?? { culprit, patches: [] }
      known.patches.push(result.patch.position)
      broken.set(sha, known)
    }
  }
  return [...broken.values()]
    .filter(({ patches }) => patches.length > 1)
    .sort((one, other) => other.patches.length - one.patches.length || (one.culprit.sha < other.culprit.sha ? -1 : 1))
}

/** The upstream commit that stands behind most hunks of a patch in conflict; null where none is known. */
export function mainCulprit(result: Pick<PatchResult, 'landing'>): Culprit | null {
  const known = new Map<string, { culprit: Culprit; hunks: number }>()
  const blame = (culprit: Culprit | undefined, hunks: number) => {
    if (!culprit) return
    const { hunks: before } = known.get(culprit.sha) ?? { hunks: 0 }
    known.set(culprit.sha, { culprit, hunks: before + hunks })
  }
  for (const { culprits, regions, hunksFailed } of conflictsOf(result)) {
    if (regions.length === 0) blame(culprits[0], hunksFailed)
    for (const region of regions) {
      const [first] = region.culprits
      blame(first === undefined ? culprits[0] : culprits.find(({ sha }) => sha === first), region.hunks.length || 1)
    }
  }
  const [main] = [...known.values()].sort((one, other) => other.hunks - one.hunks)
  return main?.culprit ?? null
}
