/**
 * Finds the diff in a patch file and cuts it into one section per file, byte by byte, before
 * anything else looks at it.
 *
 * Stricter than git and patch(1) where those exit 0 without doing what the patch shows (a hunk that
 * has more lines than its header announces loses them silently in both), and no stricter elsewhere:
 * text before, between and after the sections is allowed.
 */
import { type ByteString, countFeeds } from '../../model/bytes.ts'
import { MalformedPatch, REGENERATE } from './malformed.ts'
import { chomp, nameOf, saysGone } from './name-lines.ts'
import { HUNK, isSignature, type RawHunk, readHunk } from './raw-hunk.ts'
import { badNames, isNameLine, rejectStray, strayHunk } from './stray.ts'

/** What a patch says of one file: header lines as they are, then hunks or binary data. */
export interface RawSection {
  /** Line number of its first line. */
  line: number
  /** `diff`, `Index:` and git's extended header lines, without line end. */
  preamble: ByteString[]
  /**
   * What `---` and `+++` name, still quoted, timestamps cut off; null where the section has none.
   */
  oldName: ByteString | null
  newName: ByteString | null
  hunks: RawHunk[]
  /** The lines after `GIT binary patch`. */
  binary: ByteString[] | null
  /** `Binary files a and b differ`. */
  binaryStub: boolean
  /** The two names of that line, where they can be told apart. */
  stubNames: { old: ByteString; new: ByteString } | null
  /**
   * Whether what stands behind `---` or `+++` says that there is no such file: the beginning of
   * time (diff -N), or svn's word.
   */
  oldIsGone: boolean
  newIsGone: boolean
  /** Which of the mails in the file it is in, from 0. */
  mail: number
}

export interface Segments {
  header: ByteString
  sections: RawSection[]
}

const MAX_LINE = 1 << 20
const MAX_HEADER = 4 << 20
const MAX_SECTIONS = 50_000
const MAX_HUNKS = 500_000
/** In memory a line takes some hundred bytes, however short it is. */
const MAX_LINES = 2_000_000
const EXTENDED =
  /^(?:old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|similarity index|dissimilarity index|index|={10,}|Index:) ?/

/** Throws MalformedPatch at the first fault. A file without a diff has no sections. */
export function segment(bytes: ByteString): Segments {
  if (countFeeds(bytes, MAX_LINES + 1) > MAX_LINES)
    throw new MalformedPatch(MAX_LINES, `more than ${MAX_LINES} lines`, 'split the patch')
  const lines = bytes.split('\n')
  // The piece after the last line feed is no line of its own.
  if (lines.at(-1) === '') lines.pop()
  const sections: RawSection[] = []
  const stubs: { section: RawSection; at: number }[] = []
  let headerEnd: number | null = null
  let at = 0
  let hunks = 0
  let mail = 0
  // A line that stands alone among words may be words, too.
  let isBehindSection = false
  while (at < lines.length) {
    if (!startsSection(lines, at)) {
      if (sections.length > 0 && startsMail(lines, at)) mail++
      isBehindSection = false
      rejectStray(lines, at, sections.length > 0)
      at = behindProperties(lines, at)
      continue
    }
    const { section, next } = readSection(lines, at)
    if (saysNothing(section)) throw cutHeader(at)
    if (isBinaryStub(chomp(lines[at] ?? '')) && !isBehindSection && !startsSection(lines, next)) {
      stubs.push({ section: { ...section, mail }, at })
      at = next
      continue
    }
    headerEnd ??= at
    isBehindSection = true
    sections.push({ ...section, mail })
    hunks += section.hunks.length
    if (sections.length > MAX_SECTIONS || hunks > MAX_HUNKS) {
      throw new MalformedPatch(at + 1, 'more files or hunks than any patch has', 'split the patch')
    }
    at = next
  }
  // Where there is no other diff, that is what the patch is about.
  if (sections.length === 0 && stubs.length > 0) {
    for (const { section } of stubs) sections.push(section)
    headerEnd = stubs[0]?.at ?? null
  }
  const last = lines.length - 1
  // The last line of a hunk may look like it.
  const isOfHunk = isBehindSection && (sections.at(-1)?.hunks.length ?? 0) > 0
  if (sections.length > 0 && !isOfHunk && /^(?:diff -\S|--- \S)/.test(lines[last] ?? '')) throw cutHeader(last)
  const stray = sections.length === 0 ? lines.findIndex((line) => HUNK.test(line)) : -1
  if (stray >= 0) throw strayHunk(stray)
  const header = lines.slice(0, headerEnd ?? lines.length)
  if (header.reduce((sum, line) => sum + line.length + 1, 0) > MAX_HEADER)
    throw new MalformedPatch(1, 'words of over 4 MiB in front of the diff', 'shorten them, or is this no patch?')
  return { header: header.length > 0 ? `${header.join('\n')}\n` : '', sections }
}

/** A header of git's that announces other content, and nothing behind it. */
function saysNothing({ preamble, hunks, binary, binaryStub, oldName }: RawSection): boolean {
  if (hunks.length > 0 || binary !== null || binaryStub || oldName !== null) return false
  const isGit = preamble.some((line) => line.startsWith('diff --git '))
  const isContent = preamble.some((line) => /^index (?!([0-9a-f]+)\.\.\1\b)/.test(line))
  const doesMore = /^(?:old mode|new mode|new file mode|deleted file mode|rename|copy) /
  return isGit && (preamble.length === 1 || (isContent && !preamble.some((line) => doesMore.test(line))))
}

function cutHeader(at: number): MalformedPatch {
  return new MalformedPatch(at + 1, 'a diff header, and no diff behind it: the file was cut off', REGENERATE)
}

/** "From 1234... Mon Sep 17", or the fields that a mail begins with, behind the end of another. */
function startsMail(lines: ByteString[], at: number): boolean {
  const line = lines[at] ?? ''
  if (/^From [0-9a-f]{40} Mon Sep 17 00:00:00 2001/.test(line)) return true
  if (!line.startsWith('From: ') || /^From [0-9a-f]{40} /.test(lines[at - 1] ?? '')) return false
  const fields = lines.slice(at + 1, at + 8)
  const end = fields.findIndex((field) => field === '' || field === '\r')
  return fields.slice(0, end < 0 ? fields.length : end).some((field) => /^Subject: /i.test(field))
}

/**
 * Passes over what svn says of a file's properties: `Property changes on: x`, and a block of them.
 */
function behindProperties(lines: ByteString[], at: number): number {
  if (!lines[at]?.startsWith('Property changes on: ') || !/^_{10}/.test(lines[at + 1] ?? '')) return at + 1
  let next = at + 2
  while (next < lines.length && !startsSection(lines, next) && !lines[next]?.startsWith('Index: ')) next++
  return next
}

/**
 * A section of svn that has nothing but properties: names without a hunk, and then the properties.
 */
function hasOnlyProperties(lines: ByteString[], at: number): boolean {
  let next = at + 2
  while (/^\r?$/.test(lines[next] ?? 'x')) next++
  return isNameLine(lines, at) && /^Property changes on: /.test(lines[next] ?? '')
}

function startsSection(lines: ByteString[], at: number): boolean {
  const line = lines[at] ?? ''
  if (line.startsWith('diff --git ')) return hasBody(lines, at + 1)
  if (/^diff -\S/.test(line)) return hasBody(lines, at + 1)
  if (line.startsWith('Index: '))
    return /^={10}/.test(lines[at + 1] ?? '') && hasNames(lines, at + 2) && !hasOnlyProperties(lines, at + 2)
  if (isBinaryStub(chomp(line))) return true
  return startsNames(lines, at)
}

/** "Binary files a/x and b/x differ", of diff(1). */
function isBinaryStub(line: ByteString): boolean {
  const names = line.slice('Binary files '.length, -' differ'.length)
  return line.startsWith('Binary files ') && line.endsWith(' differ') && names.lastIndexOf(' and ') > 0
}

function startsNames(lines: ByteString[], at: number): boolean {
  return (
    (lines[at] ?? '').startsWith('--- ') && (lines[at + 1] ?? '').startsWith('+++ ') && HUNK.test(lines[at + 2] ?? '')
  )
}

/** Whether a `diff` line is followed by what makes it one, and is not just a line of prose. */
function hasBody(lines: ByteString[], at: number): boolean {
  const line = lines[at] ?? ''
  return (
    EXTENDED.test(line) || line.startsWith('--- ') || line.startsWith('Binary files ') || line === 'GIT binary patch'
  )
}

/** Whether a heading "Index: x" is one of a diff. */
function hasNames(lines: ByteString[], at: number): boolean {
  return isNameLine(lines, at) || isBinaryStub(chomp(lines[at] ?? ''))
}

function readSection(lines: ByteString[], start: number): { section: RawSection; next: number } {
  const section: RawSection = {
    line: start + 1,
    preamble: [],
    oldName: null,
    newName: null,
    hunks: [],
    binary: null,
    binaryStub: false,
    stubNames: null,
    oldIsGone: false,
    newIsGone: false,
    mail: 0,
  }
  let at = start
  while (at < lines.length && !startsNames(lines, at)) {
    const line = chomp(lines[at] ?? '')
    if (line.length > MAX_LINE) throw new MalformedPatch(at + 1, 'a header line of over 1 MiB', 'this is no patch')
    const opening = at === start || (at === start + 1 && section.preamble[0]?.startsWith('Index: '))
    if (line === 'GIT binary patch') return readBinary(lines, at + 1, section)
    if (/^Binary files .+ differ$/.test(line))
      return { section: { ...section, binaryStub: true, stubNames: stubNamesIn(line) }, next: at + 1 }
    if (!opening && !EXTENDED.test(line)) {
      if (isNameLine(lines, at)) throw badNames(lines, at)
      return { section, next: at }
    }
    section.preamble.push(line)
    at++
  }
  if (at >= lines.length) return { section, next: at }
  section.oldName = nameOf(lines[at] ?? '')
  section.newName = nameOf(lines[at + 1] ?? '')
  section.oldIsGone = saysGone(lines[at] ?? '')
  section.newIsGone = saysGone(lines[at + 1] ?? '')
  at += 2
  while (HUNK.test(lines[at] ?? '')) {
    const { hunk, next } = readHunk(lines, at)
    rejectOverflow(lines, next, hunk)
    section.hunks.push(hunk)
    at = behindBlanks(lines, next)
  }
  return { section, next: at }
}

/** Blank lines between the hunks of a file are nothing to patch(1). */
function behindBlanks(lines: ByteString[], at: number): number {
  let next = at
  while (/^\r?$/.test(lines[next] ?? 'x')) next++
  return HUNK.test(lines[next] ?? '') ? next : at
}

function stubNamesIn(line: ByteString): { old: ByteString; new: ByteString } | null {
  const parts = line.slice('Binary files '.length, -' differ'.length).split(' and ')
  const [before, after, ...more] = parts
  return before !== undefined && after !== undefined && more.length === 0 ? { old: before, new: after } : null
}

/**
 * A line that looks like one more line of the hunk that just ended: git and patch(1) would drop it
 * without a word.
 */
function rejectOverflow(lines: ByteString[], at: number, { line: start, lines: [header = ''] }: RawHunk): void {
  const line = lines[at] ?? ''
  if (isSignature(line) || startsSection(lines, at)) return
  if (line.startsWith('+') || line.startsWith('-') || (/^(?: |\r?$)/.test(line) && moreChangesFollow(lines, at))) {
    throw new MalformedPatch(
      at + 1,
      `the hunk that begins in line ${start} has more lines than its header "${header.slice(0, 60)}" says; git and patch would leave them out silently`,
      REGENERATE,
    )
  }
}

function moreChangesFollow(lines: ByteString[], at: number): boolean {
  let next = at
  while (next < lines.length && /^(?: |\r?$)/.test(lines[next] ?? '')) next++
  return /^[+-](?![+-])/.test(lines[next] ?? '')
}

function readBinary(lines: ByteString[], start: number, section: RawSection): { section: RawSection; next: number } {
  let at = start
  // literal or delta, data, empty line; once or twice.
  while (/^(?:literal|delta) \d+\r?$/.test(lines[at] ?? '')) {
    at++
    while (/^[A-Za-z]/.test(lines[at] ?? '') && !(lines[at] ?? '').startsWith('diff --git ')) at++
    if (chomp(lines[at] ?? '') === '') at++
  }
  return { section: { ...section, binary: lines.slice(start, at).map(chomp) }, next: at }
}
