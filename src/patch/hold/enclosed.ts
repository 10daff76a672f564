/** Whether what a hunk leaves stands under a condition, or in a block, that the hunk does not know. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { conditionsOf, depthsOf, holdsBack } from './conditions.ts'
import { type Element, GOES_ON } from './place.ts'
import type { Text } from './text.ts'

/** What a hunk leaves at its place, and which line of the text each of its elements is. */
export interface Laid {
  elements: readonly Element[]
  /** One per element: an index in the text; null for none. */
  at: readonly (number | null)[]
  /** Per element, how many braces are open in front of it in what the patch ends with. */
  depths: readonly number[]
  /** Whether the patch knows a line there. */
  isOwn: (line: ByteString) => boolean
}

/** `from`, `to`: the lines of the text that are the hunk's place. */
interface Range {
  from: number
  to: number
  text: Text
}

export function isEnclosed(laid: Laid, range: Range): boolean {
  return isUnderCondition(laid, range) || !keepsBlocks(laid, range) || hangsOnAnother(laid, range)
}

/** Whether a condition or a comment was put round what it adds, and not round its surroundings. */
function isUnderCondition({ elements, at, isOwn }: Laid, { from, to, text }: Range): boolean {
  const known = new Set(at)
  const lines = text.lines.slice(from, to)
  const states = conditionsOf(lines, (index) => !known.has(from + index) && !isOwn(lines[index] ?? ''))
  const statesOf = (kind: Element['kind']) =>
    elements.flatMap((element, index) => {
      const place = at[index] ?? null
      return element.kind === kind && place !== null ? (states[place - from] ?? []) : []
    })
  const neighbours = new Set(statesOf('context'))
  return statesOf('add').some((state) => state !== '' && !neighbours.has(state))
}

/**
 * Whether what it adds in a row is in the same block as each other, and as one of its neighbours: as
 * many braces are opened and closed between them, but for those round what hangs on its own head.
 */
function keepsBlocks(laid: Laid, { from, to, text }: Range): boolean {
  const { elements, at, depths } = laid
  const open = depthsOf(text.lines.slice(from, to))
  const deeper = at.map((place, index) => {
    if (place === null) return null
    return (open[place - from] ?? 0) - (depths[index] ?? 0) - (isInOwnBraces(laid, index, text) ? 1 : 0)
  })
  const isAdded = (index: number) => elements[index]?.kind === 'add' && deeper[index] != null
  const isNeighbour = (_: unknown, index: number) => elements[index]?.kind === 'context' && deeper[index] != null
  return deeper.every((own, index) => {
    if (!isAdded(index)) return true
    if (isAdded(index - 1)) return own === deeper[index - 1]
    const above = deeper.findLastIndex((one, other) => other < index && isNeighbour(one, other))
    const below = deeper.findIndex((one, other) => other > index && isNeighbour(one, other))
    const around = [above, below].flatMap((other) => deeper[other] ?? [])
    return around.length === 0 || around.some((one) => one === own)
  })
}

/** The first line of what holds the next statement back, and the last one. */
const HEAD = /^\s*(?:\}\s*)?(?:(?:else\s+)?(?:if|for|while)\b|else$)/
const HEAD_ENDS = /(?:\)|\belse)$/

/** What may leave a block, or part of it, before its end. */
const LEAVES = /\b(?:if|else|for|while|switch|case|goto|return|break|continue|throw|raise|exit)\b/

/**
 * Whether a line hangs without braces on a head that the patch has above it, and the text has braces
 * there: they hold what the head holds, unless something in front of the line leaves them.
 */
function isInOwnBraces({ elements, at, depths }: Laid, index: number, text: Text): boolean {
  const above = elements.flatMap((element, other) => (element.kind !== 'remove' && other < index ? [other] : []))
  const last = above.at(-1)
  if (last === undefined || depths[last] !== depths[index]) return false
  if (!HEAD_ENDS.test(elements[last]?.line ?? '')) return false
  const first = above.findLast((_, step) => !GOES_ON.test(elements[above[step - 1] ?? -1]?.line ?? ''))
  const [brace, ...others] = text.lines.slice((at[last] ?? text.lines.length) + 1, at[index] ?? 0)
  return (
    HEAD.test(elements[first ?? last]?.line ?? '') && brace?.trim() === '{' && !others.some((line) => LEAVES.test(line))
  )
}

/** Whether the line above what it adds is another and holds it back, where its own does not. */
function hangsOnAnother({ elements, at, isOwn }: Laid, { from, text }: Range): boolean {
  const known = new Set(at)
  return at.some((place, index) => {
    if (place === null || elements[index]?.kind !== 'add' || place <= from) return false
    const own = elements.slice(0, index).findLast(({ kind }) => kind !== 'remove')
    if (own && holdsBack(own.line)) return false
    const above = text.lines[place - 1] ?? ''
    return !known.has(place - 1) && !isOwn(above) && holdsBack(above)
  })
}
