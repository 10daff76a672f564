/** Names the commit that broke a patch since it was tried before: one of those that came since. */
import { UserError } from '../errors.ts'
import type { Scratch } from '../git/scratch.ts'
import type { JobContext } from '../model/job.ts'
import type { ChangedVerdict, DoingCommit } from '../model/scan.ts'
import type { RecordedChange } from '../record/scan-changes.ts'
import { notHeldBy } from '../upstream/history.ts'
import { resolveCommit } from '../upstream/resolve.ts'
import { recordedUpstream, withScratch } from '../workspace/scratch.ts'

export async function nameBreakers(changes: readonly RecordedChange[], context: JobContext): Promise<ChangedVerdict[]> {
  const doers = new Map<RecordedChange, DoingCommit>()
  const open = changes.filter(({ suspects }) => suspects.length > 1)
  for (const upstream of new Set(open.map((change) => change.upstream)))
    await withUpstream(upstream, context, async (scratch) => {
      for (const change of open.filter((one) => one.upstream === upstream)) {
        const doer = await newestOf(change, scratch)
        if (doer) doers.set(change, doer)
      }
    })
  return changes.map((change) => {
    const { suspects, since: _, upstream: __, ...told } = change
    return { ...told, commit: doers.get(change) ?? suspects[0] ?? null }
  })
}

/** The likeliest of those that came since; none where upstream has lost what it was tried on then. */
async function newestOf({ suspects, since }: RecordedChange, scratch: Scratch): Promise<DoingCommit | undefined> {
  if ((await resolveCommit(scratch, since)) === null) return undefined
  const [newest] = await notHeldBy(
    scratch,
    since,
    suspects.map(({ sha }) => sha),
  )
  return suspects.find(({ sha }) => sha === newest)
}

/** Of an upstream that is not at hand any more nothing is asked. */
async function withUpstream(
  upstream: string,
  context: JobContext,
  use: (scratch: Scratch) => Promise<void>,
): Promise<void> {
  try {
    await withScratch({ upstream: recordedUpstream(upstream, context) }, context, use)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
}
