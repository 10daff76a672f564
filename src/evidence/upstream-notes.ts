/** What the messages of all of an upstream's commits say, read once for each state of its branches. */
import { UserError } from '../errors.ts'
import type { Scratch } from '../git/scratch.ts'
import type { CommitCache } from '../model/commit-history.ts'
import type { Progress } from '../model/progress.ts'
import type { NotedCommit, UpstreamNotes } from '../model/upstream-notes.ts'
import { fingerprintOf, readRefs, scanNotes } from '../upstream/scan-notes.ts'

/** Counts every change of what is read from a message. */
const RULES = 1

/**
 * `also`: commits that are to be among them, whether a branch has them or not.
 *
 * @throws UserError where the upstream has no history of commits.
 */
export async function readUpstreamNotes(
  scratch: Scratch,
  cache: CommitCache,
  progress: Progress,
  also: readonly string[],
): Promise<UpstreamNotes> {
  if (scratch.detail === 'releases')
    throw new UserError(
      'fixes are told from the history of commits, and only releases are known here, from tarballs',
      'name a clone of the project with --upstream',
    )
  const { branches, tips } = await readRefs(scratch)
  const commits = await readCommits(scratch, cache, progress, tips)
  const known = new Set(commits.map(({ sha }) => sha))
  const apart = also.filter((sha) => !known.has(sha))
  if (apart.length === 0) return { commits, branches }
  return { commits: await readCommits(scratch, cache, progress, [...tips, ...apart]), branches }
}

async function readCommits(
  scratch: Scratch,
  cache: CommitCache,
  progress: Progress,
  tips: readonly string[],
): Promise<NotedCommit[]> {
  const version = `${RULES} ${fingerprintOf(tips)}`
  const known = cache.notes(version)
  if (known) return known
  progress('reading what upstream says of its commits')
  const commits = await scanNotes(scratch, tips)
  await cache.saveNotes(version, commits)
  return commits
}
