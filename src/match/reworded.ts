/**
 * Finds commits that do what a patch does in other lines: re-wrapped, moved to another function,
 * with a path turned into a variable. The words that a change brings survive that. They are never
 * enough to drop a patch; they are enough to ask. Pure.
 */
import type { IndexedCommit } from '../model/history.ts'
import { NetWords } from '../model/line-hash.ts'
import type { Patch } from '../model/patch.ts'
import { signedLinesOf } from '../patch/lines.ts'
import type { PathIndex } from './path-index.ts'

/**
 * What is asked for: the patch's words, and the files that it touches under the names that upstream
 * had for them.
 */
export interface WordSubject {
  words: Uint32Array
  paths: ReadonlySet<string>
}

/** Cosine of the two, words weighed by how rare they are among the commits. */
const ALIKE = 0.3
/** Share of the patch's words, weighed alike, that the commit brings, too. */
const CONTAINED = 0.5
/** How far the best must be ahead of the next. */
const AHEAD = 2
/** Fewer words are not enough to go by. */
const LEAST_WORDS = 5

export function wordsOf(patch: Patch): Uint32Array {
  const words = new NetWords()
  for (const { sign, text } of signedLinesOf(patch)) words.add(sign, text)
  return words.added()
}

/**
 * One commit per patch: the only one, among those that touch a file of it, that brings half of its
 * words; null where none stands out.
 */
export function findReworded(
  subjects: readonly WordSubject[],
  commits: readonly IndexedCommit[],
  byPath: PathIndex,
): (IndexedCommit | null)[] {
  if (subjects.length === 0) return []
  const weigh = weighingOf(commits)
  return subjects.map(({ words, paths }) =>
    words.length < LEAST_WORDS ? null : standsOut(words, byPath.touching(paths), weigh),
  )
}

/** A patch that does not fit any more, and the commits that stand in its way, most first. */
export interface Hindered {
  words: Uint32Array
  culprits: readonly IndexedCommit[]
}

/**
 * Share of the patch's words, weighed, that a commit in its way must bring for it to be upstream's
 * own way of doing the same.
 */
const OWN_WAY = 0.2
/** Fewer words in common are chance. */
const LEAST_SHARED = 3

/**
 * For each patch the commit in its way that may have made it needless: it brings rare words of the
 * patch. Null where none does.
 */
export function findMadeNeedless(
  patches: readonly Hindered[],
  commits: readonly IndexedCommit[],
): (IndexedCommit | null)[] {
  if (patches.length === 0) return []
  const weigh = weighingOf(commits)
  return patches.map(({ words, culprits }) => {
    const own = new Set(words)
    const size = weigh.words(words)
    const isOwnWay = (commit: IndexedCommit) => {
      const shared = commit.words.filter((word) => own.has(word))
      return shared.length >= LEAST_SHARED && weigh.words(shared) >= OWN_WAY * size
    }
    return culprits.slice(0, 1).find(isOwnWay) ?? null
  })
}

/**
 * What words weigh together, one by one or all that a commit brings: the fewer commits bring a
 * word, the more.
 */
interface Weighing {
  words: (words: Iterable<number>) => number
  commit: (commit: IndexedCommit) => number
}

function weighingOf(commits: readonly IndexedCommit[]): Weighing {
  const frequency = new Map<number, number>()
  for (const { words } of commits) for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  const weights = new Map<number, number>()
  const weightOf = (word: number) => {
    const known = weights.get(word)
    if (known !== undefined) return known
    const weight = Math.log((commits.length + 1) / ((frequency.get(word) ?? 0) + 1)) ** 2
    weights.set(word, weight)
    return weight
  }
  const ofCommits = new Map<IndexedCommit, number>()
  const sum = (words: Iterable<number>) => {
    let total = 0
    for (const word of words) total += weightOf(word)
    return total
  }
  return {
    words: sum,
    commit: (commit) => {
      const weight = ofCommits.get(commit) ?? sum(commit.words)
      ofCommits.set(commit, weight)
      return weight
    },
  }
}

function standsOut(words: Uint32Array, near: readonly IndexedCommit[], weigh: Weighing): IndexedCommit | null {
  const own = new Set(words)
  const size = weigh.words(words)
  let best: { commit: IndexedCommit; alike: number; contained: number } | null = null
  let next = 0
  for (const commit of near) {
    const shared = weigh.words(commit.words.filter((word) => own.has(word)))
    if (shared === 0) continue
    const alike = shared / Math.sqrt(size * weigh.commit(commit))
    if (best === null || alike > best.alike) {
      next = best?.alike ?? 0
      best = { commit, alike, contained: shared / size }
    } else next = Math.max(next, alike)
  }
  if (best === null || best.alike < ALIKE || best.contained < CONTAINED || best.alike < AHEAD * next) return null
  return best.commit
}
