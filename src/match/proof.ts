/** Holds a patch against the target tree, hunk by hunk: what of it stands there. Pure: the tree's files are handed in. */
import type { ByteString } from '../model/bytes.ts'
import type { HunkProof, HunkState } from '../model/finding.ts'
import { changesOf, type FileChange, type HunkLine, type Patch } from '../model/patch.ts'
import { saysSomething } from './lines.ts'
import { findRun, type TargetFile } from './target-file.ts'

/** A hunk held against the tree, with what else must be known of it to weigh it and to ask who brought it. */
export interface StandingHunk extends Omit<HunkProof, 'broughtBy'> {
  /** Changed lines that could be looked for, how many of them stand, and how many of them the patch adds. */
  total: number
  stands: number
  added: number
  /** The lines that stand, with the sign that the patch gives them. */
  standing: { sign: '+' | '-'; text: ByteString }[]
}

/** A line, or a run of lines, of fewer characters may stand elsewhere in a file for other reasons. */
const TELLING_LENGTH = 12

/** `fileAt` gives the tree's file for a path of the patch, wherever it was renamed to; null where there is none. */
export function holdAgainst(patch: Patch, fileAt: (path: ByteString) => TargetFile | null): StandingHunk[] {
  return changesOf(patch).flatMap((change) => holdFile(change, fileAt(change.newPath ?? change.oldPath ?? '')))
}

/** The lines that `holdAgainst` looks for in each file, by its path in the patches. */
export function linesLookedFor(patches: readonly Patch[]): Map<ByteString, Set<string>> {
  const wanted = new Map<ByteString, Set<string>>()
  for (const { newPath, oldPath, body } of patches.flatMap(changesOf)) {
    const path = newPath ?? oldPath ?? ''
    const lines = wanted.get(path) ?? new Set()
    wanted.set(path, lines)
    if (body.kind === 'text') for (const hunk of body.hunks) for (const { text } of hunk.lines) lines.add(text.trim())
  }
  return wanted
}

/** Share, 0..1, of the changed lines of the hunks that stand. A file that is gone holds nothing of what was added, and none of what was removed. */
export function survivalOf(hunks: readonly StandingHunk[]): number {
  const total = hunks.reduce((sum, hunk) => sum + hunk.total, 0)
  return total === 0 ? 0 : hunks.reduce((sum, hunk) => sum + hunk.stands, 0) / total
}

function holdFile(change: FileChange, file: TargetFile | null): StandingHunk[] {
  if (change.body.kind !== 'text') return []
  const hunks = change.body.hunks.map((hunk) => trimLines(hunk.lines))
  const count = new LineCount(hunks, file)
  const path = change.newPath ?? change.oldPath ?? ''
  return hunks.map((hunk, index) => {
    const counted = count.take(hunk)
    const found = locate(hunk, file, counted.stands >= counted.total / 2 && counted.stands > 0)
    // A hunk that stands whole stands whole, however little its lines say by themselves.
    const total = Math.max(1, counted.total)
    const stands = found.state === 'verbatim' ? total : counted.stands
    const at = file && found.at !== null ? { path: file.path, line: found.at + 1 } : null
    return {
      ...{ path, hunk: index + 1, state: found.state, survival: stands / total, at },
      ...{ total: counted.total === 0 && found.state !== 'verbatim' ? 0 : total, stands },
      ...{ added: counted.added, standing: counted.standing },
    }
  })
}

interface Located {
  state: HunkState
  /** Index of its first line in the target's file. */
  at: number | null
}

/** `mostStands`: most of its lines are somewhere in the file, so that the text from before it proves nothing. */
function locate(hunk: readonly TrimmedLine[], file: TargetFile | null, mostStands: boolean): Located {
  if (!file) {
    const onlyRemoves = hunk.every((line) => line.kind !== 'add')
    return { state: onlyRemoves ? 'verbatim' : 'absent', at: null }
  }
  const whole = findSide(hunk, file, 'add')
  if (whole !== null) return { state: 'verbatim', at: whole }
  const runs = addedRuns(hunk)
  const places = runs.map((run) => findRun(file, run))
  if (runs.some(isTelling) && places.every((place) => place !== null)) return { state: 'moved', at: places[0] ?? null }
  const before = mostStands ? null : findSide(hunk, file, 'remove')
  if (before !== null) return { state: 'absent', at: before }
  return { state: 'rewritten', at: places.find((place) => place !== null) ?? null }
}

/**
 * Where one side of the hunk stands: the lines that it adds, or the ones that it removes, with the context between them and a line of it
 * around; with all of its context where they say too little to be told from others.
 */
function findSide(lines: readonly TrimmedLine[], file: TargetFile, side: 'add' | 'remove'): number | null {
  const own = lines.filter((line) => line.kind === side).map((line) => line.trimmed)
  const margin = isTelling(own) ? 1 : lines.length
  const first = lines.findIndex((line) => line.kind !== 'context')
  const last = lines.findLastIndex((line) => line.kind !== 'context')
  const block = lines
    .slice(Math.max(0, first - margin), last + margin + 1)
    .filter((line) => line.kind === 'context' || line.kind === side)
    .map((line) => line.trimmed)
  const at = findRun(file, block)
  // What is removed at an end of the file leaves no line of its own: the rest must be at that end.
  if (at === null || own.length > 0) return at
  if (first === 0) return at === 0 ? at : null
  return last < lines.length - 1 || at + block.length === fileLength(file) ? at : null
}

/** Lines of a file; what stands behind its last line feed is none. */
function fileLength({ lines }: TargetFile): number {
  return lines.at(-1) === '' ? lines.length - 1 : lines.length
}

function isTelling(run: readonly string[]): boolean {
  return run.join('').length >= TELLING_LENGTH && run.some(saysSomething)
}

/** A line of a hunk, and the same without the blanks at its ends, by which it is looked up. */
export interface TrimmedLine extends HunkLine {
  trimmed: string
}

export function trimLines(lines: readonly HunkLine[]): TrimmedLine[] {
  return lines.map(({ kind, text }) => ({ kind, text, trimmed: text.trim() }))
}

/** The added lines that follow each other, blanks at their ends folded away; runs that say nothing are left out. */
export function addedRuns(lines: readonly TrimmedLine[]): string[][] {
  const runs: string[][] = [[]]
  for (const { kind, trimmed } of lines) {
    if (kind === 'add') runs.at(-1)?.push(trimmed)
    else if (runs.at(-1)?.length) runs.push([])
  }
  return runs.filter((run) => run.some(saysSomething))
}

/** Counts which changed lines stand in a file, each line of the file once. */
class LineCount {
  readonly #file: TargetFile | null
  readonly #added: ReadonlySet<string>
  readonly #removed: ReadonlySet<string>
  readonly #taken = new Map<string, number>()

  constructor(hunks: readonly (readonly TrimmedLine[])[], file: TargetFile | null) {
    this.#file = file
    const linesOf = (side: HunkLine['kind']) =>
      new Set(hunks.flatMap((lines) => lines.flatMap(({ kind, trimmed }) => (kind === side ? trimmed : []))))
    this.#added = linesOf('add')
    this.#removed = linesOf('remove')
  }

  take(lines: readonly TrimmedLine[]): Pick<StandingHunk, 'total' | 'stands' | 'added' | 'standing'> {
    const standing: StandingHunk['standing'] = []
    let [total, added] = [0, 0]
    for (const { kind, text, trimmed } of lines) {
      if (kind === 'context' || !saysSomething(trimmed)) continue
      if (kind === 'remove' && (trimmed.length < TELLING_LENGTH || this.#added.has(trimmed))) continue
      // A line that only moves stands before the patch as well as after it.
      if (kind === 'add' && this.#removed.has(trimmed)) continue
      total++
      if (kind === 'add') added++
      if (this.#isLeft(trimmed) === (kind === 'add')) standing.push({ sign: kind === 'add' ? '+' : '-', text })
    }
    return { total, stands: standing.length, added, standing }
  }

  #isLeft(line: string): boolean {
    const there = this.#file?.places.get(line)?.length ?? 0
    if (there === 0) return false
    const taken = this.#taken.get(line) ?? 0
    this.#taken.set(line, taken + 1)
    return taken < there
  }
}
