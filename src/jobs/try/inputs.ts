/** What an attempt is made of, to know one that need not be made again. */

import type { Config } from '../../model/config.ts'
import type { JobContext } from '../../model/job.ts'
import { summaryOf } from '../../model/patch.ts'
import type { PatchQueue } from '../../model/queue.ts'
import { hashOfInputs } from '../../record/attempt-inputs.ts'
import { resolveCommits } from '../../upstream/history.ts'
import type { TryContext, TryOptions } from './try-queue.ts'

/** A hash over all that decides what an attempt says; where it is the same, the same would come out. */
export async function inputsOf(
  queue: PatchQueue,
  { upstream, base, baseFound, onto, config: { file, retire } }: TryOptions & { config: Config },
  { scratch, overrules, resolutions }: TryContext,
  { build }: JobContext,
): Promise<string> {
  const { patches, ...summary } = queue
  const digests = new Set(patches.map(({ digest }) => digest))
  // Refs are in the fingerprint; a commit that is named may come and go without one.
  const references = patches.flatMap(({ header }) => header.references.map(({ sha }) => sha))
  const named = new Set([onto, ...(base === null ? [] : [base]), ...references])
  return hashOfInputs({
    build,
    upstream: [upstream, scratch.fingerprint, await resolveCommits(scratch, [...named])],
    queue: [summary, patches.map((patch) => [summaryOf(patch), patch.warnings])],
    releases: [base, baseFound ?? null, onto],
    retire: [file, [...retire]],
    answers: [...overrules].filter(([digest]) => digests.has(digest)),
    resolutions,
  })
}
