/** A file of a tree, asked for lines and for lines that are like them. Pure. */
import type { ByteString } from '../model/bytes.ts'

/** A word that stands in more lines than these says nothing of any. */
const MOST_LINES = 400

export class KnownFile {
  readonly path: ByteString
  readonly #lines: ReadonlySet<ByteString>
  #words: Words | null = null

  /** `path`: where it is in the tree. `lines`: without the blanks at their ends. */
  constructor(path: ByteString, lines: ReadonlySet<ByteString>) {
    this.path = path
    this.#lines = lines
  }

  has(line: ByteString): boolean {
    return this.#lines.has(line)
  }

  /** How much of a line's words the line has that is most like it, 0..1. */
  likenessTo(line: ByteString): number {
    if (this.has(line)) return 1
    this.#words ??= wordsIn(this.#lines)
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

/** For each word the lines that have it, and for each line how many words. */
interface Words {
  places: Map<string, number[]>
  sizes: number[]
}

function wordsIn(lines: ReadonlySet<ByteString>): Words {
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
