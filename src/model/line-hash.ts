import type { ByteString } from './bytes.ts'

/** A line of a message says something of its own from so many characters on. */
const SENTENCE = 24

/**
 * The lines of a commit's message, or of a patch's header, as numbers: what a change says of itself
 * survives rewording of its subject and rewriting of its code. Left out are short lines, trailers
 * ("Signed-off-by: …") and everything else that is no sentence of its own.
 */
export function hashMessage(lines: readonly string[]): Uint32Array {
  const hashes = lines
    .map((line) => line.trim())
    .filter(
      (line) =>
        line.length >= SENTENCE && !/^(?:[A-Z][\w-]*: |#|\(cherry|commit [0-9a-f]|From |index |diff )/.test(line),
    )
    .map((line) => hashLine('+', line))
  return Uint32Array.from(hashes.filter((hash) => hash !== null))
}

/**
 * A changed line as a number of 32 bits (FNV-1a over its sign and its text, white space left out):
 * what commits are compared by. Null for a line without a letter or a digit, which says nothing.
 */
export function hashLine(sign: '+' | '-', text: ByteString): number | null {
  let hash = sign === '+' ? 0x811c9dc5 : 0x050c5d1f
  let says = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 32 || (code >= 9 && code <= 13)) continue
    if (!says)
      says = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code >= 128
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return says ? hash >>> 0 : null
}

/** A shorter word says little. */
const WORD = 3

/**
 * Counts the words of changed lines, by their hash: those that are added, less those that are
 * removed. What is left over says what a change is about, however its lines are broken and
 * indented, and wherever it puts them.
 */
export class NetWords {
  readonly #counts = new Map<number, number>()

  add(sign: '+' | '-', text: ByteString): void {
    const step = sign === '+' ? 1 : -1
    let hash = 0x811c9dc5
    let length = 0
    let hasLetter = false
    for (let at = 0; at <= text.length; at++) {
      const code = text.charCodeAt(at)
      const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code >= 128
      if (isLetter || (code >= 48 && code <= 57)) {
        hash = Math.imul(hash ^ code, 0x01000193)
        hasLetter ||= isLetter
        length++
        continue
      }
      if (length >= WORD && hasLetter) this.#counts.set(hash >>> 0, (this.#counts.get(hash >>> 0) ?? 0) + step)
      hash = 0x811c9dc5
      length = 0
      hasLetter = false
    }
  }

  /** The words that are added more often than they are removed. */
  added(): Uint32Array {
    return Uint32Array.from([...this.#counts].filter(([, count]) => count > 0).map(([hash]) => hash))
  }
}
