/** Which commits touch which files: made in one pass over thousands of commits. Pure. */
import type { ByteString } from '../model/bytes.ts'
import type { IndexedCommit } from '../model/history.ts'

export class PathIndex {
  readonly #commits: readonly IndexedCommit[]
  readonly #places = new Map<ByteString, number[]>()

  /** `commits`: oldest first. */
  constructor(commits: readonly IndexedCommit[]) {
    this.#commits = commits
    for (const [at, { paths }] of commits.entries())
      for (const path of paths) {
        const places = this.#places.get(path)
        if (places) places.push(at)
        else this.#places.set(path, [at])
      }
  }

  /**
   * The commits that touch a file of these names, oldest first; `after`: only those behind this
   * place in the list.
   */
  touching(names: Iterable<ByteString>, after = -1): IndexedCommit[] {
    const places = new Set([...names].flatMap((name) => this.#places.get(name) ?? []))
    return [...places]
      .filter((place) => place > after)
      .sort((one, other) => one - other)
      .flatMap((place) => this.#commits[place] ?? [])
  }
}
