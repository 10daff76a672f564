/** The lines that patches and commits change, as a multiset: the common ground of everything that compares them. */
import type { ByteString } from '../model/bytes.ts'
import { changesOf, type Patch } from '../model/patch.ts'

/** "+line" or "-line", blanks at both ends folded away, and how often. Lines without a letter or digit say nothing and are left out. */
export type ChangedLines = Map<string, number>

export function linesOfPatch(patch: Patch): ChangedLines {
  const lines: ChangedLines = new Map()
  for (const { body } of changesOf(patch)) {
    if (body.kind !== 'text') continue
    for (const hunk of body.hunks) {
      for (const { kind, text } of hunk.lines) {
        if (kind === 'add') addLine(lines, '+', text)
        if (kind === 'remove') addLine(lines, '-', text)
      }
    }
  }
  return lines
}

/** Of the output of `git diff-tree -p`, for one commit. */
export function linesOfDiff(diff: readonly ByteString[]): ChangedLines {
  const lines: ChangedLines = new Map()
  let inHunk = false
  for (const line of diff) {
    if (line.startsWith('@@ ')) inHunk = true
    else if (line.startsWith('diff --git ')) inHunk = false
    else if (inHunk && (line.startsWith('+') || line.startsWith('-')))
      addLine(lines, line[0] === '+' ? '+' : '-', line.slice(1))
  }
  return lines
}

function addLine(lines: ChangedLines, sign: '+' | '-', text: ByteString): void {
  if (!saysSomething(text)) return
  const key = sign + text.trim()
  lines.set(key, (lines.get(key) ?? 0) + 1)
}

export function saysSomething(text: ByteString): boolean {
  return /[A-Za-z0-9\x80-\xff]/.test(text)
}

export function countOf(lines: ChangedLines): number {
  let count = 0
  for (const times of lines.values()) count += times
  return count
}

/** Share of `part` that is in `whole`, 0..1; 1 for an empty part is meaningless, so it is 0. */
export function containment(part: ChangedLines, whole: ChangedLines): number {
  let shared = 0
  for (const [line, times] of part) shared += Math.min(times, whole.get(line) ?? 0)
  const total = countOf(part)
  return total === 0 ? 0 : shared / total
}
