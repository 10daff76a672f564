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
 * The segmenter has counted every line already; parse-diff is given one file's hunks at a time,
 * under plain names and with the marker as it knows it, because it loses names, CRLF markers and
 * whole files otherwise. The two counts are compared.
 */
export function parseHunks(raw: RawHunk[]): Hunk[] {
  if (raw.length === 0) return []
  const text = [
    '--- a',
    '+++ b',
    ...raw.flatMap((hunk) => [countedHeader(hunk), ...hunk.lines.slice(1).map(withMarker)]),
  ]
  const chunks = parseDiff(text.join('\n'))[0]?.chunks ?? []
  return raw.map((hunk, index) => {
    const chunk = chunks[index]
    if (!chunk) throw new MalformedPatch(hunk.line, 'the hunk cannot be read', 'regenerate the patch')
    const lines = toLines(chunk.changes)
    const oldCount = lines.filter((line) => line.kind !== 'add').length
    const newCount = lines.filter((line) => line.kind !== 'remove').length
    if (oldCount !== chunk.oldLines || newCount !== chunk.newLines || oldCount + newCount === 0) {
      throw new MalformedPatch(hunk.line, 'the hunk cannot be read', 'regenerate the patch')
    }
    if (lines.every(({ kind }) => kind === 'context')) {
      const hint = 'take the hunk out: patch(1) and git apply refuse the patch for it'
      throw new MalformedPatch(hunk.line, 'a hunk of context alone: it changes nothing', hint)
    }
    const context = HEADER.exec(hunk.lines[0] ?? '')?.[5] ?? ''
    return { oldStart: chunk.oldStart, oldCount, newStart: chunk.newStart, newCount, context, lines, line: hunk.line }
  })
}

/** The hunk's header with the counts that its lines have, where context was chopped off its end. */
function countedHeader(hunk: RawHunk): ByteString {
  const [, oldStart = '', oldCount = '1', newStart = '', newCount = '1'] = HEADER.exec(hunk.lines[0] ?? '') ?? []
  return `@@ -${oldStart},${Number(oldCount) - hunk.missingContext} +${newStart},${Number(newCount) - hunk.missingContext} @@`
}

function withMarker(line: ByteString): ByteString {
  return line.startsWith('\\') ? NO_NEWLINE : line
}

function toLines(changes: parseDiff.Change[]): HunkLine[] {
  const lines: HunkLine[] = []
  for (const { type, content } of changes) {
    if (content.startsWith('\\')) {
      const last = lines.at(-1)
      if (last) last.text = last.text.slice(0, -1)
      continue
    }
    const kind = type === 'add' ? 'add' : type === 'del' ? 'remove' : 'context'
    // A blank context line may have lost its leading space on the way, as git apply and patch(1)
    // accept.
    const text = kind === 'context' && !content.startsWith(' ') ? content : content.slice(1)
    lines.push({ kind, text: `${text}\n` })
  }
  return lines
}
