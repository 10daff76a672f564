/**
 * Finds the diff in a patch file and cuts it into one section per file, byte by byte, before anything else looks at it.
 *
 * Stricter than git and patch(1) where those exit 0 without doing what the patch shows (a hunk that has more lines than its header
 * announces loses them silently in both), and no stricter elsewhere: text before, between and after the sections is allowed.
 */
import type { ByteString } from '../model/bytes.ts'

/** A fault in the patch file at a line of it, counted from 1. */
export class MalformedPatch extends Error {
  readonly line: number
  readonly hint: string

  constructor(line: number, message: string, hint: string) {
    super(message)
    this.line = line
    this.hint = hint
  }
}

/** The lines of one hunk, header first, and where it begins. */
export interface RawHunk {
  line: number
  /** Whole lines without line feed; lines[0] is the `@@` header. */
  lines: ByteString[]
  /** Set where lines of trailing context are missing at the end of the file: patch(1) accepts that. */
  missingContext: number
  /** Lines of context that begin with a tab: the blank in front was lost on the way, which patch(1) accepts. */
  eatenBlanks: number
}

/** What a patch says of one file: header lines as they are, then hunks or binary data. */
export interface RawSection {
  /** Line number of its first line. */
  line: number
  /** `diff`, `Index:` and git's extended header lines, without line end. */
  preamble: ByteString[]
  /** What `---` and `+++` name, still quoted, timestamps cut off; null where the section has none. */
  oldName: ByteString | null
  newName: ByteString | null
  hunks: RawHunk[]
  /** The lines after `GIT binary patch`. */
  binary: ByteString[] | null
  /** `Binary files a and b differ`. */
  binaryStub: boolean
  /** The two names of that line, where they can be told apart. */
  stubNames: { old: ByteString; new: ByteString } | null
  /** Whether what stands behind `---` or `+++` says that there is no such file: the beginning of time (diff -N), or svn's word. */
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
const MAX_SECTIONS = 50_000
const MAX_HUNKS = 500_000
const HUNK = /^@@ -(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@/
const EXTENDED =
  /^(?:old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|similarity index|dissimilarity index|index|={10,}|Index:) ?/

/** Throws MalformedPatch at the first fault. A file without a diff has no sections. */
export function segment(bytes: ByteString): Segments {
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
    sections.push(...stubs.map(({ section }) => section))
    headerEnd = stubs[0]?.at ?? null
  }
  const last = lines.length - 1
  if (sections.length > 0 && /^(?:diff --git |--- \S)/.test(lines[last] ?? '')) throw cutHeader(last)
  const stray = sections.length === 0 ? lines.findIndex((line) => HUNK.test(line)) : -1
  if (stray >= 0) throw strayHunk(stray)
  const header = lines.slice(0, headerEnd ?? lines.length)
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

/** Passes over what svn says of a file's properties: `Property changes on: x`, and a block of them. */
function behindProperties(lines: ByteString[], at: number): number {
  if (!lines[at]?.startsWith('Property changes on: ') || !/^_{10}/.test(lines[at + 1] ?? '')) return at + 1
  let next = at + 2
  while (next < lines.length && !startsSection(lines, next) && !lines[next]?.startsWith('Index: ')) next++
  return next
}

/** A section of svn that has nothing but properties: names without a hunk, and then the properties. */
function hasOnlyProperties(lines: ByteString[], at: number): boolean {
  let next = at + 2
  while (/^\r?$/.test(lines[next] ?? 'x')) next++
  return isNameLine(lines, at) && /^Property changes on: /.test(lines[next] ?? '')
}

function chomp(line: ByteString): ByteString {
  return line.endsWith('\r') ? line.slice(0, -1) : line
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
    section.hunks.push(hunk)
    at = behindBlanks(lines, next)
  }
  return { section, next: at }
}

/** In whatever zone and spelling: diff(1), ctime(3), svn. */
const GONE = /[\t ](?:1970-01-01|1969-12-31|\w{3} Jan +0?1 .{1,40}1970|\w{3} Dec 31 .{1,40}1969|\(nonexistent\))/

/** Blank lines between the hunks of a file are nothing to patch(1). */
function behindBlanks(lines: ByteString[], at: number): number {
  let next = at
  while (/^\r?$/.test(lines[next] ?? 'x')) next++
  return HUNK.test(lines[next] ?? '') ? next : at
}

function saysGone(line: ByteString): boolean {
  return GONE.test(chomp(line).slice(4))
}

function stubNamesIn(line: ByteString): { old: ByteString; new: ByteString } | null {
  const parts = line.slice('Binary files '.length, -' differ'.length).split(' and ')
  const [before, after, ...more] = parts
  return before !== undefined && after !== undefined && more.length === 0 ? { old: before, new: after } : null
}

function isNameLine(lines: ByteString[], at: number): boolean {
  return (lines[at] ?? '').startsWith('--- ') && (lines[at + 1] ?? '').startsWith('+++ ')
}

function badNames(lines: ByteString[], at: number): MalformedPatch {
  const header = chomp(lines[at + 2] ?? '')
  const message = header.startsWith('@@')
    ? `no hunk header: "${header.slice(0, 60)}"`
    : 'names a file but has no hunk for it'
  return new MalformedPatch(at + 3, message, 'a hunk begins with "@@ -line,count +line,count @@": regenerate the patch')
}

/** The name on a `---` or `+++` line: up to the tab that begins a timestamp, as in diff(1). Some tools, and some mails, put blanks there. */
const STAMPS = [
  String.raw`\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: [+-]\d\d:?\d\d)?`,
  String.raw`\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?: \w{1,5})? \d{4}`,
  String.raw`\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d(?: [+-]\d{4})?(?: \d[\d.]*)?`,
  String.raw`\((?:revision \d+|working copy|nonexistent)\)`,
]
const STAMP = new RegExp(` (?:${STAMPS.join('|')})$`)
const LONGEST_STAMP = ' 2019-11-29 18:57:32.123456789 +01:00'.length

function nameOf(line: ByteString): ByteString {
  const rest = chomp(line).slice(4)
  const tab = rest.indexOf('\t')
  if (tab >= 0) return rest.slice(0, tab)
  const [stamp = ''] = STAMP.exec(rest.slice(-LONGEST_STAMP)) ?? []
  let end = rest.length - stamp.length
  while (end > 0 && rest[end - 1] === ' ') end--
  return rest.slice(0, end)
}

function readHunk(lines: ByteString[], start: number): { hunk: RawHunk; next: number } {
  const header = chomp(lines[start] ?? '')
  const [, , oldCount = '1', , newCount = '1'] = HUNK.exec(header) ?? []
  let oldLeft = Number(oldCount)
  let newLeft = Number(newCount)
  const body: ByteString[] = []
  let trailing = 0
  let eatenBlanks = 0
  let at = start + 1
  while (oldLeft > 0 || newLeft > 0) {
    const line = lines[at]
    if (line === undefined) break
    const isEaten = line[0] === '\t'
    const mark = line === '' || line === '\r' || isEaten ? ' ' : line[0]
    if (mark === '\\') {
      if (body.length === 0) throw new MalformedPatch(at + 1, '"\\ No newline" before any line of the hunk', REGENERATE)
      body.push(line)
      at++
      continue
    }
    if (mark !== ' ' && mark !== '+' && mark !== '-') break
    if (mark !== '+') oldLeft--
    if (mark !== '-') newLeft--
    if (oldLeft < 0 || newLeft < 0) throw wrongCount(start, header)
    trailing = mark === ' ' ? trailing + 1 : 0
    if (isEaten) eatenBlanks++
    body.push(isEaten ? ` ${line}` : line)
    at++
  }
  const isLast = at >= lines.length || isSignature(lines[at] ?? '')
  const missingContext = missingLines(oldLeft, newLeft, isLast ? trailing : 0, start, header)
  if (body.length === 0) throw new MalformedPatch(start + 1, 'an empty hunk', 'remove it')
  if (/^\\ /.test(lines[at] ?? '')) body.push(lines[at++] ?? '')
  rejectOverflow(lines, at, start, header)
  return { hunk: { line: start + 1, lines: [header, ...body], missingContext, eatenBlanks }, next: at }
}

const REGENERATE = 'regenerate the patch from its source tree (quilt refresh, git format-patch)'

function wrongCount(start: number, header: ByteString): MalformedPatch {
  return new MalformedPatch(
    start + 1,
    `the hunk's lines do not add up to its header "${header.slice(0, 60)}"`,
    REGENERATE,
  )
}

/**
 * Lines that a hunk lacks. patch(1) takes up to two lines of context that were chopped off the end, and so do we, if some context
 * is left behind the last change: then no line of the change itself can be what is missing from a cut-off file.
 */
function missingLines(oldLeft: number, newLeft: number, trailing: number, start: number, header: ByteString): number {
  if (oldLeft === 0 && newLeft === 0) return 0
  if (oldLeft === newLeft && oldLeft <= 2 && trailing > 0) return oldLeft
  throw new MalformedPatch(
    start + 1,
    `the hunk is shorter than its header "${header.slice(0, 60)}" says: the file is cut off or was edited by hand`,
    REGENERATE,
  )
}

/** A line that looks like one more line of the hunk that just ended: git and patch(1) would drop it without a word. */
function rejectOverflow(lines: ByteString[], at: number, start: number, header: ByteString): void {
  const line = lines[at] ?? ''
  if (isSignature(line) || startsSection(lines, at)) return
  if (line.startsWith('+') || line.startsWith('-') || (/^(?: |\r?$)/.test(line) && moreChangesFollow(lines, at))) {
    throw new MalformedPatch(
      at + 1,
      `the hunk that begins in line ${start + 1} has more lines than its header "${header.slice(0, 60)}" says; git and patch would leave them out silently`,
      REGENERATE,
    )
  }
}

function moreChangesFollow(lines: ByteString[], at: number): boolean {
  let next = at
  while (next < lines.length && /^(?: |\r?$)/.test(lines[next] ?? '')) next++
  return /^[+-](?![+-])/.test(lines[next] ?? '')
}

/** What ends a mail: "-- " and the version of git, or a separator of mails. */
function isSignature(line: ByteString): boolean {
  return /^--(?:-| | ?\d[\d.]*(?: .*)?)?\r?$/s.test(line) || /^-- \d+\.\d/.test(line)
}

/** Lines that belong to a diff, outside any: git calls such a patch corrupt, patch(1) leaves them out or guesses. */
function rejectStray(lines: ByteString[], at: number, isBehind: boolean): void {
  const line = chomp(lines[at] ?? '')
  // In front of the diff it is quoted in the description: that is told as a warning.
  if (isBehind && HUNK.test(line) && isHunkBody(lines, at + 1)) throw strayHunk(at)
  if (isNameLine(lines, at) && /^@@/.test(lines[at + 2] ?? '')) throw badNames(lines, at)
  if (line.startsWith('*** ') && (lines[at + 1] ?? '').startsWith('--- ') && /^\*{15}/.test(lines[at + 2] ?? '')) {
    throw new MalformedPatch(at + 1, 'a context diff', 'make it a unified one: diff -u, or quilt refresh')
  }
}

function strayHunk(at: number): MalformedPatch {
  return new MalformedPatch(
    at + 1,
    'a hunk that belongs to no file',
    'put "--- old" and "+++ new" lines in front of it',
  )
}

/** The lines of a header at which a hunk begins that belongs to no file, from 0. */
export function strayHunksIn(header: ByteString): number[] {
  const lines = header.split('\n')
  return lines.flatMap((line, at) => (HUNK.test(line) && isHunkBody(lines, at + 1) ? [at] : []))
}

/** Whether lines of a hunk follow: a header alone is quoted in some description. */
function isHunkBody(lines: ByteString[], at: number): boolean {
  let next = at
  while (/^[ \t]/.test(lines[next] ?? '')) next++
  return /^[+-]/.test(lines[next] ?? '') && !isSignature(lines[next] ?? '')
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
