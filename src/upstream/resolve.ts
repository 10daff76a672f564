/** Turns what a person writes for a release into a commit. */
import { UserError } from '../errors.ts'
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import type { Release } from '../model/attempt.ts'
import { toVersion } from '../model/version.ts'
import type { Tag } from './releases.ts'
import { tagOfRelease } from './tarball-names.ts'

/**
 * `name`: a tag, a branch, a commit id, or what git describe prints (gitrevisions(7)). @throws
 * UserError where there is none.
 */
export async function resolveRelease(scratch: Scratch, name: string, tags: readonly Tag[]): Promise<Release> {
  const commit = await resolveCommit(scratch, scratch.detail === 'releases' ? tagOfRelease(name) : name)
  if (commit) return { ref: name, commit }
  const near = nearest(name, tags)
  const hint =
    near.length > 0 ? `did you mean ${near.join(', ')}?` : 'name a tag, a branch or a commit of the upstream repository'
  throw new UserError(`the upstream has no release, branch or commit "${name}"`, hint)
}

export function resolveCommit(scratch: Scratch, name: string): Promise<string | null> {
  return scratch.answers.once(`commit ${name}`, () => parseCommit(scratch, name))
}

async function parseCommit(scratch: Scratch, name: string): Promise<string | null> {
  // Of the scratch repository itself it would name nothing.
  if (name === 'HEAD') return scratch.head
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]
  const { code, stdout } = await runGit(scratch, args, { accept: [0, 1, 128] })
  const id = stdout.toString().trim()
  // "^v1" would name all but that.
  return code === 0 && /^[0-9a-f]{40,64}$/.test(id) ? id : null
}

/** Tags of the same version, or those that hold the words. */
function nearest(name: string, tags: readonly Tag[]): string[] {
  const version = toVersion(name)?.numbers.join('.')
  const alike = tags.filter(
    (tag) => tag.name.includes(name) || (version !== undefined && tag.version?.numbers.join('.') === version),
  )
  return alike.slice(-3).map((tag) => tag.name)
}
