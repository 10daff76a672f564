/** On which upstream release each revision of a queue sits, where its files do not say it. Pure. */
import type { QueueRevision } from '../../model/life.ts'
import { isOfRelease, toVersion } from '../../model/version.ts'

/** What else is known of bases. */
export interface OtherBases {
  /** What a person said, by commit. */
  given: ReadonlyMap<string, string>
  /** Tags of the queue's own repository, by commit. */
  tags: ReadonlyMap<string, string>
  /** Of revisions that were read before, by commit. */
  known: ReadonlyMap<string, Based>
}

/** A release behind the words that lead to it, with a name in front: "Xen 4.5", "v6.1", "4.4-rc4". */
const RELEASE = String.raw`(?:[A-Za-z]+[- ])?(v?\d+\.\d+[\w.~+-]*)`

/** What follows a release in the name of a branch or a repository: "xen-4.5.pg.git". */
const SUFFIX = /(?:\.[A-Za-z]+)*\.?$/

/** So much of a subject is read: nobody names a release later. */
const MAX_SUBJECT = 300

/** Words that say to which release the queue goes, or on which it is now. */
const SAYS_RELEASE = [
  // "Rebase to 4.19.5", "update onto v6.1"
  String.raw`\b(?:re-?base|update|upgrade|bump|move|port|switch)\w*\b[^\n]*?\b(?:to|onto|on)\b\s+${RELEASE}`,
  // "Resync with upstream, now at 4.4-rc4"
  String.raw`\bnow (?:at|on)\s+${RELEASE}`,
].map((words) => new RegExp(words, 'i'))

/** Words that name a line of releases: they say nothing new of a queue that is on one of them. */
const SAYS_LINE = [
  // "Merge 4.3 changes into 4.4"
  String.raw`^merge\b[^\n]*\binto\s+${RELEASE}`,
  // "Xen-4.6 - Port patches for upstream"
  String.raw`\b${RELEASE}\s*[-:]\s+(?:forward[- ])?(?:port|re-?base)\b`,
].map((words) => new RegExp(words, 'i'))

type Based = Pick<QueueRevision, 'base' | 'baseFrom'>

/** A revision that was settled, and what its own files say of its base. */
interface Settled extends Based {
  own: string | null
}

/**
 * The revisions with their bases, parents before children. What a person said, and what a tag or a
 * message says, holds until a later revision says another.
 */
export function settleBases(revisions: readonly QueueRevision[], others: OtherBases): QueueRevision[] {
  const settled = new Map<string, Settled>()
  for (const [sha, { base, baseFrom }] of others.known) {
    const isOwn = baseFrom !== MESSAGE && !baseFrom?.startsWith(TAG)
    settled.set(sha, { own: isOwn ? base : null, base, baseFrom })
  }
  return revisions.map((revision) => {
    const before = settled.get(revision.parent ?? '')
    const found = baseOf(revision, before, others)
    settled.set(revision.sha, { own: revision.base, ...found })
    return { ...revision, ...found }
  })
}

const GIVEN = 'given'
const TAG = 'tag '
const MESSAGE = "the commit's message"

function baseOf(revision: QueueRevision, before: Settled | undefined, { given, tags }: OtherBases): Based {
  const { sha, base, baseFrom, subject } = revision
  const said = given.get(sha)
  if (said !== undefined) return { base: said, baseFrom: GIVEN }
  const isAsBefore = before !== undefined && before.own === base
  if (base !== null)
    return isAsBefore && before.baseFrom === GIVEN ? { base: before.base, baseFrom: GIVEN } : { base, baseFrom }
  const tag = tags.get(sha)
  if (tag !== undefined && toVersion(tag) !== null) return { base: tag, baseFrom: `${TAG}${tag}` }
  const named = releaseIn(subject, SAYS_RELEASE) ?? lineIn(subject, before?.base ?? null)
  if (named !== null) return { base: named, baseFrom: MESSAGE }
  return isAsBefore ? { base: before.base, baseFrom: before.baseFrom } : { base, baseFrom }
}

/** The release that a message names in such words; null where it names none. */
function releaseIn(subject: string, said: readonly RegExp[]): string | null {
  for (const words of said) {
    const [, named] = words.exec(subject.slice(0, MAX_SUBJECT)) ?? []
    if (named !== undefined) return named.replace(SUFFIX, '')
  }
  return null
}

/** The line of releases that a message names; null where the queue is on one of them already. */
function lineIn(subject: string, before: string | null): string | null {
  const line = releaseIn(subject, SAYS_LINE)
  return line !== null && before !== null && isOfRelease(before, line) ? null : line
}
