/** What hands out the items of a scan: a lease table on one machine, an engine for many. */
import type { ScanItem } from '../model/scan.ts'
import type { AttemptDocument } from '../record/attempt-document.ts'

/** An item that one worker has. */
export interface Taken {
  item: ScanItem
}

/** As a worker sees it. `One`: what the queue needs to know of an item that is taken. */
export interface WorkQueue<One extends Taken = Taken> {
  /** Waits for an item, of the upstream of that key if there is one; null where nothing is left. */
  take: (upstream: string | null) => Promise<One | null>
  /** Says that it is still worked on. */
  renew: (taken: One) => Promise<void>
  /** Hands over what came of it; nothing happens where it is another's by now. */
  done: (taken: One, document: AttemptDocument) => Promise<void>
  /** Has it tried again later, or sets it aside where that was in vain before. */
  fail: (taken: One, failure: Failure) => Promise<void>
}

/** Why an item could not be tried. */
export interface Failure {
  message: string
  hint: string
}

/** Milliseconds that an item is one worker's after its last sign of life. */
export const LEASE = 30_000
/** So often an item is tried, with so many milliseconds between the first two times. */
export const TRIES = 3
export const BACKOFF = 200
