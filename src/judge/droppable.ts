/**
 * Patches that nobody needs any more, though upstream has not taken them: with the proof of it.
 * Pure.
 */
import type { FileStep, Landing, Rebuild, RebuiltPatch } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import { textKey } from '../model/commit-keys.ts'
import { changesOf, type Patch, pathsOf } from '../model/patch.ts'
import { sameEntry } from '../model/tree.ts'
import { eachSignedLine, saysSomething } from '../patch/lines.ts'

/**
 * Where so much of the text that a patch stands on is somewhere in the target, it was moved, not
 * deleted.
 */
const MOVED = 0.3
/** A line of fewer characters stands in many places. */
const TELLING_LENGTH = 12

/**
 * Whether every file that a patch changes was deleted upstream, and not renamed. It is obsolete if
 * `isMoved` says no of its text.
 */
export function changesOnlyDeleted(patch: Patch, landing: Landing): boolean {
  if (landing.kind !== 'conflict' && landing.kind !== 'blocked') return false
  const gone = new Set(landing.conflicts.filter(({ isGone }) => isGone).map(({ path }) => path))
  return gone.size > 0 && pathsOf(patch).every((path) => gone.has(path)) && standingTextOf(patch).length > 0
}

/** What builds a project: when it goes, another takes its place. */
const BUILDS =
  /(?:^|\/)(?:Makefile[^/]*|[^/]*\.(?:mk|am|ac|m4|cmake|pro)|CMakeLists\.txt|configure[^/]*|SCons[^/]*|meson[^/]*|Kconfig[^/]*)$/
/** A commit that touches more files than this replaces something. */
const FEW_FILES = 5

/**
 * Whether the purpose of a patch may live on where its files are gone: they were replaced, or build
 * the project.
 */
export function mayBeReplaced(patch: Patch, deletedBy: readonly { paths: readonly ByteString[] }[]): boolean {
  return pathsOf(patch).some((path) => BUILDS.test(path)) || deletedBy.some(({ paths }) => paths.length > FEW_FILES)
}

/** The lines that a patch needs to find and that tell, each once, blanks at their ends cut off. */
export function standingTextOf(patch: Patch): ByteString[] {
  const hunks = changesOf(patch).flatMap(({ body }) => (body.kind === 'text' ? body.hunks : []))
  const lines = hunks.flatMap((hunk) => hunk.lines.filter(({ kind }) => kind !== 'add'))
  const texts = new Set(lines.map(({ text }) => text.trim()))
  return [...texts].filter((text) => text.length >= TELLING_LENGTH && saysSomething(text))
}

/** `elsewhere`: those of the lines that stand somewhere in the target. */
export function isMoved(lines: readonly ByteString[], elsewhere: ReadonlySet<ByteString>): boolean {
  return elsewhere.size >= lines.length * MOVED
}

/**
 * Two patches of the queue of which the later may undo the earlier: the positions. To be proven by
 * `leavesTheSame`.
 */
export interface UndoneBy {
  patch: number
  by: number
}

/** Pairs whose changed lines are each other's opposite, in the same files. */
export function findOpposites(patches: readonly Patch[]): UndoneBy[] {
  const earlier = new Map<string, number[]>()
  const pairs: UndoneBy[] = []
  for (const patch of patches) {
    const { added, removed } = textsOf(patch)
    if (added === NO_TEXT && removed === NO_TEXT) continue
    const paths = [...pathsOf(patch)].sort().join('\0')
    const undone = earlier.get(`${paths}\0\0${removed} ${added}`)?.pop()
    if (undone !== undefined) {
      pairs.push({ patch: undone, by: patch.position })
      continue
    }
    const key = `${paths}\0\0${added} ${removed}`
    const alike = earlier.get(key)
    if (alike) alike.push(patch.position)
    else earlier.set(key, [patch.position])
  }
  return pairs
}

const NO_TEXT = '0 0'

/**
 * What tells the texts that a patch adds from others, in whatever order, and those that it removes:
 * their number, and the sum of a hash of each.
 */
function textsOf(patch: Patch): { added: string; removed: string } {
  const [added, removed] = [
    { count: 0, sum: 0 },
    { count: 0, sum: 0 },
  ]
  for (const { sign, text } of eachSignedLine(patch)) {
    const texts = sign === '+' ? added : removed
    texts.count++
    texts.sum = (texts.sum + textKey(text)) % 2 ** 32
  }
  return { added: `${added.count} ${added.sum}`, removed: `${removed.count} ${removed.sum}` }
}

/**
 * Whether a queue leaves the same files behind without some of its patches as with them, and every
 * other patch goes as it did: then these were nothing but each other's undoing. `without`: the same
 * patches in their order, but for those.
 */
export function leavesTheSame(
  whole: readonly RebuiltPatch[],
  without: readonly RebuiltPatch[],
  left: (at: number) => boolean,
): boolean {
  const others = whole.filter((_, at) => !left(at))
  if (!others.every(({ rebuild }, at) => applies(rebuild) === applies(without[at]?.rebuild))) return false
  const [one, other] = [finalFiles(whole), finalFiles(without)]
  return [...new Set([...one.keys(), ...other.keys()])].every((path) => {
    const steps = [one.get(path), other.get(path)]
    const [before] = steps.flatMap((step) => (step ? [step.before] : []))
    // A file that none of the others touches must come out as it went in.
    const [first, second] = steps.map((step) => (step ? step.after : (before ?? null)))
    return sameEntry(first ?? null, second ?? null)
  })
}

function applies(rebuild: Rebuild | undefined): boolean {
  return rebuild !== undefined && rebuild.kind !== 'failed' && rebuild.kind !== 'unreadable'
}

/** What the queue as a whole makes of each file. */
function finalFiles(rebuilt: readonly RebuiltPatch[]): Map<ByteString, FileStep> {
  const files = new Map<ByteString, FileStep>()
  for (const { changes } of rebuilt) {
    for (const [path, step] of changes) {
      const known = files.get(path)
      files.set(path, known ? { before: known.before, after: step.after } : step)
    }
  }
  return files
}
