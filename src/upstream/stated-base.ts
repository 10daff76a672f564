/** The upstream release that a queue's own files name. */
import type { Scratch } from '../git/scratch.ts'
import type { Base } from '../model/attempt.ts'
import type { StatedBase } from '../model/queue.ts'
import { compareVersions, toVersion } from '../model/version.ts'
import type { Tag } from './releases.ts'
import { resolveCommit } from './resolve.ts'

/**
 * The first of the names that the upstream knows: a tag, a commit's id, or the version of a tag.
 * Null where it knows none. Names are never looked up as git's revisions are: they come from files.
 */
export async function resolveStated(
  scratch: Scratch,
  { names, listed }: StatedBase,
  tags: readonly Tag[],
): Promise<Base | null> {
  for (const name of names) {
    const found = `stated (${listed})` as const
    const tag = tags.find((one) => one.name === name) ?? tagOfVersion(name, tags)
    if (tag) return { ref: tag.name, commit: tag.commit, found }
    const commit = /^[0-9a-f]{7,64}$/.test(name) ? await resolveCommit(scratch, name) : null
    if (commit !== null) return { ref: name, commit, found }
  }
  return null
}

/** A tag of the same version; of several the one whose name says the least beside it. */
function tagOfVersion(name: string, tags: readonly Tag[]): Tag | null {
  const version = toVersion(name)
  if (!version) return null
  const same = tags.filter((tag) => tag.version !== null && compareVersions(tag.version, version) === 0)
  return same.sort((one, other) => one.name.length - other.name.length)[0] ?? null
}
