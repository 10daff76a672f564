/** Reads the text of a resolution's file. Pure: it may come from anybody. */
import { type ByteString, splitLines } from '../../model/bytes.ts'
import type { Lineage, Resolution } from '../../model/resolution.ts'
import { ENDS, TITLE } from './write.ts'

/** What is wrong with a text, and in which line, from 1. */
export interface Misread {
  line: number
  because: string
}

/** The fields that a text must have, each once. */
const FIELDS = ['patch', 'subject', 'path', 'person', 'technique', 'conflict'] as const
const SECTIONS = ['before', 'base', 'target', 'patch', 'resolved', 'after'] as const

export function isMisread(read: Resolution | Misread): read is Misread {
  return 'because' in read
}

/** The resolution that a text says, or what is wrong with it. */
export function readResolution(text: ByteString): Resolution | Misread {
  const lines = linesOf(text)
  if (lines[0] !== TITLE) return { line: 1, because: `it does not begin with "${TITLE}"` }
  if (!text.endsWith('\n')) return { line: lines.length, because: 'its last line has no end: it was cut off' }
  const head = lines.indexOf('', 1)
  if (head < 0) return { line: lines.length, because: 'no empty line ends its fields' }
  const lineage = readLineage(lines.slice(1, head))
  if ('because' in lineage) return lineage
  const sections = readSections(lines, head + 1)
  if (!(sections instanceof Map)) return sections
  const sideOf = (name: (typeof SECTIONS)[number]) => sections.get(name) ?? []
  return {
    sides: { base: sections.get('base') ?? null, ours: sideOf('target'), theirs: sideOf('patch') },
    resolved: sideOf('resolved'),
    around: { before: sideOf('before'), after: sideOf('after') },
    ...lineage,
  }
}

/** Without line ends; where git checked the file out with CRLF, without its CRs. */
function linesOf(text: ByteString): ByteString[] {
  const lines = splitLines(text).map((line) => (line.endsWith('\n') ? line.slice(0, -1) : line))
  return lines[0]?.endsWith('\r') ? lines.map((line) => line.replace(/\r$/, '')) : lines
}

function readLineage(lines: readonly ByteString[]): Pick<Resolution, 'lineage' | 'conflict'> | Misread {
  const values = new Map<string, ByteString>()
  const culprits: ByteString[] = []
  for (const [at, line] of lines.entries()) {
    const field = /^([a-z]+): ?(.*)$/s.exec(line)
    if (!field || /[\x00-\x1f\x7f]/.test(line)) return { line: at + 2, because: 'it is no "field: value"' }
    const [, name = '', value = ''] = field
    if (name === 'culprit') culprits.push(value)
    else if (values.has(name)) return { line: at + 2, because: `"${name}" stands there twice` }
    else values.set(name, value)
  }
  const end = lines.length + 2
  const missing = FIELDS.find((name) => !values.has(name))
  if (missing !== undefined) return { line: end, because: `the field "${missing}" is missing` }
  const [patch, subject, path, person, technique, conflict] = FIELDS.map((name) => values.get(name) ?? '')
  const [, id, hunk, hunks] = /^([0-9a-f]{40}) (\d{1,6})\/(\d{1,6})$/.exec(conflict ?? '') ?? []
  if (id === undefined) return { line: end, because: '"conflict" is not "ID HUNK/HUNKS"' }
  const minutes = values.get('minutes') ?? null
  if (minutes !== null && !/^\d{1,6}$/.test(minutes)) return { line: end, because: '"minutes" is no number' }
  const texts = { patch, subject, path, person, technique } as Omit<Lineage, 'culprits' | 'minutes'>
  return {
    lineage: { ...texts, culprits, minutes: minutes === null ? null : Number(minutes) },
    conflict: { id, hunk: Number(hunk), hunks: Number(hunks) },
  }
}

function readSections(lines: readonly ByteString[], from: number): Map<string, ByteString[]> | Misread {
  const sections = new Map<string, ByteString[]>()
  for (let at = from; at < lines.length; ) {
    const [, name = '', count = ''] = /^([a-z]+) (\d{1,7})$/.exec(lines[at] ?? '') ?? []
    if (!SECTIONS.some((known) => known === name) || sections.has(name))
      return { line: at + 1, because: 'here begins no other side, such as "base 3"' }
    const side: ByteString[] = []
    for (at++; side.length < Number(count); at++) {
      const line = unmarked(lines[at] ?? '')
      if (line === null) return { line: at + 1, because: `"${name}" has fewer lines than its ${count}` }
      side.push(line)
    }
    if (side.slice(0, -1).some((line) => !line.endsWith('\n')))
      return { line: at, because: `"${name}" goes on behind a line without an end` }
    sections.set(name, side)
  }
  const missing = ['target', 'patch', 'resolved'].find((name) => !sections.has(name))
  return missing === undefined ? sections : { line: lines.length, because: `the side "${missing}" is missing` }
}

function unmarked(line: ByteString): ByteString | null {
  const text = line.slice(1)
  if (line[0] === ENDS.lf) return `${text}\n`
  if (line[0] === ENDS.crlf) return `${text}\r\n`
  return line[0] === ENDS.none && text !== '' ? text : null
}
