/** Holds a hunk against a text at the hunk's own place: what of it stands there. Pure. */
import type { HunkLine } from '../../model/patch.ts'
import type { Element, Standing } from './place.ts'
import { type LineKeys, type Text, trimEnd } from './text.ts'
import { Window } from './window.ts'

/** A hunk where it fits in the text that it changes: the index of its first line, and its lines. */
export interface PlacedHunk {
  at: number
  block: readonly HunkLine[]
}

/** Lines around a hunk that are looked through for ones that both texts have. */
const REACH = 40
/** So many of them bound the place: one alone may be the wrong one of two. */
const ANCHORS = 3
/** Two texts, and which line of the one is which of the other (`align`). */
export interface MappedTexts {
  before: Text
  text: Text
  map: Int32Array
}

/** Null where no line around the hunk is in both texts. */
export function standingOf({ at, block }: PlacedHunk, texts: MappedTexts, keys: LineKeys): Standing | null {
  const { before, text, map } = texts
  const span = changedSpan(at, block)
  const low = anchorOf(texts, keys, span.from - 1, -1)
  const high = anchorOf(texts, keys, span.to, 1)
  if (low === null || high === null) return null
  const from = low < 0 ? 0 : (map[low] ?? 0)
  const to = high >= before.lines.length ? text.lines.length : (map[high] ?? 0) + 1
  const range = { low: Math.max(0, low), high: Math.min(high + 1, before.lines.length) }
  const window = toElements(before, range, span, keys)
  return new Window(window, { from, to, text, before, ...range }, keys).standing()
}

interface Span {
  /** Indexes in the text before: the first changed line, and the one behind the last. */
  from: number
  to: number
  changed: readonly HunkLine[]
}

function changedSpan(at: number, block: readonly HunkLine[]): Span {
  const first = block.findIndex(({ kind }) => kind !== 'context')
  const last = block.findLastIndex(({ kind }) => kind !== 'context')
  const changed = block.slice(Math.max(0, first), last + 1)
  const from = at + Math.max(0, first)
  return { from, to: from + changed.filter(({ kind }) => kind !== 'add').length, changed }
}

/**
 * The line on one side of a hunk that bounds its place: the farthest of the nearest that both texts
 * have. The end of the text where there is none on the way to it; null where there is none within
 * reach.
 */
function anchorOf({ before, map }: MappedTexts, keys: LineKeys, start: number, step: 1 | -1): number | null {
  let anchor: number | null = null
  let found = 0
  let index = start
  for (let reach = 0; reach < REACH; reach++, index += step) {
    if (index < 0 || index >= before.lines.length) return anchor ?? index
    if ((map[index] ?? -1) < 0 || !keys.isTelling(before.keys[index] ?? -1)) continue
    anchor = index
    if (++found === ANCHORS) break
  }
  return anchor
}

function toElements(before: Text, { low, high }: { low: number; high: number }, span: Span, keys: LineKeys): Element[] {
  const context = (from: number, to: number) =>
    before.lines.slice(from, to).map((line, at): Element => {
      return { kind: 'context', line, key: before.keys[from + at] ?? -1 }
    })
  const changed = span.changed.map(({ kind, text }): Element => {
    const line = trimEnd(text)
    return { kind, line, key: keys.keyOf(line) }
  })
  return [...context(low, span.from), ...changed, ...context(span.to, high)]
}
