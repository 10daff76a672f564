/** Which commits of a history touch which files: asked once of each file. */
import type { ByteString } from '../model/bytes.ts'
import type { CommitHistory } from '../model/commit-history.ts'
import { textKey } from '../model/commit-keys.ts'
import type { IndexedCommit } from '../model/history.ts'

export class PathIndex {
  readonly #history: CommitHistory
  readonly #places = new Map<ByteString, ReadonlySet<number>>()

  constructor(history: CommitHistory) {
    this.#history = history
  }

  /** Whether the commit at a place touches a file of these names. */
  touches(place: number, names: ReadonlySet<ByteString>): boolean {
    for (const name of names)
      if (this.#placesOf(name).has(place) && this.#history.at(place).paths.includes(name)) return true
    return false
  }

  /**
   * Where the commits are that may touch a file of these names, oldest first: another file may have
   * the same key. `after`: only those behind this place.
   */
  places(names: Iterable<ByteString>, after = -1): number[] {
    const places = new Set([...names].flatMap((name) => [...this.#placesOf(name)]))
    return [...places].filter((place) => place > after).sort((one, other) => one - other)
  }

  /** The newest commit, behind a place, that touches a file of these names; null where none does. */
  newest(names: ReadonlySet<ByteString>, after = -1): IndexedCommit | null {
    const place = this.places(names, after).findLast((one) => this.touches(one, names))
    return place === undefined ? null : this.#history.at(place)
  }

  #placesOf(name: ByteString): ReadonlySet<number> {
    const known = this.#places.get(name)
    if (known) return known
    const places = new Set<number>()
    this.#history.find('path', [textKey(name)], (_, place) => places.add(place))
    this.#places.set(name, places)
    return places
  }
}
