/** Which tags of an upstream are its releases, told by what their names have in common. */
import type { ReleaseTags } from '../model/init.ts'
import { compareVersions } from '../model/version.ts'
import { releasesIn, type Tag } from './releases.ts'

/**
 * The tags that are called like `like`, a release; where that is null, the largest family of names.
 * Null where no tag is a release.
 */
export function releaseTags(tags: readonly Tag[], like: string | null): ReleaseTags | null {
  const families = new Map<string, Tag[]>()
  for (const tag of releasesIn(tags)) {
    const prefix = prefixOf(tag.name)
    families.set(prefix, [...(families.get(prefix) ?? []), tag])
  }
  const own = like === null ? undefined : families.get(prefixOf(like))
  const [largest] = [...families.values()].sort((one, other) => other.length - one.length)
  const family = own ?? largest
  const newest = family?.reduce((best, tag) => (isNewer(tag, best) ? tag : best))
  if (family === undefined || newest === undefined) return null
  const prefix = prefixOf(newest.name)
  return { pattern: `${prefix === '' ? '[0-9]' : prefix}*`, count: family.length, newest: newest.name }
}

/** What stands in front of the number. */
function prefixOf(name: string): string {
  return name.replace(/\d.*$/s, '')
}

function isNewer({ version }: Tag, best: Tag): boolean {
  return version !== null && best.version !== null && compareVersions(version, best.version) > 0
}
