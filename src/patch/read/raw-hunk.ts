/** Cuts one hunk out of a patch file, as its header counts its lines. */
import type { ByteString } from '../../model/bytes.ts'
import { MalformedPatch, REGENERATE } from './malformed.ts'
import { chomp } from './name-lines.ts'

/** The lines of one hunk, header first, and where it begins. */
export interface RawHunk {
  line: number
  /** Whole lines without line feed; lines[0] is the `@@` header. */
  lines: ByteString[]
  /**
   * Set where lines of trailing context are missing at the end of the file: patch(1) accepts that.
   */
  missingContext: number
  /**
   * Lines of context that begin with a tab: the blank in front was lost on the way, which patch(1)
   * accepts.
   */
  eatenBlanks: number
}

/** The header of a hunk. */
export const HUNK = /^@@ -(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@/

/** @throws MalformedPatch where its lines do not add up. `next`: the line behind it. */
export function readHunk(lines: ByteString[], start: number): { hunk: RawHunk; next: number } {
  const header = chomp(lines[start] ?? '')
  const [, , oldCount = '1', , newCount = '1'] = HUNK.exec(header) ?? []
  let oldLeft = Number(oldCount)
  let newLeft = Number(newCount)
  const hunkLines: ByteString[] = [header]
  let trailing = 0
  let eatenBlanks = 0
  let at = start + 1
  while (oldLeft > 0 || newLeft > 0) {
    const line = lines[at]
    if (line === undefined) break
    const isEaten = line[0] === '\t'
    const mark = line === '' || line === '\r' || isEaten ? ' ' : line[0]
    if (mark === '\\') {
      if (hunkLines.length === 1)
        throw new MalformedPatch(at + 1, '"\\ No newline" before any line of the hunk', REGENERATE)
      hunkLines.push(line)
      at++
      continue
    }
    if (mark !== ' ' && mark !== '+' && mark !== '-') break
    if (mark !== '+') oldLeft--
    if (mark !== '-') newLeft--
    if (oldLeft < 0 || newLeft < 0) throw wrongCount(start, header)
    trailing = mark === ' ' ? trailing + 1 : 0
    if (isEaten) eatenBlanks++
    hunkLines.push(isEaten ? ` ${line}` : line)
    at++
  }
  const isLast = at >= lines.length || isSignature(lines[at] ?? '')
  const missingContext = missingLines({ oldLeft, newLeft, trailing: isLast ? trailing : 0 }, start, header)
  if (hunkLines.length === 1) throw new MalformedPatch(start + 1, 'an empty hunk', 'remove it')
  if (/^\\ /.test(lines[at] ?? '')) hunkLines.push(lines[at++] ?? '')
  return { hunk: { line: start + 1, lines: hunkLines, missingContext, eatenBlanks }, next: at }
}

function wrongCount(start: number, header: ByteString): MalformedPatch {
  return new MalformedPatch(
    start + 1,
    `the hunk's lines do not add up to its header "${header.slice(0, 60)}"`,
    REGENERATE,
  )
}

/**
 * Lines that a hunk lacks. patch(1) takes up to two lines of context that were chopped off the end,
 * and so do we, if some context is left behind the last change: then no line of the change itself
 * can be what is missing from a cut-off file.
 */
function missingLines(
  { oldLeft, newLeft, trailing }: { oldLeft: number; newLeft: number; trailing: number },
  start: number,
  header: ByteString,
): number {
  if (oldLeft === 0 && newLeft === 0) return 0
  if (oldLeft === newLeft && oldLeft <= 2 && trailing > 0) return oldLeft
  throw new MalformedPatch(
    start + 1,
    `the hunk is shorter than its header "${header.slice(0, 60)}" says: the file is cut off or was edited by hand`,
    REGENERATE,
  )
}

/** What ends a mail: "-- " and the version of git, or a separator of mails. */
export function isSignature(line: ByteString): boolean {
  return /^--(?:-| | ?\d[\d.]*(?: .*)?)?\r?$/s.test(line) || /^-- \d+\.\d/.test(line)
}
