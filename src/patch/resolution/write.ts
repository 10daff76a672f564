/** Writes a resolution as the text of its file. Pure. */
import { createHash } from 'node:crypto'
import { type ByteString, fromText, toBytes } from '../../model/bytes.ts'
import type { Resolution } from '../../model/resolution.ts'

/** What the first line of a file says. */
export const TITLE = 'rebaseline resolution 1'

/** How a line of a side ends is said before it: a file may be checked out with other line ends. */
export const ENDS = { lf: '|', crlf: '&', none: '-' } as const

/** The text: fields, an empty line, and the lines of each side under their number. */
export function resolutionText({ sides, resolved, around, conflict, lineage }: Resolution): ByteString {
  const { patch, subject, path, culprits, person, minutes, technique } = lineage
  const fields: [string, ByteString][] = [
    ['patch', patch],
    ['subject', subject],
    ['path', path],
    ...culprits.map((culprit): [string, ByteString] => ['culprit', culprit]),
    ['person', person],
    ...(minutes === null ? [] : [['minutes', String(minutes)] as [string, ByteString]]),
    ['technique', technique],
    ['conflict', `${conflict.id} ${conflict.hunk}/${conflict.hunks}`],
  ]
  return [
    `${TITLE}\n`,
    ...fields.map(([name, value]) => `${name}: ${onOneLine(value)}\n`),
    '\n',
    section('before', around.before),
    sides.base === null ? '' : section('base', sides.base),
    section('target', sides.ours),
    section('patch', sides.theirs),
    section('resolved', resolved),
    section('after', around.after),
  ].join('')
}

/** What a terminal would obey, or what would begin another line, is a blank. */
function onOneLine(value: ByteString): ByteString {
  return value.replace(/[\x00-\x1f\x7f]+/g, ' ').trim()
}

function section(name: string, lines: readonly ByteString[]): ByteString {
  return [`${name} ${lines.length}\n`, ...lines.map(marked)].join('')
}

function marked(line: ByteString): ByteString {
  if (line.endsWith('\r\n')) return `${ENDS.crlf}${line.slice(0, -2)}\n`
  return line.endsWith('\n') ? `${ENDS.lf}${line}` : `${ENDS.none}${line}\n`
}

/** What a resolution is known by, and its file is named after: its text. */
export function digestOfResolution(text: ByteString): string {
  return createHash('sha256').update(toBytes(text)).digest('hex')
}

/** The hash of all conflict hunks that a file had, side by side. */
export function conflictId(regions: readonly Resolution['sides'][]): string {
  const hash = createHash('sha256')
  for (const { base, ours, theirs } of regions)
    for (const side of [base ?? [], ours, theirs]) hash.update(`${side.length}\n`).update(toBytes(side.join('')))
  return hash.digest('hex').slice(0, 40)
}

/** A text of people as the lineage has it: bytes, on one line. */
export function lineageText(text: string): ByteString {
  return onOneLine(fromText(text))
}
