/**
 * Says how alike a patch and a commit are, and how probable that makes it that the one is the
 * other. Pure.
 */
import { subjectWords } from '../model/commit-keys.ts'
import type { IndexedCommit } from '../model/history.ts'
import { baseName } from '../model/paths.ts'
import type { ChangedLines } from '../patch/lines.ts'
import type { HashIndex } from './hash-index.ts'

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
  /**
   * Share of the patch's lines that the commit changes alike; a line that many commits change
   * counts little.
   */
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
 * How probable it is that a commit which looks like this is the patch's own, 0..1: a logistic
 * model, fitted on 600 backports of Xen (with and without their subjects) and 90 of XenServer's own
 * patches, and checked on 90 others. At one half it made no mistake on any of them; no weight is
 * negative, so that more in common never counts against a commit.
 */
export function likelihoodOf(likeness: Likeness, lineCount: number): number {
  const { coverage, converse, subject, message, paths, author } = likeness
  const mutual = coverage + converse === 0 ? 0 : (2 * coverage * converse) / (coverage + converse)
  // The same share of a long patch says more; containment in a larger commit, or of a smaller one,
  // says almost as much as equality.
  const size = Math.log1p(Math.min(lineCount, 200)) / 5.3
  const text = 8.08 * mutual + 8.33 * size * Math.max(coverage, 0.8 * converse)
  const words = 12.68 * message + 0.86 * subject + (subject === 1 ? 4.17 : 0)
  return 1 / (1 + Math.exp(9.54 - text - words - 1.63 * paths - 1.06 * author))
}

/**
 * Compares patches with commits. `lines`: the index of the patches' lines among the commits, of
 * which there are `commitCount`.
 */
export class Comparer {
  readonly #commitCount: number
  readonly #lines: HashIndex
  // The same patches, authors and subjects come up again and again.
  readonly #traits = new Map<Subject, Traits>()
  readonly #mails = new Map<string, string>()
  readonly #words = new Map<string, ReadonlySet<string>>()

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
      subject: Math.max(...commits.map((commit) => this.#sharedWords(patch.subject, commit.subject))),
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

  /** Dice's coefficient of the two sets of words. */
  #sharedWords(left: string | null, right: string): number {
    const [one, other] = [this.#wordsOf(left ?? ''), this.#wordsOf(right)]
    let shared = 0
    for (const word of one) if (other.has(word)) shared++
    return shared === 0 ? 0 : (2 * shared) / (one.size + other.size)
  }

  #wordsOf(subject: string): ReadonlySet<string> {
    const words = this.#words.get(subject) ?? subjectWords(subject)
    this.#words.set(subject, words)
    return words
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

/**
 * What every comparison needs of a patch: the weight of all its lines, its author's address, the
 * base names of its files.
 */
interface Traits {
  weight: number
  mail: string
  names: ReadonlySet<string>
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

function mailOf(author: string): string {
  return (/<([^<>]*)>/.exec(author)?.[1] ?? author).toLowerCase()
}
