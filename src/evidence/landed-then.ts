/** Changes that landed by the patch's own commit, whatever upstream made of them since. */
import type { Scratch } from '../git/scratch.ts'
import type { ByteString } from '../model/bytes.ts'
import { changesIn, losesNothing } from '../model/fate.ts'
import type { Signal, UpstreamFinding } from '../model/finding.ts'
import type { Patch } from '../model/patch.ts'
import { hasTextFromBefore, isMadeBy, isMadeLike } from '../patch/account/landed-then.ts'
import { type ChangedFile, filesOfCommit } from './explain-conflicts.ts'

/** What ties a commit to a patch by more than its lines. */
const TIES: readonly Signal[] = ['trailer', 'name', 'patch-id', 'subject']
/** By these the patch says itself that it is a backport of the commit. */
const BACKPORTS: readonly Signal[] = ['trailer', 'name']

/**
 * For each change of a patch, in its order: the commit that made it; null where none did, or where
 * the target may have the text from before again. `target`: the lines of a file that the patch names.
 */
export async function landedThen(
  scratch: Scratch,
  patch: Patch,
  { status, commits, fates }: UpstreamFinding,
  target: (path: ByteString) => Promise<readonly ByteString[]>,
): Promise<(string | null)[]> {
  const changes = changesIn(patch)
  const tied = status === 'reverted' ? [] : commits.filter(({ signals }) => signals.some((one) => TIES.includes(one)))
  if (tied.length === 0 || fates.every(losesNothing)) return changes.map(() => null)
  const made = await Promise.all(
    tied.map(async ({ sha, signals }) => {
      const isBackport = signals.some((one) => BACKPORTS.includes(one))
      return { sha, isBackport, files: await filesOfCommit(scratch, sha) }
    }),
  )
  return await Promise.all(
    changes.map(async ({ file, hunk: number }) => {
      const hunk = file.body.kind === 'text' && number !== null ? file.body.hunks[number - 1] : undefined
      if (!hunk) return null
      const names = [file.oldPath, file.newPath]
      const by =
        made.find(({ files }) => isMadeBy(hunk, hunksOf(files, names))) ??
        made.find(({ files, isBackport }) => isBackport && isMadeLike(hunk, hunksOf(files, names)))
      const path = file.newPath ?? file.oldPath
      if (!by || path === null) return null
      return hasTextFromBefore(hunk, await target(path)) ? null : by.sha
    }),
  )
}

function hunksOf(files: readonly ChangedFile[], names: readonly (ByteString | null)[]) {
  return files.filter(({ paths }) => paths.some((path) => names.includes(path))).flatMap(({ hunks }) => hunks)
}
