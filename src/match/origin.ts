/** Which commits brought what stands of a patch, and which took it out again. Pure. */
import type { ByteString } from '../model/bytes.ts'
import type { Commit, IndexedCommit } from '../model/history.ts'
import { hashLine } from '../model/line-hash.ts'
import type { Patch } from '../model/patch.ts'
import { type ChangedLines, containment, countHashes, type SignedLine, signedLinesOf } from '../patch/lines.ts'
import type { HashIndex } from './hash-index.ts'

/** A line changed by more commits than this does not tell who brought it. */
const COMMON = 100

/** Lines that a hunk adds and removes, and the names under which upstream has the file. */
export interface HunkLines {
  lines: readonly SignedLine[]
  names: ReadonlySet<string>
}

/** A commit that changed lines of a hunk just so, in a file of its names; and how many of them. */
export interface Bringer {
  commit: IndexedCommit
  lines: number
}

/**
 * The commits that changed lines of a hunk just so, newest first. `lines`: an index of `commits`
 * that knows the hunk's lines.
 */
export function bringersOf(
  { lines: own, names }: HunkLines,
  commits: readonly IndexedCommit[],
  lines: HashIndex,
): Bringer[] {
  const counts = new Map<number, number>()
  for (const { sign, text } of own) {
    const hash = hashLine(sign, text)
    const places = hash === null ? [] : lines.commitsWith(hash)
    for (const place of places) counts.set(place, (counts.get(place) ?? 0) + (places.length > COMMON ? 0.01 : 1))
  }
  return [...counts]
    .sort(([one], [other]) => other - one)
    .flatMap(([place, count]) => {
      const commit = commits[place]
      return commit?.paths.some((path) => names.has(path)) ? [{ commit, lines: count }] : []
    })
}

/** The one that brought most, of several the newest; a preferred one before all others. */
export function bringerOf(bringers: readonly Bringer[], preferred: ReadonlySet<string>): IndexedCommit | null {
  const own = bringers.filter(({ commit }) => preferred.has(commit.sha))
  const among = own.length > 0 ? own : bringers
  let best: Bringer | null = null
  for (const one of among) if (one.lines > (best?.lines ?? 0)) best = one
  return best?.commit ?? null
}

/**
 * Of the commits that touched a file after another, oldest first, the one that took out what that
 * one left there: most of these lines, the newest of several.
 */
export function changerOf(
  changed: { added: readonly ByteString[]; removed: readonly ByteString[] },
  after: readonly IndexedCommit[],
): IndexedCommit | undefined {
  const wanted = new Set([
    ...changed.added.flatMap((text) => hashLine('-', text) ?? []),
    ...changed.removed.flatMap((text) => hashLine('+', text) ?? []),
  ])
  let best: { commit: IndexedCommit; count: number } | null = null
  for (const commit of after) {
    let count = 0
    for (const line of commit.lines) if (wanted.has(line)) count++
    if (count > 0 && count >= (best?.count ?? 0)) best = { commit, count }
  }
  return best?.commit
}

/** Whether most of what a commit takes out of a file it puts in again, there or elsewhere. */
export function movesLines(removed: readonly ByteString[], commit: IndexedCommit): boolean {
  const hashes = removed.flatMap((text) => hashLine('+', text) ?? [])
  const put = new Set(commit.lines)
  return hashes.length > 0 && hashes.filter((hash) => put.has(hash)).length >= MOST * hashes.length
}

/**
 * Whether what a commit takes out of a file may live on: it moves the lines, or changes others than
 * the patch does, and may have put these in their place. `own`: the lines of the patch, which takes
 * them out.
 */
export function mayLiveOn(removed: readonly ByteString[], commit: IndexedCommit, own: ChangedLines): boolean {
  return commit.lines.some((line) => !own.has(line)) || movesLines(removed, commit)
}

/**
 * So much of a patch must be taken out by one commit for it to be the one that took it back; or of
 * a removal be put in again.
 */
const MOST = 0.5

/**
 * The commit after `landed` that changes the patch's lines the other way round; null where there is
 * none.
 */
export function undoOf(patch: Patch, landed: Commit, commits: readonly IndexedCommit[]): IndexedCommit | null {
  const opposite = { '+': '-', '-': '+' } as const
  const inverse = signedLinesOf(patch).flatMap(({ sign, text }) => hashLine(opposite[sign], text) ?? [])
  const wanted = countHashes(inverse)
  const from = commits.findIndex(({ sha }) => sha === landed.sha) + 1
  const isUndoing = ({ lines }: IndexedCommit) =>
    lines.length >= MOST * inverse.length && containment(wanted, countHashes(lines)) >= MOST
  return commits.slice(from).findLast(isUndoing) ?? null
}
