/** A file of a tree, asked for lines, for runs of them, and for lines that are like them. Pure. */
import type { ByteString } from '../model/bytes.ts'

/** A word that stands in more lines than these says nothing of any. */
const MOST_LINES = 400
/** A line of fewer characters stands anywhere. */
const TELLING = 4

export class KnownFile {
  readonly path: ByteString
  /** Its telling lines in their order, and where each stands. */
  readonly #lines: readonly ByteString[]
  readonly #places = new Map<ByteString, number[]>()
  #words: Words | null = null

  /** `path`: where it is in the tree. `lines`: without the blanks at their ends. */
  constructor(path: ByteString, lines: readonly ByteString[]) {
    this.path = path
    this.#lines = tellingOf(lines)
    for (const [at, line] of this.#lines.entries()) {
      const places = this.#places.get(line)
      if (places) places.push(at)
      else this.#places.set(line, [at])
    }
  }

  has(line: ByteString): boolean {
    return this.#places.has(line)
  }

  /** Whether telling lines stand one behind the other; what says nothing may stand between. */
  hasRun([first, ...rest]: readonly ByteString[]): boolean {
    const places = first === undefined ? [] : (this.#places.get(first) ?? [])
    return places.some((at) => rest.every((line, step) => this.#lines[at + step + 1] === line))
  }

  /** How much of a line's words the line has that is most like it, 0..1. */
  likenessTo(line: ByteString): number {
    if (this.has(line)) return 1
    this.#words ??= wordsIn([...this.#places.keys()])
    const wanted = wordsOf(line)
    const shared = new Map<number, number>()
    for (const word of wanted) {
      const places = this.#words.places.get(word) ?? []
      if (places.length <= MOST_LINES) for (const at of places) shared.set(at, (shared.get(at) ?? 0) + 1)
    }
    let best = 0
    for (const [at, count] of shared) best = Math.max(best, count / Math.max(wanted.size, this.#words.sizes[at] ?? 0))
    return best
  }
}

/** The lines that say something of their own. */
export function tellingOf(lines: readonly ByteString[]): ByteString[] {
  return lines.filter(({ length }) => length >= TELLING)
}

/** For each word the lines that have it, and for each line how many words. */
interface Words {
  places: Map<string, number[]>
  sizes: number[]
}

function wordsIn(lines: readonly ByteString[]): Words {
  const places = new Map<string, number[]>()
  const sizes: number[] = []
  for (const line of lines) {
    const words = wordsOf(line)
    for (const word of words) {
      const known = places.get(word)
      if (known) known.push(sizes.length)
      else places.set(word, [sizes.length])
    }
    sizes.push(words.size)
  }
  return { places, sizes }
}

function wordsOf(line: ByteString): Set<string> {
  return new Set(line.match(/[A-Za-z0-9_\x80-\xff]+/g))
}
