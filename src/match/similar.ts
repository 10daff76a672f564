/** Finds the commits whose changed lines are most like a patch's, among thousands, and says how alike they are. Pure. */
import type { IndexedCommit } from '../model/history.ts'
import { type ChangedLines, countHashes } from './lines.ts'

/** What of a patch is compared. */
export interface Subject {
  lines: ChangedLines
  subject: string | null
  author: string | null
  paths: readonly string[]
  /** The sentences of its header, see `hashMessage`. */
  message: Uint32Array
}

/** How a commit compares with a patch, every figure 0..1. */
export interface Likeness {
  commit: IndexedCommit
  /** Share of the patch's lines that the commit changes alike; a line that many commits change counts little. */
  coverage: number
  /** The same the other way: how much of the commit is in the patch. */
  converse: number
  /** Words that the two subjects share. */
  subject: number
  /** Share of the sentences of the patch's header that are in the commit's message. */
  message: number
  /** Share of the patch's files, by base name, that the commit touches. */
  paths: number
  /** 1 where the author is the same. */
  author: number
}

/**
 * How probable it is that a commit which looks like this is the patch's own, 0..1: a logistic model, fitted on 600 backports of Xen (with
 * and without their subjects) and 90 of XenServer's own patches, and checked on 90 others. At one half it made no mistake on any of them; no
 * weight is negative, so that more in common never counts against a commit.
 */
export function likelihoodOf(likeness: Likeness, lineCount: number): number {
  const { coverage, converse, subject, message, paths, author } = likeness
  const mutual = coverage + converse === 0 ? 0 : (2 * coverage * converse) / (coverage + converse)
  // The same share of a long patch says more; containment in a larger commit, or of a smaller one, says almost as much as equality.
  const size = Math.log1p(Math.min(lineCount, 200)) / 5.3
  const text = 8.08 * mutual + 8.33 * size * Math.max(coverage, 0.8 * converse)
  const words = 12.68 * message + 0.86 * subject + (subject === 1 ? 4.17 : 0)
  return 1 / (1 + Math.exp(9.54 - text - words - 1.63 * paths - 1.06 * author))
}

/** A line changed by more commits than this says nothing of which one is meant. */
const COMMON = 100
/** So many of the best are compared in full. */
const SHORT_LIST = 25

/** One list per patch, in no particular order: the commits that share some telling line, or the subject's words. */
export function findAlike(patches: readonly Subject[], commits: readonly IndexedCommit[]): Likeness[][] {
  const postings = postingsOf(
    patches.flatMap((patch) => [...patch.lines.keys()]),
    commits,
    (commit) => commit.lines,
  )
  const messages = postingsOf(
    patches.flatMap((patch) => [...patch.message]),
    commits,
    (commit) => commit.message,
  )
  const bySubject = wordIndex(commits)
  const weight = (line: number) => {
    const frequency = postings.get(line)?.length ?? 0
    return Math.log((commits.length + 1) / (frequency + 1)) + 0.1
  }
  // The same commits come up again and again: a series has many neighbours.
  const counted = new Map<IndexedCommit, ChangedLines>()
  const linesOf = (commit: IndexedCommit) => {
    const lines = counted.get(commit) ?? countHashes(commit.lines)
    counted.set(commit, lines)
    return lines
  }
  return patches.map((patch) => {
    const sentences = best(scoreMessage(patch, messages))
    const shortList = new Set([...byLines(patch, postings, weight), ...bySubject(patch.subject), ...sentences])
    return [...shortList].flatMap((at) => {
      const commit = commits[at]
      return commit ? [compare(patch, commit, linesOf(commit), weight)] : []
    })
  })
}

/** For each of the wanted hashes, the commits that have it. */
function postingsOf(
  wanted: readonly number[],
  commits: readonly IndexedCommit[],
  hashesOf: (commit: IndexedCommit) => Uint32Array,
): Map<number, number[]> {
  const postings = new Map(wanted.map((hash): [number, number[]] => [hash, []]))
  commits.forEach((commit, at) => {
    for (const hash of hashesOf(commit)) {
      const posting = postings.get(hash)
      if (posting && posting.at(-1) !== at) posting.push(at)
    }
  })
  return postings
}

function scoreMessage(patch: Subject, messages: ReadonlyMap<number, number[]>): Map<number, number> {
  const scores = new Map<number, number>()
  for (const sentence of patch.message) {
    const posting = messages.get(sentence) ?? []
    if (posting.length <= COMMON) for (const at of posting) scores.set(at, (scores.get(at) ?? 0) + 1)
  }
  return scores
}

function byLines(patch: Subject, postings: ReadonlyMap<number, number[]>, weight: (line: number) => number): number[] {
  const scores = new Map<number, number>()
  for (const line of patch.lines.keys()) {
    const posting = postings.get(line) ?? []
    if (posting.length > COMMON) continue
    for (const at of posting) scores.set(at, (scores.get(at) ?? 0) + weight(line))
  }
  return best(scores)
}

function best(scores: ReadonlyMap<number, number>): number[] {
  return [...scores]
    .sort((left, right) => right[1] - left[1])
    .slice(0, SHORT_LIST)
    .map(([at]) => at)
}

/** Looks commits up by the words of their subjects. */
function wordIndex(commits: readonly IndexedCommit[]): (subject: string | null) => number[] {
  const postings = new Map<string, number[]>()
  commits.forEach((commit, at) => {
    for (const word of wordsOf(commit.subject)) {
      const posting = postings.get(word)
      if (posting) posting.push(at)
      else postings.set(word, [at])
    }
  })
  return (subject) => {
    const scores = new Map<number, number>()
    for (const word of wordsOf(subject)) {
      const posting = postings.get(word) ?? []
      const weight = Math.log((commits.length + 1) / (posting.length + 1))
      for (const at of posting) scores.set(at, (scores.get(at) ?? 0) + weight)
    }
    return best(scores)
  }
}

function compare(
  patch: Subject,
  commit: IndexedCommit,
  theirs: ChangedLines,
  weight: (line: number) => number,
): Likeness {
  let shared = 0
  let weightShared = 0
  let weightTotal = 0
  for (const [line, times] of patch.lines) {
    const both = Math.min(times, theirs.get(line) ?? 0)
    shared += both
    weightShared += both * weight(line)
    weightTotal += times * weight(line)
  }
  return {
    commit,
    coverage: weightTotal === 0 ? 0 : weightShared / weightTotal,
    converse: commit.lines.length === 0 ? 0 : shared / commit.lines.length,
    subject: sharedWords(patch.subject, commit.subject),
    message: sharedSentences(patch.message, commit.message),
    paths: sharedNames(patch.paths, commit.paths),
    author: patch.author !== null && mailOf(patch.author) === mailOf(commit.author) ? 1 : 0,
  }
}

function wordsOf(subject: string | null): Set<string> {
  return new Set(subject?.toLowerCase().match(/[a-z0-9_]+/g) ?? [])
}

/** Dice's coefficient of the two sets of words. */
function sharedWords(left: string | null, right: string): number {
  const [one, other] = [wordsOf(left), wordsOf(right)]
  const shared = [...one].filter((word) => other.has(word)).length
  return shared === 0 ? 0 : (2 * shared) / (one.size + other.size)
}

function sharedSentences(own: Uint32Array, theirs: Uint32Array): number {
  const known = new Set(theirs)
  return own.length === 0 ? 0 : own.filter((sentence) => known.has(sentence)).length / own.length
}

function sharedNames(paths: readonly string[], others: readonly string[]): number {
  const names = new Set(others.map(baseName))
  const own = new Set(paths.map(baseName))
  return own.size === 0 ? 0 : [...own].filter((name) => names.has(name)).length / own.size
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function mailOf(author: string): string {
  return (/<([^>]*)>/.exec(author)?.[1] ?? author).toLowerCase()
}
