/** The lines of files as numbers, so that comparing them is cheap. Pure. */
import type { ByteString } from '../../model/bytes.ts'

/** A file, line by line. Lines that are alike, blanks aside, have the same key. */
export interface Text {
  /** Without their line ends, and without the blanks in front of these. */
  lines: readonly ByteString[]
  /** One per line: alike but for indentation and the length of the blanks inside. */
  keys: readonly number[]
  /** As it was read; none where only lines are known. */
  content?: ByteString
}

const NO_LINES: readonly never[] = []
export const EMPTY_TEXT: Text = { lines: NO_LINES, keys: NO_LINES }

/** So many lines that another version of a file has more are skipped. */
const LOST = 1000

/** Blanks that are not one space already: most lines have none, and are then not copied. */
const UNEVEN = /\s{2,}|[^\S ]/g

/** Gives lines their keys: one for everything that is compared with each other. */
export class LineKeys {
  readonly #byLine = new Map<ByteString, number>()
  readonly #byContent = new Map<ByteString, number>()
  readonly #telling: boolean[] = []

  /**
   * `like`: another version of the file, which is mostly the same: where they are, its lines and
   * keys are taken over.
   */
  text(content: ByteString, like: Text = EMPTY_TEXT): Text {
    if (content === '') return EMPTY_TEXT
    const former = like.content ?? ''
    const alike = commonStart(content, former)
    const start = alike === 0 ? 0 : content.lastIndexOf('\n', alike - 1) + 1
    const end = commonEnd(content, former, start)
    const head = countLines(former, 0, start)
    const tail = end === 0 ? like.lines.length : head + countLines(former, start, former.length - end)
    const middle = content
      .slice(start, content.length - end)
      .split('\n')
      .map(trimEnd)
    if (middle.at(-1) === '') middle.pop()
    return {
      lines: like.lines.slice(0, head).concat(middle, like.lines.slice(tail)),
      keys: like.keys.slice(0, head).concat(this.#keysOf(middle, like, head), like.keys.slice(tail)),
      content,
    }
  }

  #keysOf(lines: readonly ByteString[], like: Text, from: number): number[] {
    let next = from
    return lines.map((line, at) => {
      if (line === like.lines[next]) return like.keys[next++] ?? -1
      const key = this.keyOf(line)
      const same = this.isTelling(key) ? like.keys.indexOf(key, next) : -1
      // One line alone may stand anywhere.
      if (same >= 0 && same < next + LOST && like.lines[same + 1] === lines[at + 1]) next = same + 1
      return key
    })
  }

  /** `lines`: without line ends. */
  textOf(lines: readonly ByteString[]): Text {
    return { lines, keys: lines.map((line) => this.keyOf(line)) }
  }

  keyOf(line: ByteString): number {
    const known = this.#byLine.get(line)
    if (known !== undefined) return known
    const content = line.trim().replace(UNEVEN, ' ')
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

/** How many characters two texts begin with alike. */
function commonStart(one: ByteString, other: ByteString): number {
  return longest(Math.min(one.length, other.length), (length) => one.slice(0, length) === other.slice(0, length))
}

/**
 * How many characters two texts end with alike, behind a line end of both, and behind what they
 * begin with alike.
 */
function commonEnd(one: ByteString, other: ByteString, start: number): number {
  const most = Math.min(one.length, other.length) - start
  const length = longest(most, (end) => one.slice(one.length - end) === other.slice(other.length - end))
  const lineEnd = one.indexOf('\n', one.length - length)
  return length === 0 || lineEnd < 0 ? 0 : one.length - lineEnd - 1
}

/** The greatest length, up to `most`, that passes a test which no greater one passes again. */
function longest(most: number, passes: (length: number) => boolean): number {
  let [low, high] = [0, most]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (passes(middle)) low = middle
    else high = middle - 1
  }
  return low
}

function countLines(text: ByteString, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
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
