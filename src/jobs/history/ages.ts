/** How old the patches of a queue are, by its own history, which is read first. */
import { UserError } from '../../errors.ts'
import type { PastAges } from '../../model/audit.ts'
import type { JobContext } from '../../model/job.ts'
import type { FormatName } from '../../model/queue.ts'
import { locateQueue } from '../../queue/locate.ts'
import { loadPastTrials } from '../../record/past-trials.ts'
import { placesOf } from '../../record/queue-names.ts'
import { agesIn } from '../../trend/ages.ts'
import { storyOf } from '../../trend/story.ts'
import { ownLifeOf } from '../../workspace/queue-life.ts'
import { queueToTry } from '../../workspace/queue-place.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import { repositoryAround } from '../../workspace/repository-around.ts'
import { importLife } from './import-life.ts'

export interface AgesRequest extends Place {
  format: FormatName | null
}

export async function tellAges(request: AgesRequest, context: JobContext): Promise<PastAges> {
  const { source } = await locateQueue(await queueToTry(request, context), request.format)
  const place = { ...request, queue: source }
  const repository = source.includes('#') ? null : repositoryAround(source)
  if (repository !== null) await importQuietly({ ...place, repository }, context)
  return withRecord(place, 'write', context, async (database) => {
    const found = ownLifeOf(database, source)
    if (!found) return { ages: new Map(), isWhole: true }
    const { queue, cuts } = found.life
    const trials = queue === null ? [] : loadPastTrials(database, placesOf(database, queue))
    const story = storyOf(found.life, found.branches)
    return { ages: agesIn(story, trials, context.now() / 1000), isWhole: cuts.length === 0 }
  })
}

/** What cannot be imported has no ages; the audit goes on. */
async function importQuietly(place: Place & { repository: string }, context: JobContext): Promise<void> {
  try {
    await importLife({ ...place, branches: [], bases: [] }, context)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    context.warn(`the history of the queue cannot be read, and no age is known: ${error.message}`)
  }
}
