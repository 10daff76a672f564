/**
 * What holds only on a condition, or not at all: `#if`, make's `ifeq`, templates' `{{ if }}`, what
 * `fi` or `endif` ends, comments, texts of several lines. Pure.
 */
import type { ByteString } from '../../model/bytes.ts'
import { keywordBlocks } from './keyword-blocks.ts'

const OPENS = /^\s*(?:#\s*if|ifn?eq\b|ifn?def\b|\{\{-?\s*(?:if|with|range)\b)/
const CLOSES = /^\s*(?:#\s*endif\b|endif\b|\{\{-?\s*end\b)/
const TURNS = /^\s*(?:#\s*(?:else|elif)\b|\{\{-?\s*else\b)/
const ELSE = /^\s*(?:\{%-?\s*|<\?(?:php)?\s*)?(?:else|elif|elsif|elseif)\b/

/**
 * For every line the conditions that it stands under, as one string; '' for none. Only those that a
 * line opens or turns of which `counts` says so: what both sides of a comparison have says nothing.
 */
export function conditionsOf(lines: readonly ByteString[], counts: (at: number) => boolean): string[] {
  const open: Condition[] = []
  const { opened, closed } = keywordBlocks(lines)
  const quotations = new Quotations(lines)
  return lines.map((line, at) => {
    const one: Condition = { text: line.trim(), counts: counts(at), isBlock: opened.has(at), end: null }
    const inside = open.at(-1)
    const end = inside?.end ? null : quotations.endOf(at)
    if (inside?.end) {
      if (isEnd(line, inside.end)) open.pop()
    } else if (one.isBlock || OPENS.test(line)) open.push(one)
    else if (closed.has(at)) open.pop()
    else if (CLOSES.test(line)) {
      // What closes a condition of the other side leaves lines outside that were inside.
      if (open.length === 0) open.push(one)
      else open.pop()
    } else if (TURNS.test(line) || (inside?.isBlock && ELSE.test(line))) turn(open, one)
    else if (end !== null) open.push({ ...one, text: end.words, end })
    return open.flatMap((condition) => (condition.counts ? [condition.text] : [])).join('\n')
  })
}

/**
 * `isBlock`: whether a word ends it. `end`: what ends a comment or a text, in which nothing else
 * counts; null for any other.
 */
interface Condition {
  text: string
  counts: boolean
  isBlock: boolean
  end: End | null
}

/** What ends a comment or a text; of a document it is a line of its own. */
interface End {
  words: ByteString
  isLine: boolean
}

/** From here on the other case of the innermost condition holds. */
function turn(open: Condition[], one: Condition): void {
  const last = open.pop()
  open.push(last ? { ...last, text: `${last.text} ${one.text}`, counts: last.counts || one.counts } : one)
}

/** Comments and texts of several lines: code in them is none. C, HTML, CMake and Lua, Perl, Python. */
const QUOTATIONS: readonly [opens: string | RegExp, end: string][] = [
  ['/*', '*/'],
  ['<!--', '-->'],
  [/^\s*(?:--|#)\[\[/, ']]'],
  [/^=(?!cut\b)[a-z]/, '=cut'],
  ['"""', '"""'],
  ["'''", "'''"],
]
/** A document in a shell script, up to its word on a line of its own; in C it shifts bits. */
const DOCUMENT = /<<-?\s*(?:'(\w+)'|"(\w+)"|\\?([A-Z_]+)\b)/

/** The comments and texts of some lines. */
class Quotations {
  readonly #lines: readonly ByteString[]
  /** The last line of each end that was asked about. */
  readonly #ends = new Map<ByteString, number>()
  /** The last line of each text, for the ends of documents. */
  #whole: Map<ByteString, number> | null = null

  constructor(lines: readonly ByteString[]) {
    this.#lines = lines
  }

  /** The end of the one that a line begins and a later one ends; null where it begins none. */
  endOf(at: number): End | null {
    const line = this.#lines[at] ?? ''
    const [, words] = QUOTATIONS.find(([opens, end]) => leavesOpen(line, opens, end)) ?? []
    if (words !== undefined) return this.#lastOf(words) > at ? { words, isLine: false } : null
    const word = DOCUMENT.exec(line)?.slice(1).find(Boolean)
    return word !== undefined && this.#lastWhole(word) > at ? { words: word, isLine: true } : null
  }

  #lastOf(words: ByteString): number {
    const last = this.#ends.get(words) ?? this.#lines.findLastIndex((line) => line.includes(words))
    this.#ends.set(words, last)
    return last
  }

  #lastWhole(word: ByteString): number {
    this.#whole ??= new Map(this.#lines.map((line, at) => [line.trim(), at]))
    return this.#whole.get(word) ?? -1
  }
}

function isEnd(line: ByteString, { words, isLine }: End): boolean {
  return isLine ? line.trim() === words : line.includes(words)
}

function leavesOpen(line: ByteString, opens: string | RegExp, end: ByteString): boolean {
  if (opens === end) return line.split(end).length % 2 === 0
  const from = typeof opens === 'string' ? line.lastIndexOf(opens) : line.search(opens)
  return from >= 0 && !line.includes(end, from)
}

/** A line of its own that holds the next one back: a condition, or an attribute that is one. */
const HOLDS_BACK = /^\s*(?:#!?\[cfg\b|(?:\}\s*)?else\s*$|(?:(?:\}\s*)?else\s+)?if\s*\(.*\)\s*$)|(?:&&|\|\|)\s*$/

/** Whether the line below hangs on this one. */
export function holdsBack(line: ByteString): boolean {
  return HOLDS_BACK.test(line)
}

/** Of every line how many braces are open in front of it. */
export function depthsOf(lines: readonly ByteString[]): number[] {
  let depth = 0
  return lines.map((line) => {
    const before = depth
    for (const brace of line.match(/[{}]/g) ?? []) depth += brace === '{' ? 1 : -1
    return before
  })
}
