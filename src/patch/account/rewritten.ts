/** Whether a hunk may be another one that was written anew for another text. Pure. */
import type { Hunk, HunkLine } from '../../model/patch.ts'
import { saysSomething } from '../lines.ts'
import { tokensOf } from '../merge/tokens.ts'
import type { HunkRuns } from './hunk-runs.ts'

/** Of the words of the one that has fewer, so many must be in the other. */
const SHARED = 0.5

/**
 * By the words of what they add; of a hunk that adds nothing, by what it takes away. Lines of the new
 * one that something else accounts for do not count.
 */
export function isRewrittenAs(old: HunkRuns, now: HunkRuns): boolean {
  const kind = old.runs.some(({ lines }) => lines.some((line) => line.kind === 'add')) ? 'add' : 'remove'
  const [one, other] = [wordsOf(old, kind), wordsOf(now, kind)]
  const fewest = Math.min(one.size, other.size)
  return fewest > 0 && [...one].filter((word) => other.has(word)).length >= fewest * SHARED
}

/** Whether two hunks have no line in common, neither of their own nor around them. */
export function isWrittenAnew(old: HunkRuns, now: HunkRuns): boolean {
  const known = new Set(tellingIn(old.source))
  return !tellingIn(now.source).some((line) => known.has(line))
}

/** Whether a hunk takes something away, and adds no word that it did not take away. */
export function onlyTakesAway({ runs }: HunkRuns): boolean {
  const wordsIn = (kind: 'add' | 'remove') =>
    runs.flatMap(({ lines }) =>
      lines.flatMap((line) => (line.kind === kind ? tokensOf(line.text).filter(saysSomething) : [])),
    )
  const left = wordsIn('remove')
  const isMore = wordsIn('add').some((word) => {
    const at = left.indexOf(word)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return !isMore && left.length > 0
}

function tellingIn({ lines }: Hunk): string[] {
  return lines.flatMap(({ text }: HunkLine) => (saysSomething(text) ? [text.trim()] : []))
}

function wordsOf({ runs }: HunkRuns, kind: 'add' | 'remove'): Set<string> {
  const lines = runs.flatMap((run) => run.lines.filter((line) => line.kind === kind && !line.isUsed))
  return new Set(lines.flatMap(({ text }) => tokensOf(text).filter(saysSomething)))
}
