/** Whether a patch and commits are one change, by their changed lines: a name alone proves nothing. */
import type { ClaimedCommit, LineDifference } from '../model/audit.ts'
import { lineKey, subjectKey } from '../model/audit.ts'
import { changesOf, type Patch } from '../model/patch.ts'

export interface Comparison {
  differs: LineDifference
  /** The share of the smaller side's lines that both have, 0..1. */
  common: number
}

/**
 * Where a patch has fewer lines in common with a commit that it names, it may be another change. A
 * backport to old code may share few: what is called the same is the same for all that.
 */
const OTHER_CHANGE = 0.1
/** What nobody names has to be more alike. */
const ALIKE = 0.5

/** Whether a commit that a patch names is what it was taken from. */
export function isSameChange({ header }: Patch, { subject }: ClaimedCommit, { common }: Comparison): boolean {
  const isCalledAlike = header.subject !== null && subjectKey(header.subject) === subjectKey(subject)
  return common >= OTHER_CHANGE || (common > 0 && isCalledAlike)
}

/** The commit among some of the same name that is most like a patch, if one is like it at all. */
export function likest(patch: Patch, commits: readonly ClaimedCommit[]): ClaimedCommit | null {
  const compared = commits.map((commit) => ({ commit, common: compareTexts(patch, [commit])?.common ?? 0 }))
  const [best] = compared.sort((one, other) => other.common - one.common)
  return best && best.common >= ALIKE ? best.commit : null
}

/**
 * A patch against all commits that it names together, of copies of one change only that which is
 * most like it; null where a side has no text.
 */
export function compareTexts(patch: Patch, commits: readonly ClaimedCommit[]): Comparison | null {
  const here = changedLines(patch)
  const texts = withoutCopies(
    here,
    commits.flatMap(({ lines }) => (lines === null ? [] : [lines])),
  )
  const there = texts.flat()
  if (here.length === 0 || there.length === 0) return null
  const both = inBoth(here, there)
  return {
    differs: { here: here.length - both, there: there.length - both },
    common: both / Math.min(here.length, there.length),
  }
}

/** A stable branch's copy of a commit has most of its lines. */
function withoutCopies(here: readonly string[], texts: readonly string[][]): string[][] {
  if (texts.length < 2) return [...texts]
  const ranked = texts
    .map((lines) => ({ lines, apart: lines.length + here.length - 2 * inBoth(here, lines) }))
    .sort((one, other) => one.apart - other.apart)
  const kept: string[][] = []
  for (const { lines } of ranked) {
    const isCopy = kept.some((other) => inBoth(other, lines) >= ALIKE * Math.min(other.length, lines.length))
    if (!isCopy) kept.push(lines)
  }
  return kept
}

function inBoth(one: readonly string[], other: readonly string[]): number {
  const left = new Map<string, number>()
  for (const line of other) left.set(line, (left.get(line) ?? 0) + 1)
  let both = 0
  for (const line of one) {
    const count = left.get(line) ?? 0
    if (count === 0) continue
    both++
    left.set(line, count - 1)
  }
  return both
}

/** Every changed line of a patch, without blanks. */
export function changedLines(patch: Patch): string[] {
  const hunks = changesOf(patch).flatMap(({ body }) => (body.kind === 'text' ? body.hunks : []))
  const changed = hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== 'context'))
  return changed.map(({ kind, text }) => lineKey(kind === 'add' ? '+' : '-', text)).filter((key) => key !== '')
}
