/** A file of the target tree, made ready for looking up lines and runs of lines. */
import type { ByteString } from '../model/bytes.ts'

export interface TargetFile {
  path: ByteString
  /** Without the blanks at their ends. */
  lines: readonly string[]
  /** Where each line that may be asked for stands, as indices into `lines`. */
  places: ReadonlyMap<string, readonly number[]>
}

/**
 * `wanted`: the lines that will be asked for, without the blanks at their ends; by default all. Few
 * are, of a long file.
 */
export function toTargetFile(path: ByteString, content: ByteString, wanted?: ReadonlySet<string>): TargetFile {
  const lines = content.split('\n').map((line) => line.trim())
  const places = new Map<string, number[]>()
  lines.forEach((line, at) => {
    if (wanted && !wanted.has(line)) return
    const known = places.get(line)
    if (known) known.push(at)
    else places.set(line, [at])
  })
  return { path, lines, places }
}

/**
 * The first index at which `run`, its lines trimmed, stands in one piece; null where it does not,
 * or is empty.
 */
export function findRun({ lines, places }: TargetFile, run: readonly string[]): number | null {
  // The rarest line leaves the fewest places to look at.
  let rarest = 0
  let fewest: readonly number[] | null = null
  for (const [index, line] of run.entries()) {
    const found = places.get(line)
    if (!found) return null
    if (fewest === null || found.length < fewest.length) [rarest, fewest] = [index, found]
  }
  for (const place of fewest ?? []) {
    const start = place - rarest
    if (start >= 0 && run.every((line, index) => lines[start + index] === line)) return start
  }
  return null
}
