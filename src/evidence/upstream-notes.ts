/** What the messages of all of an upstream's commits say, read once for each state of its branches. */
import { UserError } from '../errors.ts'
import type { Scratch } from '../git/scratch.ts'
import type { CommitCache } from '../model/commit-history.ts'
import type { Progress } from '../model/progress.ts'
import type { UpstreamNotes } from '../model/upstream-notes.ts'
import { readRefs, scanNotes } from '../upstream/scan-notes.ts'

/** Counts every change of what is read from a message. */
const RULES = 1

/** @throws UserError where the upstream has no history of commits. */
export async function readUpstreamNotes(
  scratch: Scratch,
  cache: CommitCache,
  progress: Progress,
): Promise<UpstreamNotes> {
  if (scratch.detail === 'releases')
    throw new UserError(
      'fixes are told from the history of commits, and only releases are known here, from tarballs',
      'name a clone of the project with --upstream',
    )
  const { branches, tips, version } = await readRefs(scratch)
  const key = `${RULES} ${version}`
  const known = cache.notes(key)
  if (known) return { commits: known, branches }
  progress('reading what upstream says of its commits')
  const commits = await scanNotes(scratch, tips)
  await cache.saveNotes(key, commits)
  return { commits, branches }
}
