/** A patch beside an upstream commit that may be its own. */
import { UserError } from '../../errors.ts'
import { runGit } from '../../git/process.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { Comparison } from '../../model/comparison.ts'
import type { Patch } from '../../model/patch.ts'
import { sideBySide } from '../../patch/compare/side-by-side.ts'
import { bareListing, readPatch } from '../../patch/read/read-patch.ts'
import { resolveCommit } from '../../upstream/resolve.ts'

/** @throws UserError where the upstream has no such commit. */
export async function comparePatch(scratch: Scratch, patch: Patch, commit: string): Promise<Comparison> {
  const sha = await resolveCommit(scratch, commit)
  if (sha === null) throw new UserError(`the upstream has no commit "${commit}"`, 'name a commit as git does')
  const diff = ['--no-renames', '--full-index', '--binary', '--no-ext-diff', '--no-textconv', '--format=%s%n%n']
  const shown = await runGit(scratch, ['show', ...diff, '--first-parent', sha, '--'])
  const text = shown.stdout.toString('latin1')
  const subject = shown.stdout.toString('utf8', 0, Math.max(0, shown.stdout.indexOf('\n')))
  const theirs = readPatch(bareListing(sha), 1, Buffer.from(text.slice(text.indexOf('\n') + 1), 'latin1'))
  return { sha, subject, ...sideBySide(patch, theirs) }
}
