/** The hunks of a queue in runs of lines, by where they are and what they say. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { changesIn } from '../../model/fate.ts'
import type { Hunk, Patch } from '../../model/patch.ts'
import type { TreeEntry } from '../../model/tree.ts'
import { type Run, type RunLine, runsOf, trimEnd } from './runs.ts'

/** A file as a patch finds it and leaves it; null where there is none. */
export interface FileSides {
  before: { entry: TreeEntry; lines: readonly ByteString[] } | null
  after: { entry: TreeEntry; lines: readonly ByteString[] } | null
}

/** A patch of either queue, with the files that it changes there. */
export interface AccountSide {
  patch: Patch
  files: ReadonlyMap<ByteString, FileSides>
}

/** A hunk of either queue, in runs. */
export interface HunkRuns {
  side: number
  path: ByteString
  hunk: number
  source: Hunk
  runs: Run[]
}

/** The hunks of the new queue. */
export class QueueHunks {
  readonly all: readonly HunkRuns[]
  readonly #byPath = new Map<ByteString, HunkRuns[]>()
  readonly #byLine = new Map<ByteString, HunkRuns[]>()

  constructor(sides: readonly AccountSide[]) {
    this.all = sides.flatMap((side, at) => hunksOf(side, at))
    for (const hunk of this.all) {
      addTo(this.#byPath, hunk.path, hunk)
      const lines = hunk.runs.flatMap((run) => run.lines)
      for (const key of new Set(lines.map(keyOf))) addTo(this.#byLine, key, hunk)
    }
  }

  at(path: ByteString): readonly HunkRuns[] {
    return this.#byPath.get(path) ?? []
  }

  with(line: RunLine): readonly HunkRuns[] {
    return this.#byLine.get(keyOf(line)) ?? []
  }
}

/** The name that a file has before the patch: a rename gives it another. */
export function nameBefore(side: AccountSide | undefined, path: ByteString): ByteString {
  const content = side?.patch.content
  const change = content?.kind === 'readable' ? content.files.find(({ newPath }) => newPath === path) : undefined
  return change?.oldPath ?? path
}

/** A file before a patch, by the name that it has after it; null where there was none. */
export function beforeOf(side: AccountSide | undefined, path: ByteString): readonly ByteString[] | null {
  return (side?.files.get(nameBefore(side, path)) ?? side?.files.get(path))?.before?.lines ?? null
}

export function hunksOf(side: AccountSide, at: number): HunkRuns[] {
  return changesIn(side.patch).flatMap(({ path, hunk, file }) => {
    const source = file.body.kind === 'text' && hunk !== null ? file.body.hunks[hunk - 1] : undefined
    if (hunk === null || !source) return []
    return [{ side: at, path, hunk, source, runs: runsOf(source, beforeOf(side, path) ?? []) }]
  })
}

function keyOf({ kind, text }: RunLine): ByteString {
  return kind + trimEnd(text)
}

export function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}

export function findLine(
  there: readonly { hunk: HunkRuns; run: Run }[],
  { kind, text }: RunLine,
  taken: readonly RunLine[],
): { hunk: HunkRuns; line: RunLine } | null {
  for (const { hunk, run } of there) {
    const line = run.lines.find((one) => {
      return one.kind === kind && !one.isUsed && trimEnd(one.text) === trimEnd(text) && !taken.includes(one)
    })
    if (line) return { hunk, line }
  }
  return null
}

/** Whether another hunk has half of the lines around a hunk's changes; false where it has none. */
export function sharesContext({ source }: HunkRuns, other: HunkRuns): boolean {
  const around = contextOf(source)
  const stands = new Set(contextOf(other.source))
  return around.length > 0 && around.filter((line) => stands.has(line)).length * 2 >= around.length
}

/** Lines around a hunk's changes that say something. */
function contextOf({ lines }: Hunk): ByteString[] {
  return lines.filter(({ kind, text }) => kind === 'context' && /\w/.test(text)).map(({ text }) => text.trim())
}
