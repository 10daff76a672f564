/** What a person who is typing a command may mean: releases, attempts, patches. */
import { UserError } from '../errors.ts'
import type { JobContext } from '../model/job.ts'
import { listSummaries } from '../record/attempts.ts'
import { listTags } from '../upstream/releases.ts'
import { upstreamFor } from '../workspace/config.ts'
import { attemptAtHand } from '../workspace/desk.ts'
import { attemptsOf } from '../workspace/queue-place.ts'
import { type Place, withRecord } from '../workspace/record.ts'
import { isUnfetched, recordedUpstream, withScratch } from '../workspace/scratch.ts'

/** What is sought: the upstream's tags, the queue's attempts, the patches of the newest. */
export type Sought = 'release' | 'attempt' | 'patch'

/** A word, and what it means. */
export interface Candidate {
  value: string
  description: string
}

/** What was typed already of where things are. */
export interface TypedPlace extends Place {
  upstream?: string
}

/** None where anything is missing: nobody wants to read an error while typing. */
export async function candidatesFor(sought: Sought, place: TypedPlace, context: JobContext): Promise<Candidate[]> {
  try {
    return await SEEKERS[sought](place, context)
  } catch (error) {
    if (error instanceof UserError) return []
    throw error
  }
}

const SEEKERS: Readonly<Record<Sought, (place: TypedPlace, context: JobContext) => Promise<Candidate[]>>> = {
  release: seekReleases,
  attempt: seekAttempts,
  patch: seekPatches,
}

/** Of the upstream that is typed, that the config names, or that the newest attempt was made with. */
async function seekReleases({ upstream, ...place }: TypedPlace, context: JobContext): Promise<Candidate[]> {
  const named = await upstreamOf(upstream ?? null, place, context)
  if (isUnfetched(named, context)) return []
  return await withScratch({ upstream: recordedUpstream(named, context) }, context, async (scratch) => {
    const tags = await listTags(scratch)
    return tags.map(({ name, time }) => ({
      value: name,
      description: new Date(time * 1000).toISOString().slice(0, 10),
    }))
  })
}

async function upstreamOf(named: string | null, place: Place, context: JobContext): Promise<string> {
  try {
    return await upstreamFor(named, place, context)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return await withRecord(place, 'read', context, async (database) => {
      return (await attemptAtHand(database, place, context)).upstream
    })
  }
}

function seekAttempts(place: Place, context: JobContext): Promise<Candidate[]> {
  return withRecord(place, 'read', context, async (database) => {
    const { attempts } = await attemptsOf(database, place, context)
    const summaries = listSummaries(
      database,
      attempts.map(({ id }) => id),
    )
    return summaries.map(({ id, base, target }) => ({ value: `@${id}`, description: `${base.ref} -> ${target.ref}` }))
  })
}

function seekPatches(place: Place, context: JobContext): Promise<Candidate[]> {
  return withRecord(place, 'read', context, async (database) => {
    const { results } = await attemptAtHand(database, place, context)
    return results.map(({ patch, verdict }) => ({ value: patch.name, description: verdict.kind }))
  })
}
