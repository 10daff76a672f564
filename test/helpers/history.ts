/** A history of commits as a list, asked by going through them all: what the index must answer, too. */
import type { CommitHistory } from '../../src/model/commit-history.ts'
import { keysOf } from '../../src/model/commit-keys.ts'
import type { IndexedCommit } from '../../src/model/history.ts'

export function historyOf(commits: readonly IndexedCommit[]): CommitHistory {
  return {
    count: commits.length,
    at: (place) => commits[place] as IndexedCommit,
    shas: () => commits.map(({ sha }) => sha),
    placeOf: (wanted) => {
      const place = commits.findIndex(({ sha }) => sha === wanted)
      return place < 0 ? null : place
    },
    find: (kind, keys, found) => {
      const wanted = new Set(keys)
      for (const [place, commit] of commits.entries())
        for (const key of new Set(keysOf(commit)[kind])) if (wanted.has(key)) found(key, place)
    },
  }
}
