/** Finds what a hunk makes in another place, or in another file, than the hunk's own. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { HunkLine } from '../../model/patch.ts'
import { conditionsOf, depthsOf } from './conditions.ts'
import { indentOf, type LineKeys, type Text, trimEnd } from './text.ts'

/** One side of a hunk with all of its context, as it would stand in a text. */
export function sideOf(block: readonly HunkLine[], side: 'add' | 'remove'): ByteString[] {
  return block.filter(({ kind }) => kind === 'context' || kind === side).map(({ text }) => trimEnd(text))
}

/**
 * The index at which some lines stand in a text in one piece, indented alike throughout; lines that
 * say nothing aside. Null where they do not, or say nothing.
 */
export function pieceIn(lines: readonly ByteString[], text: Text, keys: LineKeys): number | null {
  const piece = lines.map((line) => ({ line, key: keys.keyOf(line) })).filter(({ key }) => keys.isTelling(key))
  const [first] = piece
  if (!first) return null
  for (let start = text.keys.indexOf(first.key); start >= 0; start = text.keys.indexOf(first.key, start + 1)) {
    const shift = indentOf(text.lines[start] ?? '') - indentOf(first.line)
    let at = start
    const isThere = piece.every(({ line, key }) => {
      while (at < text.keys.length && !keys.isTelling(text.keys[at] ?? -1)) at++
      const there = at++
      return text.keys[there] === key && indentOf(text.lines[there] ?? '') - indentOf(line) === shift
    })
    if (isThere) return start
  }
  return null
}

/**
 * How many lines of context that say something a hunk has in front of its changes, and behind them;
 * the less of both.
 */
export function contextAround(block: readonly HunkLine[], keys: LineKeys): number {
  const first = block.findIndex(({ kind }) => kind !== 'context')
  const last = block.findLastIndex(({ kind }) => kind !== 'context')
  const count = (lines: readonly HunkLine[]) => lines.filter(({ text }) => keys.isTelling(keys.keyOf(text))).length
  return Math.min(count(block.slice(0, first)), count(block.slice(last + 1)))
}

/**
 * C, its kin and its preprocessor, Python, shell, Rust, Go: what begins a definition at the
 * beginning of a line.
 */
const DEFINES = new RegExp(
  [
    String.raw`^#\s*(?:define|include)\b`,
    String.raw`^(?:extern|static|typedef|struct|union|enum|class|def|async def|function|func|fn|pub|impl)\b`,
    // A type and a name in front of the parenthesis; without the type it is a call.
    String.raw`^[A-Za-z_][\w:<>,]*[\s*&]+(?:[\w:<>,]+[\s*&]+)*[\w:~]+\s*\(`,
    String.raw`^[\w-]+\s*\(\)\s*\{?$`,
  ].join('|'),
)
const COMMENT = /^(?:\/\*|\*(?=[\s/]|$)|\/\/|#(?!\s*(?:define|include|if|el|endif|undef|error|pragma))|"""|\s*$)/
/**
 * Whether a line is nothing but a comment, in C and its kin, in shell or in Python, as far as the
 * line alone tells.
 */
export function isComment(line: ByteString): boolean {
  return COMMENT.test(line.trim())
}

/** What may stand at the beginning of a line inside a definition, or end it. */
const WITHIN = /^(?:[{}()\];]|[A-Za-z_]\w*:\s*$)/

/**
 * Whether all that a hunk does is to add definitions of their own, whole: what they do does not
 * depend on where in a file they stand. A statement, a setting or a rule of a makefile does.
 */
export function addsDefinitions(block: readonly HunkLine[]): boolean {
  if (block.some(({ kind, text }) => kind === 'remove' && text.trim() !== '')) return false
  const added = block.filter(({ kind }) => kind === 'add').map(({ text }) => trimEnd(text))
  const atMargin = added.filter((line) => line !== '' && indentOf(line) === 0 && !COMMENT.test(line))
  const isWhole = atMargin.length > 0 && atMargin.every((line) => DEFINES.test(line) || WITHIN.test(line))
  const [first] = added.filter((line) => !COMMENT.test(line.trimStart()))
  const opens = added.join('').split('{').length === added.join('').split('}').length
  return isWhole && opens && first !== undefined && DEFINES.test(first)
}

/**
 * Whether two places stand under the same conditions, and as deep in braces: a definition for one
 * architecture is none for the other, nor is one of a module for all.
 */
export function underTheSame(
  one: readonly ByteString[],
  at: number,
  other: readonly ByteString[],
  otherAt: number,
): boolean {
  return conditionAt(one, at) === conditionAt(other, otherAt) && depthsOf(one)[at] === depthsOf(other)[otherAt]
}

function conditionAt(lines: readonly ByteString[], at: number): string {
  return conditionsOf(lines, () => true)[at] ?? ''
}
