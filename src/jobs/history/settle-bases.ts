/** On which upstream release each revision of a queue sits, where its files do not say it. Pure. */
import type { QueueRevision } from '../../model/life.ts'
import { toVersion } from '../../model/version.ts'

/** What else is known of bases. */
export interface OtherBases {
  /** What a person said, by commit. */
  given: ReadonlyMap<string, string>
  /** Tags of the queue's own repository, by commit. */
  tags: ReadonlyMap<string, string>
  /** Of revisions that were read before, by commit. */
  known: ReadonlyMap<string, Based>
}

/** "Rebase to 4.19.5", "update onto v6.1": words that say that the queue goes to another release. */
const GOES_TO =
  /\b(?:re-?base|update|upgrade|bump|move|port|switch)\w*\b[^\n]*?\b(?:to|onto|on)\b\s+(?:[A-Za-z]+[- ])?(v?\d+\.\d+[\w.~+-]*)/i

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
  const [, named] = GOES_TO.exec(subject) ?? []
  if (named !== undefined) return { base: named, baseFrom: MESSAGE }
  return isAsBefore ? { base: before.base, baseFrom: before.baseFrom } : { base, baseFrom }
}
