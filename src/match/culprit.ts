/**
 * Which upstream commits broke a patch: the ones that changed the lines it needs, or took its file
 * away. Pure.
 */
import type { ByteString } from '../model/bytes.ts'
import type { CommitHistory } from '../model/commit-history.ts'
import type { IndexedCommit } from '../model/history.ts'
import { hashLine } from '../model/line-hash.ts'
import type { ConflictRegion } from '../model/region.ts'
import { saysSomething } from '../patch/lines.ts'
import type { HashIndex } from './hash-index.ts'
import type { PathIndex } from './path-index.ts'
import type { TargetFile } from './target-file.ts'

/** The commits between base and target, and where upstream moved files. */
export interface CulpritSources {
  history: CommitHistory
  paths: PathIndex
  /** Knows the lines of `changedHashes`. */
  lines: HashIndex
  /** Old paths to new. */
  renames: ReadonlyMap<ByteString, ByteString>
}

/** A commit, with how many lines of a conflict it changed, and how much these tell. */
export interface FoundCulprit {
  commit: IndexedCommit
  lines: number
  weight: number
}

/** So many are named for one region. */
const MAX_CULPRITS = 5

/**
 * A line that upstream changed in a region, as it is hashed; and as it would be the other way
 * round.
 */
interface ChangedHash {
  hash: number
  opposite: number
}

/** White space counts only where nothing else was changed. */
function changesIn(region: Pick<ConflictRegion, 'ours' | 'base'>): ChangedHash[] {
  const changes = changesBut(region, fold)
  return changes.length > 0 ? changes : changesBut(region, (line) => line)
}

function changesBut(
  { ours, base }: Pick<ConflictRegion, 'ours' | 'base'>,
  fold: (line: ByteString) => ByteString,
): ChangedHash[] {
  const [kept, known] = [new Set(ours.map(fold)), new Set(base.map(fold))]
  const removed = base.filter((line) => !kept.has(fold(line))).map((line) => ['-', '+', line] as const)
  const added = ours.filter((line) => !known.has(fold(line))).map((line) => ['+', '-', line] as const)
  return [...removed, ...added].flatMap(([sign, other, line]) => {
    const [hash, opposite] = [hashLine(sign, line), hashLine(other, line)]
    return hash === null || opposite === null ? [] : [{ hash, opposite }]
  })
}

/** What an index must know for `culpritsOf` to find who changed a region. */
export function changedHashes(region: Pick<ConflictRegion, 'ours' | 'base'>): number[] {
  return changesIn(region).flatMap(({ hash, opposite }) => [hash, opposite])
}

function fold(line: ByteString): ByteString {
  return line.replace(/\s+/g, '')
}

/**
 * The commits that changed the lines of a region just so, in the file under any of its names, with
 * the number of those lines; first those with the most telling ones. Of several that changed one
 * line alike, the newest: it is what the target has. One that only moved the line comes last.
 */
export function culpritsOf(
  region: Pick<ConflictRegion, 'ours' | 'base'>,
  path: ByteString,
  { history, paths, lines, renames }: CulpritSources,
): FoundCulprit[] {
  const names = new Set(namesOf(path, renames))
  const counts = new Map<IndexedCommit, FoundCulprit>()
  for (const { hash, opposite } of changesIn(region)) {
    const movers = new Set(lines.commitsWith(opposite))
    const places = lines.commitsWith(hash).filter((place) => paths.touches(place, names))
    const place = places.findLast((one) => !movers.has(one)) ?? places.at(-1)
    if (place === undefined) continue
    const newest = history.at(place)
    const known = counts.get(newest) ?? { commit: newest, lines: 0, weight: 0 }
    // A line that is changed in the file again and again says little of who broke this.
    counts.set(newest, { commit: newest, lines: known.lines + 1, weight: known.weight + 1 / places.length })
  }
  return rankCulprits(counts.values()).slice(0, MAX_CULPRITS)
}

/** The most telling first. */
export function rankCulprits(found: Iterable<FoundCulprit>): FoundCulprit[] {
  return [...found].sort((one, other) => other.weight - one.weight)
}

/** A file's name in the target, and the one that it had at the base. */
export function namesOf(path: ByteString, renames: ReadonlyMap<ByteString, ByteString>): ByteString[] {
  const older = [...renames].filter(([, to]) => to === path).map(([from]) => from)
  return [path, renames.get(path) ?? path, ...older]
}

/** A line of fewer characters stands in many places. */
const TELLING_LENGTH = 12

/**
 * Where the lines are that upstream took out of a region: the place in one of the files that has
 * most of them close together. Null where that is fewer than half of them, or but one that the file
 * has more than once.
 */
export function whereabouts(
  { ours, base }: Pick<ConflictRegion, 'ours' | 'base'>,
  files: readonly TargetFile[],
): ConflictRegion['wentTo'] {
  const kept = new Set(ours.map((line) => line.trim()))
  const gone = new Set(base.map((line) => line.trim()).filter((line) => !kept.has(line) && isTelling(line)))
  let best: { path: ByteString; at: number; count: number } | null = null
  for (const file of files) {
    const place = densestPlace(file, gone)
    if (place && place.count > (best?.count ?? 0)) best = { path: file.path, ...place }
  }
  return best && best.count * 2 >= gone.size ? { path: best.path, line: best.at + 1 } : null
}

/** Where most of some lines stand within twice their number of lines; `at` is the first of them. */
function densestPlace({ places }: TargetFile, wanted: ReadonlySet<string>): { at: number; count: number } | null {
  const hits = [...wanted]
    .flatMap((line) => (places.get(line) ?? []).map((at) => ({ at, line })))
    .sort((one, other) => one.at - other.at)
  const span = Math.max(LEAST_SPAN, 2 * wanted.size)
  let best: { at: number; count: number } | null = null
  let end = 0
  const inside = new Map<string, number>()
  for (const { at, line } of hits) {
    for (; (hits[end]?.at ?? Number.POSITIVE_INFINITY) < at + span; end++) addTo(inside, hits[end]?.line ?? '', 1)
    const isKnown = inside.size > 1 || places.get(line)?.length === 1
    if (isKnown && inside.size > (best?.count ?? 0)) best = { at, count: inside.size }
    addTo(inside, line, -1)
  }
  return best
}

/** Lines that few lines of a region may be spread over where they went. */
const LEAST_SPAN = 12

function addTo(counts: Map<string, number>, key: string, step: number): void {
  const sum = (counts.get(key) ?? 0) + step
  if (sum > 0) counts.set(key, sum)
  else counts.delete(key)
}

function isTelling(line: string): boolean {
  return line.length >= TELLING_LENGTH && saysSomething(line)
}
