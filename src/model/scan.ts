/** Many queues: a portfolio of them, and the items of work that it makes. */
import type { Summary } from './attempt.ts'
import type { NumberlessOverrule } from './overrule.ts'
import type { FormatName } from './queue.ts'

/** A queue of a portfolio, and what it is tried on. */
export interface PortfolioQueue {
  /** What it is called there; no two have the same. */
  name: string
  /** An absolute path. */
  queue: string
  /** A URL, or a path from where the portfolio is. */
  upstream: string
  /** Null: find it. */
  base: string | null
  /** Tags, branches, commits, globs of tags. */
  onto: readonly string[]
  guards: readonly string[]
  /** Null: told by content. */
  format: FormatName | null
}

/** Many queues, and where they are listed. */
export interface Portfolio {
  /** The file or directory that lists them: an absolute path. */
  source: string
  queues: readonly PortfolioQueue[]
}

/** One queue revision on one release: all that a worker needs to know, wherever it runs. */
export interface ScanItem extends Omit<PortfolioQueue, 'onto'> {
  /** SHA-256 over what decides the result. */
  key: string
  /** An absolute path, or a URL without a password. */
  upstream: string
  /** "sha256:…": the queue as it stood when the item was made. */
  revision: string
  /** A tag, a branch or a commit. */
  onto: string
  /** The commit that it named when the item was made. */
  target: string
  /** People's answers on patches of the queue. */
  answers: readonly NumberlessOverrule[]
}

/** A part of a portfolio: the `index`-th of `count`, from 1. */
export interface Shard {
  index: number
  count: number
}

/** Something that could not be done, and the way out. */
export interface ScanProblem {
  name: string
  /** Null where it is the same for all releases. */
  onto: string | null
  message: string
  hint: string
}

/** How many items of a portfolio are in each state. */
export interface ScanCounts {
  waiting: number
  taken: number
  done: number
  failed: number
}

/** What came of a scan. */
export interface Scanned {
  portfolio: string
  /** Queues on releases, as far as they could be planned. */
  items: number
  /** Of these were tried now, and are done as a whole. */
  tried: number
  done: number
  /** The verdicts of all that are done. */
  summary: Summary
  /** What could not be planned or tried. */
  problems: ScanProblem[]
}
