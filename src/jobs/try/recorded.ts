/** Takes an attempt out of the record, where it would only be made again. */
import { treeOf } from '../../git/tree.ts'
import type { RebuiltPatch, RecordedAttempt } from '../../model/attempt.ts'
import type { Config } from '../../model/config.ts'
import type { PatchQueue } from '../../model/queue.ts'
import type { TreeEntries } from '../../model/tree.ts'
import { loadAttemptOf } from '../../record/attempt-inputs.ts'
import { listAttempts } from '../../record/attempts.ts'
import type { Connection } from '../../record/database.ts'
import { placesOf } from '../../record/queue-names.ts'
import { type Retirements, retirementsOf } from './retire.ts'
import type { TryContext } from './try-queue.ts'

/** A recorded attempt, with what a new one would have left in the cache. */
interface RecordedTry {
  attempt: RecordedAttempt
  entries: TreeEntries
  rebuilt: readonly RebuiltPatch[]
  retirements: Retirements
}

/**
 * The newest attempt of the queue, if it was made of the same inputs, and the cache has what it left
 * there; else null. An older one is not taken: other commands are about the newest.
 */
export async function takeRecorded(
  queue: PatchQueue,
  inputs: string,
  { config }: { config: Config },
  { database, tools: { scratch, cache, prepared } }: { database: Connection; tools: TryContext },
): Promise<RecordedTry | null> {
  const places = placesOf(database, queue.source)
  const newest = listAttempts(database).findLast(({ source }) => places.includes(source))
  const attempt = newest ? loadAttemptOf(database, newest.id, inputs) : null
  if (!attempt) return null
  const { base, target } = attempt
  const known = prepared.load(queue.revision, base.commit)
  if (!known || !cache.history({ base: base.commit, target: target.commit })) return null
  const retirements = await retirementsOf(queue, config, attempt, scratch)
  return { attempt, entries: await treeOf(scratch, base.commit), rebuilt: known.rebuilt, retirements }
}
