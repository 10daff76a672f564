/** The lines of files as numbers, so that comparing them is cheap. Pure. */
import type { ByteString } from '../model/bytes.ts'

/** A file, line by line. Lines that are alike, blanks aside, have the same key. */
export interface Text {
  /** Without their line ends, and without the blanks in front of these. */
  lines: readonly ByteString[]
  /** One per line: alike but for indentation and the length of the blanks inside. */
  keys: readonly number[]
}

const NO_LINES: readonly never[] = []
export const EMPTY_TEXT: Text = { lines: NO_LINES, keys: NO_LINES }

/** So many lines that another version of a file has more are skipped. */
const LOST = 200

/** Gives lines their keys: one for everything that is compared with each other. */
export class LineKeys {
  readonly #byLine = new Map<ByteString, number>()
  readonly #byContent = new Map<ByteString, number>()
  readonly #telling: boolean[] = []

  /** `like`: another version of the file, which is mostly the same: its keys need not be looked up. */
  text(content: ByteString, like: Text = EMPTY_TEXT): Text {
    if (content === '') return EMPTY_TEXT
    const lines = content.split('\n').map(trimEnd)
    if (lines.at(-1) === '') lines.pop()
    let next = 0
    const keys = lines.map((line) => {
      if (line === like.lines[next]) return like.keys[next++] ?? -1
      const key = this.keyOf(line)
      const same = this.isTelling(key) ? like.keys.indexOf(key, next) : -1
      if (same >= 0 && same < next + LOST) next = same + 1
      return key
    })
    return { lines, keys }
  }

  /** `lines`: without line ends. */
  textOf(lines: readonly ByteString[]): Text {
    return { lines, keys: lines.map((line) => this.keyOf(line)) }
  }

  keyOf(line: ByteString): number {
    const known = this.#byLine.get(line)
    if (known !== undefined) return known
    const content = line.trim().replace(/\s+/g, ' ')
    let key = this.#byContent.get(content)
    if (key === undefined) {
      key = this.#telling.length
      this.#byContent.set(content, key)
      this.#telling.push(/[A-Za-z0-9\x80-\xff]/.test(content))
    }
    this.#byLine.set(line, key)
    return key
  }

  /** Whether a line has a letter or a digit: braces and blank lines stand everywhere. */
  isTelling(key: number): boolean {
    return this.#telling[key] === true
  }
}

/** A line without its line end and the blanks in front of it. */
export function trimEnd(line: ByteString): ByteString {
  let end = line.length
  while (end > 0) {
    const code = line.charCodeAt(end - 1)
    if (code !== 32 && (code < 9 || code > 13)) break
    end--
  }
  return end === line.length ? line : line.slice(0, end)
}

const TAB = 8

/** How far a line is indented, in columns; a tab leads to the next multiple of eight. */
export function indentOf(line: ByteString): number {
  let column = 0
  for (const character of line) {
    if (character === ' ') column++
    else if (character === '\t') column += TAB - (column % TAB)
    else break
  }
  return column
}
