/** What `init` finds out about a queue. */
import type { Base } from './attempt.ts'
import type { FormatName, UpstreamAddress } from './queue.ts'

/** An upstream, as the config is to name it, and how it was found. */
export interface FoundUpstream {
  /** A path from the config's directory, or a URL. */
  name: string
  how:
    | { kind: 'given' }
    /** The repository that holds the queue as commits, or the upstream's files beside it. */
    | { kind: 'own' }
    /** A clone nearby: so many of the files that the queue changes are in it. */
    | { kind: 'clone'; held: number; asked: number }
    | { kind: 'tarballs'; releases: number }
    /** What packages the queue names it; it was not fetched. */
    | { kind: 'address'; address: UpstreamAddress }
}

/** The tags of an upstream that are releases. */
export interface ReleaseTags {
  /** The glob that they fit. */
  pattern: string
  /** How many there are; 0 where the upstream is not at hand, or none fits. */
  count: number
  newest: string | null
}

/** All that a config can say. */
export interface QueueFacts {
  /** The name that a person gives it; null where none is given. */
  name: string | null
  /** What it is called where it has none. */
  called: string
  /** As the config is to name it: from its directory. */
  queue: string
  format: FormatName
  /** Whether a person named the format. */
  isFormatGiven: boolean
  patches: number
  /** The names of its sections, in their order. */
  sections: readonly string[]
  upstream: FoundUpstream | null
  /** Other clones that hold as much, as the config would name them. */
  others: readonly string[]
  /** What packages the queue names as the upstream's repository. */
  address: UpstreamAddress | null
  base: Pick<Base, 'ref' | 'found'> | null
  tags: ReleaseTags | null
}

/** A config that was written. */
export interface WrittenConfig extends QueueFacts {
  file: string
}
