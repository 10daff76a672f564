/** Finds the commits that are most like a patch, among thousands. Pure. */
import type { CommitHistory } from '../model/commit-history.ts'
import { subjectWords, textKey } from '../model/commit-keys.ts'
import type { IndexedCommit } from '../model/history.ts'
import { HashIndex } from './hash-index.ts'
import { Comparer, type Likeness, type Subject } from './likeness.ts'

/** A line changed by more commits than this says nothing of which one is meant. */
const COMMON = 100
/** So many of the best are compared in full. */
const SHORT_LIST = 25

/**
 * One list per patch, in no particular order: the commits that share some telling line, or the
 * subject's words; and where several commits together are more like the patch than any of them,
 * these together. `lines`: the index of all patches' lines.
 */
export function findAlike(patches: readonly Subject[], history: CommitHistory, lines: HashIndex): Likeness[][] {
  const messages = new HashIndex(
    patches.flatMap((patch) => [...patch.message]),
    history,
    'sentence',
  )
  const bySubject = wordIndex(patches, history)
  const comparer = new Comparer(history.count, lines)
  const alike = patches.map((patch) => {
    const sentences = byHashes(patch.message, messages, () => 1)
    const ownLines = byHashes(patch.lines.keys(), lines, (line) => comparer.weightOf(line))
    const shortList = new Set([...ownLines, ...bySubject(patch.subject), ...sentences])
    return [...shortList].map((place) => comparer.compare(patch, [history.at(place)]))
  })
  shareCommits(patches, alike, comparer)
  return patches.map((patch, at) => {
    const single = alike[at] ?? []
    const together = joinParts(patch, single, comparer)
    return together ? [...single, together] : single
  })
}

/**
 * Where several patches landed as one commit, it holds much that is in none of them alone: what
 * counts is how much is in them all.
 */
function shareCommits(patches: readonly Subject[], alike: readonly Likeness[][], comparer: Comparer): void {
  const sharers = new Map<IndexedCommit, { patch: Subject; likeness: Likeness }[]>()
  for (const [at, likenesses] of alike.entries()) {
    const patch = patches[at]
    for (const likeness of likenesses) {
      const [commit] = likeness.commits
      if (patch && commit && likeness.coverage >= MOST)
        sharers.set(commit, [...(sharers.get(commit) ?? []), { patch, likeness }])
    }
  }
  for (const [commit, shared] of sharers) {
    if (shared.length < 2) continue
    const union = new Map<number, number>()
    for (const { patch } of shared)
      for (const [line, times] of patch.lines) union.set(line, Math.max(times, union.get(line) ?? 0))
    const converse = comparer.converseOf(union, [commit])
    for (const { likeness } of shared) likeness.converse = Math.max(likeness.converse, converse)
  }
}

/** So much of a patch in a commit makes it the patch's, or one of its. */
const MOST = 0.5
/** A further commit must bring so much of the patch that the ones before it did not. */
const FURTHER = 0.1

/**
 * The commits that hold the patch together, each of them a part of it in its turn; null where one
 * alone holds it, or none.
 */
function joinParts(patch: Subject, single: readonly Likeness[], comparer: Comparer): Likeness | null {
  const parts = single.filter((one) => one.coverage >= FURTHER && one.converse >= MOST)
  let best = parts.reduce<Likeness | null>((top, one) => (top && top.coverage >= one.coverage ? top : one), null)
  if (parts.length < 2 || !best || best.coverage >= 1 - FURTHER) return null
  for (let grows = true; grows; ) {
    grows = false
    const { commits, coverage } = best
    for (const { commits: more } of parts) {
      if (more.some((commit) => commits.includes(commit))) continue
      const joined = comparer.compare(patch, [...commits, ...more])
      if (joined.coverage < coverage + FURTHER || joined.coverage <= best.coverage) continue
      best = joined
      grows = true
    }
  }
  return best.commits.length > 1 ? best : null
}

/** The commits that share most of some hashes, by what each of these weighs. */
function byHashes(hashes: Iterable<number>, index: HashIndex, weight: (hash: number) => number): number[] {
  const scores = new Map<number, number>()
  for (const hash of hashes) {
    const posting = index.commitsWith(hash)
    if (posting.length > COMMON) continue
    for (const at of posting) scores.set(at, (scores.get(at) ?? 0) + weight(hash))
  }
  return best(scores)
}

/**
 * The places with the highest scores, best first; of equals the first. Few of thousands: they need
 * not all be put in order.
 */
function best(scores: ReadonlyMap<number, number>): number[] {
  const top: { at: number; score: number }[] = []
  for (const [at, score] of scores) {
    if (top.length === SHORT_LIST && score <= (top.at(-1)?.score ?? 0)) continue
    const place = top.findLastIndex((one) => one.score >= score) + 1
    top.splice(place, 0, { at, score })
    if (top.length > SHORT_LIST) top.pop()
  }
  return top.map(({ at }) => at)
}

/** Looks commits up by the words of their subjects. */
function wordIndex(patches: readonly Subject[], history: CommitHistory): (subject: string | null) => number[] {
  const keysOf = (subject: string | null) => [...subjectWords(subject ?? '')].map(textKey)
  const words = new HashIndex(
    patches.flatMap(({ subject }) => keysOf(subject)),
    history,
    'subject-word',
  )
  return (subject) => {
    const scores = new Map<number, number>()
    for (const word of keysOf(subject)) {
      const posting = words.commitsWith(word)
      const weight = Math.log((history.count + 1) / (posting.length + 1))
      for (const at of posting) scores.set(at, (scores.get(at) ?? 0) + weight)
    }
    return best(scores)
  }
}
