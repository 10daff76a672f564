/** Turns the lines of one file's hunks into `Hunk`s. The only file that knows parse-diff. */
import parseDiff from 'parse-diff'
import type { ByteString } from '../../model/bytes.ts'
import type { Hunk, HunkLine } from '../../model/patch.ts'
import { MalformedPatch } from './malformed.ts'
import type { RawHunk } from './raw-hunk.ts'

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/s
/** diff(1) localises the words after the backslash. */
const NO_NEWLINE = '\\ No newline at end of file'

/**
 * The segmenter has counted every line already; parse-diff is given a piece of one hunk at a time,
 * without names and with the marker as it knows it, because it loses names, CRLF markers and whole
 * files otherwise. The two counts are compared.
 */
export function parseHunks(raw: readonly RawHunk[]): Hunk[] {
  return raw.map(parseHunk)
}

function parseHunk({ line, lines: raw, missingContext }: RawHunk): Hunk {
  const [, oldStart, oldSays = '1', newStart, newSays = '1', context = ''] = HEADER.exec(raw[0] ?? '') ?? []
  const lines: HunkLine[] = []
  for (let at = 1; at < raw.length; ) {
    const end = endOfPiece(raw, at)
    for (const one of parsePiece(raw.slice(at, end))) lines.push(one)
    at = end
  }
  const counts = { add: 0, remove: 0, context: 0 }
  for (const { kind } of lines) counts[kind]++
  const oldCount = counts.remove + counts.context
  const newCount = counts.add + counts.context
  // Context may have been chopped off its end.
  const isWhole = oldCount === Number(oldSays) - missingContext && newCount === Number(newSays) - missingContext
  if (!isWhole || lines.length === 0) throw new MalformedPatch(line, 'the hunk cannot be read', 'regenerate the patch')
  if (counts.add + counts.remove === 0) {
    const hint = 'take the hunk out: patch(1) and git apply refuse the patch for it'
    throw new MalformedPatch(line, 'a hunk of context alone: it changes nothing', hint)
  }
  return { oldStart: Number(oldStart), oldCount, newStart: Number(newStart), newCount, context, lines, line }
}

/** Of so many lines parse-diff makes copies and objects at a time. */
const PIECE = 4096

/** A marker stays with its line. */
function endOfPiece(lines: readonly ByteString[], from: number): number {
  let end = Math.min(lines.length, from + PIECE)
  while (lines[end]?.startsWith('\\')) end++
  return end
}

/** Lines of a hunk as parse-diff reads them; where they stand is of no matter. */
function parsePiece(lines: readonly ByteString[]): HunkLine[] {
  const counts = { '+': 0, '-': 0, '\\': 0, context: 0 }
  for (const [mark = ''] of lines) counts[mark === '+' || mark === '-' || mark === '\\' ? mark : 'context']++
  const header = `@@ -1,${counts['-'] + counts.context} +1,${counts['+'] + counts.context} @@`
  const text = [header, ...lines.map(withMarker), ''].join('\n')
  const [file] = parseDiff(text)
  return toLines(file?.chunks[0]?.changes ?? [], text, header.length + 1)
}

function withMarker(line: ByteString): ByteString {
  return line.startsWith('\\') ? NO_NEWLINE : line
}

/** `text`: what the changes were read from, the first of them at `begin`: each line is cut out of it. */
function toLines(changes: readonly parseDiff.Change[], text: ByteString, begin: number): HunkLine[] {
  const lines: HunkLine[] = []
  let next = begin
  for (const { type, content } of changes) {
    const at = next
    next += content.length + 1
    if (content.startsWith('\\')) {
      const last = lines.at(-1)
      if (last) last.text = last.text.slice(0, -1)
      continue
    }
    const kind = type === 'add' ? 'add' : type === 'del' ? 'remove' : 'context'
    // A blank context line may have lost its leading space on the way, as git apply and patch(1)
    // accept.
    const hasMark = kind !== 'context' || content.startsWith(' ')
    lines.push({ kind, text: text.slice(hasMark ? at + 1 : at, next) })
  }
  return lines
}
