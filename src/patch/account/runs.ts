/** The changes of a patch as runs of lines, with their places in the files before it. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { Hunk } from '../../model/patch.ts'

/** One changed line of a run. */
export interface RunLine {
  kind: 'add' | 'remove'
  text: ByteString
  /** Whether it was found to be the counterpart of another queue's line. */
  isUsed: boolean
}

/** Changed lines that follow each other in a hunk. */
export interface Run {
  /** Lines of the file before the patch that it replaces, from 0; `to` is the first behind. */
  from: number
  to: number
  lines: RunLine[]
}

/** `lines`: of the file before the patch; empty where there was none. */
export function runsOf(hunk: Hunk, lines: readonly ByteString[]): Run[] {
  let at = placeOf(hunk, lines)
  const runs: Run[] = []
  let run: Run | null = null
  for (const { kind, text } of hunk.lines) {
    if (kind === 'context') {
      run = null
      at++
      continue
    }
    if (run === null) {
      run = { from: at, to: at, lines: [] }
      runs.push(run)
    }
    run.lines.push({ kind, text, isUsed: false })
    if (kind === 'remove') run.to = ++at
  }
  return runs
}

/** Where the hunk begins in the file: its number says so, or the place nearest to it with its lines. */
function placeOf({ oldStart, oldCount, lines: hunkLines }: Hunk, lines: readonly ByteString[]): number {
  const said = oldCount === 0 ? oldStart : oldStart - 1
  const old = hunkLines.filter(({ kind }) => kind !== 'add').map(({ text }) => trimEnd(text))
  const fits = (at: number) => at >= 0 && old.every((text, index) => trimEnd(lines[at + index] ?? '\n') === text)
  if (old.length === 0) return said
  for (let distance = 0; distance <= lines.length; distance++) {
    if (fits(said + distance)) return said + distance
    if (fits(said - distance)) return said - distance
  }
  return said
}

/** Without its line end: the last line of a file may have none. */
export function trimEnd(line: ByteString): ByteString {
  return line.replace(/[\r\n]+$/, '')
}
