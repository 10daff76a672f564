/**
 * What changed from one version of a patch to the next, as git range-diff(1) shows it: a diff of
 * diffs. Pure.
 */
import { diffArrays } from 'diff'
import { toText } from '../../model/bytes.ts'
import { changesOf, type Patch } from '../../model/patch.ts'
import { toUnified } from '../unified.ts'

/** Unchanged lines shown around a change. */
const AROUND = 3

/**
 * Nobody reads on from here, and finding the shortest way takes time that grows with the square of
 * it.
 */
const MAX_EDITS = 4000

/**
 * Lines of the two patches with `+`, `-` or a blank in front; hunk headers without line numbers,
 * which change whenever something above does.
 */
export function interdiff(before: Patch, after: Patch): string[] {
  const parts = diffArrays(textOf(before), textOf(after), { maxEditLength: MAX_EDITS })
  if (!parts) return ['  … more was changed than is worth reading']
  const lines = parts.flatMap(({ value, added, removed }) => {
    const mark = added ? '+' : removed ? '-' : ' '
    return value.map((text) => ({ mark, text }))
  })
  const near = new Set<number>()
  lines.forEach(({ mark }, at) => {
    if (mark !== ' ') for (let one = at - AROUND; one <= at + AROUND; one++) near.add(one)
  })
  return lines.flatMap(({ mark, text }, at) =>
    near.has(at) ? [`${mark}${toText(text)}`] : near.has(at - 1) ? ['  …'] : [],
  )
}

function textOf(patch: Patch): string[] {
  return changesOf(patch)
    .flatMap(toUnified)
    .map((line) => line.replace(/^@@ -\d+,\d+ \+\d+,\d+ @@/, '@@'))
}
