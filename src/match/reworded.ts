/**
 * Finds commits that do what a patch does in other lines: re-wrapped, moved to another function,
 * with a path turned into a variable. The words that a change brings survive that. They are never
 * enough to drop a patch; they are enough to ask. Pure.
 */
import type { CommitHistory } from '../model/commit-history.ts'
import type { IndexedCommit } from '../model/history.ts'
import { NetWords } from '../model/line-hash.ts'
import type { Patch } from '../model/patch.ts'
import { eachSignedLine } from '../patch/lines.ts'
import { HashIndex } from './hash-index.ts'
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
/** One that is less like it matters to no other. */
const BESIDE = ALIKE / AHEAD
/** Fewer words are not enough to go by; what has more is data, or a program of its own. */
const LEAST_WORDS = 5
const MOST_WORDS = 100_000
/** Of a patch of more lines the words are not even gathered. */
const MOST_LINES = 200_000

export function wordsOf(patch: Patch): Uint32Array {
  if (patch.added + patch.removed > MOST_LINES) return new Uint32Array()
  const words = new NetWords()
  for (const { sign, text } of eachSignedLine(patch)) words.add(sign, text)
  return words.added()
}

/**
 * One commit per patch: the only one, among those that touch a file of it, that brings half of its
 * words; null where none stands out.
 */
export function findReworded(
  subjects: readonly WordSubject[],
  history: CommitHistory,
  byPath: PathIndex,
): (IndexedCommit | null)[] {
  const telling = subjects.map(({ words }) => (isTelling(words) ? words : new Uint32Array()))
  const weigh = new Weighing(history)
  weigh.prepare(telling)
  const holders = new HashIndex(
    telling.flatMap((words) => [...words]),
    history,
    'word',
  )
  const near = subjects.map(({ paths }, at) => {
    const words = telling[at] ?? []
    return nearest(words, new Set(words.length === 0 ? [] : byPath.places(paths)), { holders, weigh })
      .filter((place) => byPath.touches(place, paths))
      .map((place) => history.at(place))
  })
  weigh.prepare(near.flat().map((commit) => commit.words))
  return telling.map((words, at) => standsOut(words, near[at] ?? [], weigh))
}

/**
 * Of some commits those that may be like a patch, or too like it for another to stand out: none is
 * more like it than if it brought nothing else.
 */
function nearest(
  words: Iterable<number>,
  places: ReadonlySet<number>,
  { holders, weigh }: { holders: HashIndex; weigh: Weighing },
): number[] {
  const shared = new Map<number, number>()
  for (const word of words)
    for (const place of holders.commitsWith(word))
      if (places.has(place)) shared.set(place, (shared.get(place) ?? 0) + weigh.words([word]))
  const size = weigh.words(words)
  const isNear = (place: number) => Math.sqrt((shared.get(place) ?? 0) / size) >= BESIDE
  return [...places].filter(isNear)
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
export function findMadeNeedless(patches: readonly Hindered[], history: CommitHistory): (IndexedCommit | null)[] {
  const weigh = new Weighing(history)
  weigh.prepare(patches.map(({ words }) => words))
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

function isTelling({ length }: Uint32Array): boolean {
  return length >= LEAST_WORDS && length <= MOST_WORDS
}

/** What words weigh together: the fewer commits bring a word, the more. */
class Weighing {
  readonly #history: CommitHistory
  readonly #weights = new Map<number, number>()

  constructor(history: CommitHistory) {
    this.#history = history
  }

  /** Asks at once how many commits bring each word. */
  prepare(lists: readonly Uint32Array[]): void {
    const frequency = new Map<number, number>()
    for (const words of lists) for (const word of words) if (!this.#weights.has(word)) frequency.set(word, 0)
    this.#history.find('word', frequency.keys(), (word) => frequency.set(word, (frequency.get(word) ?? 0) + 1))
    for (const [word, times] of frequency)
      this.#weights.set(word, Math.log((this.#history.count + 1) / (times + 1)) ** 2)
  }

  words(words: Iterable<number>): number {
    let total = 0
    for (const word of words) total += this.#weightOf(word)
    return total
  }

  #weightOf(word: number): number {
    const weight = this.#weights.get(word)
    if (weight === undefined) throw new Error('a word was not asked for')
    return weight
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
    const alike = shared / Math.sqrt(size * weigh.words(commit.words))
    if (best === null || alike > best.alike) {
      next = best?.alike ?? 0
      best = { commit, alike, contained: shared / size }
    } else next = Math.max(next, alike)
  }
  if (best === null || best.alike < ALIKE || best.contained < CONTAINED || best.alike < AHEAD * next) return null
  return best.commit
}
