/** Finds the commits whose changed lines are most like a patch's, among thousands, and says how alike they are. Pure. */
import type { IndexedCommit } from '../model/history.ts'
import { HashIndex } from './hash-index.ts'
import type { ChangedLines } from './lines.ts'

/** What of a patch is compared. */
export interface Subject {
  lines: ChangedLines
  subject: string | null
  author: string | null
  paths: readonly string[]
  /** The sentences of its header, see `hashMessage`. */
  message: Uint32Array
}

/** How one commit, or several taken together, compare with a patch, every figure 0..1. */
export interface Likeness {
  /** Best first, where there are several. */
  commits: IndexedCommit[]
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

/**
 * One list per patch, in no particular order: the commits that share some telling line, or the subject's words; and where several commits
 * together are more like the patch than any of them, these together. `lines`: the index of all patches' lines.
 */
export function findAlike(
  patches: readonly Subject[],
  commits: readonly IndexedCommit[],
  lines: HashIndex,
): Likeness[][] {
  const messages = new HashIndex(
    patches.flatMap((patch) => [...patch.message]),
    commits,
    (commit) => commit.message,
  )
  const bySubject = wordIndex(commits)
  const comparer = new Comparer(commits.length, lines)
  const alike = patches.map((patch) => {
    const sentences = byHashes(patch.message, messages, () => 1)
    const ownLines = byHashes(patch.lines.keys(), lines, (line) => comparer.weightOf(line))
    const shortList = new Set([...ownLines, ...bySubject(patch.subject), ...sentences])
    return [...shortList].flatMap((at) => {
      const commit = commits[at]
      return commit ? [comparer.compare(patch, [commit])] : []
    })
  })
  shareCommits(patches, alike, comparer)
  return patches.map((patch, at) => {
    const single = alike[at] ?? []
    const together = joinParts(patch, single, comparer)
    return together ? [...single, together] : single
  })
}

/** Where several patches landed as one commit, it holds much that is in none of them alone: what counts is how much is in them all. */
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

/** The commits that hold the patch together, each of them a part of it in its turn; null where one alone holds it, or none. */
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

/** The places with the highest scores, best first; of equals the first. Few of thousands: they need not all be put in order. */
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

/** Compares patches with commits. `lines`: the index of the patches' lines among the commits, of which there are `commitCount`. */
class Comparer {
  readonly #commitCount: number
  readonly #lines: HashIndex
  // The same patches and authors come up again and again.
  readonly #traits = new Map<Subject, Traits>()
  readonly #mails = new Map<string, string>()

  constructor(commitCount: number, lines: HashIndex) {
    this.#commitCount = commitCount
    this.#lines = lines
  }

  /** How much a line tells: the fewer commits change it, the more. */
  weightOf(line: number): number {
    return Math.log((this.#commitCount + 1) / (this.#lines.commitsWith(line).length + 1)) + 0.1
  }

  /** Share, 0..1, of the commits' lines that are among these. */
  converseOf(lines: ChangedLines, commits: readonly IndexedCommit[]): number {
    return this.#shared(lines, commits).length / sizeOf(commits)
  }

  /** Several commits are taken as if they had been one. */
  compare(patch: Subject, commits: IndexedCommit[]): Likeness {
    const { weight, mail, names } = this.#traitsOf(patch)
    const shared = this.#shared(patch.lines, commits)
    return {
      commits,
      coverage: weight === 0 ? 0 : shared.reduce((sum, line) => sum + this.weightOf(line), 0) / weight,
      converse: shared.length / sizeOf(commits),
      subject: Math.max(...commits.map((commit) => sharedWords(patch.subject, commit.subject))),
      message: sharedSentences(patch.message, commits),
      paths: sharedNames(names, commits),
      author: mail !== '' && commits.some(({ author }) => this.#mailOf(author) === mail) ? 1 : 0,
    }
  }

  /** The lines that are among these and in the commits, each as often as it is in both. */
  #shared(lines: ChangedLines, commits: readonly IndexedCommit[]): number[] {
    const counts = new Map<number, number>()
    const shared: number[] = []
    for (const commit of commits) {
      for (const line of this.#lines.heldBy(commit)) {
        const most = lines.get(line)
        if (most === undefined) continue
        const count = (counts.get(line) ?? 0) + 1
        if (count > most) continue
        counts.set(line, count)
        shared.push(line)
      }
    }
    return shared
  }

  #traitsOf(patch: Subject): Traits {
    const known = this.#traits.get(patch)
    if (known) return known
    const weight = [...patch.lines].reduce((sum, [line, times]) => sum + times * this.weightOf(line), 0)
    const traits = { weight, mail: this.#mailOf(patch.author ?? ''), names: new Set(patch.paths.map(baseName)) }
    this.#traits.set(patch, traits)
    return traits
  }

  #mailOf(author: string): string {
    const mail = this.#mails.get(author) ?? mailOf(author)
    this.#mails.set(author, mail)
    return mail
  }
}

/** Lines that commits change; one where they change none, to divide by. */
function sizeOf(commits: readonly IndexedCommit[]): number {
  let size = 0
  for (const { lines } of commits) size += lines.length
  return Math.max(1, size)
}

/** What every comparison needs of a patch: the weight of all its lines, its author's address, the base names of its files. */
interface Traits {
  weight: number
  mail: string
  names: ReadonlySet<string>
}

/** The same subjects are compared again and again. */
const knownWords = new Map<string, ReadonlySet<string>>()

function wordsOf(subject: string | null): ReadonlySet<string> {
  const known = knownWords.get(subject ?? '')
  if (known) return known
  const words = new Set(subject?.toLowerCase().match(/[a-z0-9_]+/g) ?? [])
  knownWords.set(subject ?? '', words)
  return words
}

/** Dice's coefficient of the two sets of words. */
function sharedWords(left: string | null, right: string): number {
  const [one, other] = [wordsOf(left), wordsOf(right)]
  let shared = 0
  for (const word of one) if (other.has(word)) shared++
  return shared === 0 ? 0 : (2 * shared) / (one.size + other.size)
}

function sharedSentences(own: Uint32Array, commits: readonly IndexedCommit[]): number {
  let shared = 0
  for (const sentence of own) if (commits.some(({ message }) => message.includes(sentence))) shared++
  return shared === 0 ? 0 : shared / own.length
}

function sharedNames(own: ReadonlySet<string>, commits: readonly IndexedCommit[]): number {
  const shared = new Set<string>()
  for (const commit of commits) {
    for (const path of commit.paths) {
      const name = baseName(path)
      if (own.has(name)) shared.add(name)
    }
  }
  return own.size === 0 ? 0 : shared.size / own.size
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function mailOf(author: string): string {
  return (/<([^<>]*)>/.exec(author)?.[1] ?? author).toLowerCase()
}
