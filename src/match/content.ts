/** Whether what a patch adds stands in the target as it is written, and which commits brought it. Pure. */
import type { ByteString } from '../model/bytes.ts'
import type { BlamedLine } from '../model/history.ts'
import { changesOf, type Patch } from '../model/patch.ts'
import { addedRuns, trimLines } from './proof.ts'

/** Fewer characters than this could stand anywhere by coincidence. */
const ENOUGH = 40

/**
 * The commits between base and target that brought what the patch adds, most lines first; null unless every run of added lines stands in
 * its file in one piece, brought after the base. `blameOf` gives the target's file for a path of the patch.
 */
export function broughtWhole(patch: Patch, blameOf: (path: ByteString) => readonly BlamedLine[]): string[] | null {
  const counts = new Map<string, number>()
  let characters = 0
  for (const { newPath, body } of changesOf(patch)) {
    if (newPath === null || body.kind !== 'text') return null
    for (const run of body.hunks.flatMap((hunk) => addedRuns(trimLines(hunk.lines)))) {
      const found = findRun(run, blameOf(newPath))
      if (!found) return null
      for (const sha of found) counts.set(sha, (counts.get(sha) ?? 0) + 1)
      characters += run.join('').length
    }
  }
  if (characters < ENOUGH) return null
  return [...counts].sort((left, right) => right[1] - left[1]).map(([sha]) => sha)
}

/** The commits of the lines of the first place where the run stands whole and none of its lines is older than the base. */
function findRun(run: readonly string[], file: readonly BlamedLine[]): string[] | null {
  for (let at = 0; at + run.length <= file.length; at++) {
    const place = file.slice(at, at + run.length)
    if (!run.every((line, index) => place[index]?.text.trim() === line)) continue
    const shas = place.flatMap(({ sha }) => (sha === null ? [] : [sha]))
    if (shas.length === run.length) return shas
  }
  return null
}
