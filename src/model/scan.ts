/** Many queues: a portfolio of them, and the items of work that it makes. */
import type { Action, Summary, VerdictKind } from './attempt.ts'
import type { NumberlessOverrule } from './overrule.ts'
import type { FormatName } from './queue.ts'
import type { GivenTarball } from './tarball.ts'

/** A queue of a portfolio, and what it is tried on. */
export interface PortfolioQueue {
  /** What it is called there; no two have the same. */
  name: string
  /** An absolute path. */
  queue: string
  /** A URL, a path from where the portfolio is, or the tarballs of releases. */
  upstream: string | readonly GivenTarball[]
  /** Null: find it. */
  base: string | null
  /** Tags, branches, commits, globs of tags. */
  onto: readonly string[]
  guards: readonly string[]
  /** Null: told by content. */
  format: FormatName | null
}

/** Where a scan leaves what changed, for other programs to send on. */
export interface Notifications {
  /** Files in the directory of the portfolio; null: none of the kind. */
  mbox: string | null
  json: string | null
  feed: string | null
  /** Who the mails are from. */
  from: string
  /** Who gets those about patches of which no owner has an address; null: nobody. */
  to: string | null
  /** Addresses by what a series calls an owner, or by the name of a queue. */
  owners: ReadonlyMap<string, string>
}

/** Many queues, and where they are listed. */
export interface Portfolio {
  /** The file or directory that lists them: an absolute path. */
  source: string
  queues: readonly PortfolioQueue[]
  /** What of it could not be read. */
  problems: readonly ScanProblem[]
  /** When it is to be scanned, as crontab(5) has it; null where it does not say. */
  schedule: string | null
  /** Null: nobody is told. */
  notifications: Notifications | null
}

/** One queue revision on one release: all that a worker needs to know, wherever it runs. */
export interface ScanItem extends Omit<PortfolioQueue, 'onto'> {
  /** SHA-256 over what decides the result. */
  key: string
  /** An absolute path, a URL without a password, or tarballs. */
  upstream: string | readonly GivenTarball[]
  /** "sha256:…": the queue as it stood when the item was made. */
  revision: string
  /** A tag, a branch or a commit. */
  onto: string
  /** The commit that it named when the item was made; null where tarballs say what it is. */
  target: string | null
  /** People's answers on patches of the queue. */
  answers: readonly NumberlessOverrule[]
}

/** By which items of the same upstream are known. */
export function upstreamKey({ upstream }: Pick<ScanItem, 'upstream'>): string {
  return typeof upstream === 'string' ? upstream : JSON.stringify(upstream)
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

/** What came of one queue on one release. */
export interface DoneItem {
  name: string
  onto: string
  /** Where its queue is. */
  source: string
  /** The attempt's number. */
  attempt: number
  /** Its patches by verdict, and by what is to be done. */
  summary: Summary
  actions: Partial<Record<Action, number>>
}

/**
 * What upstream did to a patch. `broke`: it needs a person now. `droppable`: it can be dropped now.
 * `lands`: it lands by itself again. `needed`: what could be dropped is needed again. `other`: what
 * needs a person does so in another way.
 */
export const CHANGE_KINDS = ['broke', 'droppable', 'needed', 'lands', 'other'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

const GONE: readonly VerdictKind[] = ['upstreamed', 'droppable']

/** What another verdict than before comes to. */
export function changeKind({ before, now }: { before: VerdictKind; now: VerdictKind }): ChangeKind {
  const [wasGone, isGone] = [GONE.includes(before), GONE.includes(now)]
  if (isGone) return wasGone ? 'other' : 'droppable'
  if (now === 'applies') return wasGone ? 'needed' : 'lands'
  return wasGone || before === 'applies' ? 'broke' : 'other'
}

/** An upstream commit that did something to a patch. */
export interface DoingCommit {
  sha: string
  subject: string
  /** "Name <address>"; known of one that broke a patch. */
  author: string | null
}

/** A patch with another verdict than at the attempt before, on what has the same name. */
export interface ChangedVerdict {
  /** The queue, and what it was tried on. */
  name: string
  onto: string
  attempt: number
  /** When that was tried: ISO 8601, UTC. */
  at: string
  position: number
  patch: string
  /** Who carries the patch, as its series says, and who made it; null where it is not told. */
  owner: string | null
  patchAuthor: string | null
  kind: ChangeKind
  before: VerdictKind
  now: VerdictKind
  /** The upstream commit that did it, as far as one is known: of those that came since, where one did. */
  commit: DoingCommit | null
  /** Whether no scan told it before. */
  isNew: boolean
}

/** What came of a scan. */
export interface Scanned {
  portfolio: string
  /** How many queues were planned. */
  queues: number
  /** How many attempts of them were planned, one for each release, and how many were made now. */
  planned: number
  tried: number
  /** How many queues carry no patch. */
  empty: number
  /** All that are done, of now and of before. */
  items: DoneItem[]
  /** Patches that upstream broke or took since the attempt before; their content is the same. */
  changes: ChangedVerdict[]
  /** What could not be planned or tried. */
  problems: ScanProblem[]
}
