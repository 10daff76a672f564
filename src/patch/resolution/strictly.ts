/** Takes over what was done to some lines only where nothing speaks against it. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { saysSomething } from '../lines.ts'
import { AROUND } from '../regions.ts'

type Lines = readonly ByteString[]

/** Two sides without the lines that they begin and end with alike. */
export function contested(ours: Lines, theirs: Lines): { head: number; tail: number; left: Lines; right: Lines } {
  const most = Math.min(ours.length, theirs.length)
  let head = 0
  while (head < most && ours[head] === theirs[head]) head++
  let tail = 0
  while (tail < most - head && ours.at(-1 - tail) === theirs.at(-1 - tail)) tail++
  return { head, tail, left: ours.slice(head, ours.length - tail), right: theirs.slice(head, theirs.length - tail) }
}

/**
 * The target with what came of `before`; null unless the lines that changed stand in the target once,
 * with the lines around them.
 */
export function applyStrictly(before: Lines, after: Lines, target: Lines): ByteString[] | null {
  const { head, tail, left, right } = contested(before, after)
  const [from, to] = [Math.max(0, head - AROUND), Math.min(before.length, before.length - tail + AROUND)]
  const wanted = before.slice(from, to)
  if (!wanted.some(saysSomething)) return null
  const places = [...target.keys()].filter((at) => wanted.every((line, next) => target[at + next] === line))
  const [place, another] = places
  if (place === undefined || another !== undefined) return null
  const start = place + head - from
  return [...target.slice(0, start), ...right, ...target.slice(start + left.length)]
}

/** Whether two patches add and take away the same lines, each from its base. */
export function isSameChange([base, theirs]: [Lines, Lines], [base2, theirs2]: [Lines, Lines]): boolean {
  const one = changed(base, theirs)
  const other = changed(base2, theirs2)
  return one.size === other.size && [...one].every(([line, count]) => other.get(line) === count)
}

/** How often each line was added, less how often it was taken away; none that stayed. */
function changed(base: Lines, theirs: Lines): Map<ByteString, number> {
  const counts = new Map<ByteString, number>()
  for (const line of theirs) counts.set(line, (counts.get(line) ?? 0) + 1)
  for (const line of base) counts.set(line, (counts.get(line) ?? 0) - 1)
  for (const [line, count] of counts) if (count === 0) counts.delete(line)
  return counts
}
