/** How hot the files of a patch are: how often upstream changes them. Pure. */
import type { CommitCache } from '../model/commit-history.ts'
import { textKey } from '../model/commit-keys.ts'
import { type Patch, pathsOf } from '../model/patch.ts'

/** How many commits of the range change any file of a patch, by the index of them; null where there is none. */
export function heatIn(cache: CommitCache, span: { base: string; target: string }): (patch: Patch) => number | null {
  const history = cache.history(span)
  if (!history) return () => null
  return (patch) => {
    const places = new Set<number>()
    history.find('path', pathsOf(patch).map(textKey), (_, place) => places.add(place))
    return places.size
  }
}
