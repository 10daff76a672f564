/** One attempt as it is to be recorded: with its times, and the bytes of its patches. */
import type { Attempt, Timing } from '../../model/attempt.ts'
import type { Config } from '../../model/config.ts'
import type { JobContext } from '../../model/job.ts'
import type { Problem } from '../../model/patch.ts'
import type { PatchQueue, UpstreamAddress } from '../../model/queue.ts'
import { type Retirements, retirementNotes, retirementsOf } from './retire.ts'
import { type Tried, type TryContext, type TryOptions, tryQueue } from './try-queue.ts'

/** An attempt that nothing holds yet. */
export interface MadeAttempt {
  attempt: Attempt
  timing: Timing
  /** The bytes of its patches, by digest. */
  contents: ReadonlyMap<string, Uint8Array>
  tried: Tried
  /** Whether patches are to go, by their own words. */
  retirements: Retirements
}

export async function makeAttempt(
  queue: PatchQueue,
  { config, ...options }: TryOptions & { config: Config },
  tools: TryContext,
  { now, version }: JobContext,
): Promise<MadeAttempt> {
  const started = now()
  const tried = await tryQueue(queue, options, tools)
  const timing = {
    startedAt: new Date(started).toISOString(),
    durationMs: now() - started,
    toolVersion: version,
  }
  const contents = new Map(queue.patches.map(({ digest, bytes }) => [digest, bytes]))
  const retirements = await retirementsOf(queue, config, tried.attempt, tools.scratch)
  const noted = withNotes(tried.attempt, retirementNotes(queue, config, retirements))
  const attempt = tools.scratch.detail === 'releases' ? withReleasesNote(noted, queue.address) : noted
  return { attempt, timing, contents, tried, retirements }
}

/** Says what is not known of an upstream that came as tarballs, and the way to more. */
function withReleasesNote(attempt: Attempt, address: UpstreamAddress | null): Attempt {
  const { queue, results } = attempt
  const open = results.filter(({ verdict: { action, kind } }) => {
    return action === 'review' || kind === 'conflicting' || kind === 'blocked'
  })
  const message = 'only releases are known, from tarballs: no commit and no culprit can be named'
  const clone = address ? `a clone of ${address.url}` : 'a clone of the project'
  const hint = `with ${clone}, and --upstream, more can be told of ${open.length}`
  const note = { file: address?.file ?? queue.source, line: address?.line ?? null, message, hint }
  return withNotes(attempt, [note])
}

function withNotes(attempt: Attempt, notes: readonly Problem[]): Attempt {
  const { queue } = attempt
  return { ...attempt, queue: { ...queue, notes: [...notes, ...queue.notes] } }
}
