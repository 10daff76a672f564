/**
 * One patch file, bytes in, `Patch` out. Never throws for what the bytes hold: a fault is a value.
 */
import { createHash } from 'node:crypto'
import { type ByteString, countFeeds, fromBytes } from '../../model/bytes.ts'
import type { FileChange, Patch, PatchContent, Problem } from '../../model/patch.ts'
import { movedBelow, reverseChange, toFileChange } from './changes.ts'
import { readHeader } from './header.ts'
import { MalformedPatch } from './malformed.ts'
import { type RawSection, type Segments, segment } from './segment.ts'
import { findSmuggled } from './smuggled.ts'
import { rejectStandIns } from './stand-ins.ts'
import { strayHunksIn } from './stray.ts'

/** What the series says of a patch. */
export type Listing = Pick<
  Patch,
  'name' | 'section' | 'owner' | 'comment' | 'strip' | 'reversed' | 'directory' | 'listed'
>

/** What is said of a patch that no series lists. */
export function bareListing(name: string, strip = 1): Listing {
  return { name, section: '', owner: null, comment: null, strip, reversed: false, directory: '', listed: null }
}

/** A patch file that could not be opened or may not be read is a problem instead of bytes. */
export function readPatch(listing: Listing, position: number, read: Uint8Array | Problem): Patch {
  const bytes = read instanceof Uint8Array ? read : new Uint8Array()
  const parsed = read instanceof Uint8Array ? parse(listing, bytes) : unreadable(read)
  const header = readHeader(parsed.segments?.header ?? '', listing.name, listing.comment)
  return {
    ...listing,
    position,
    digest: createHash('sha256').update(bytes).digest('hex'),
    subject: header.subject,
    author: header.author,
    files: parsed.content.kind === 'readable' ? parsed.content.files.length : 0,
    bytes,
    header,
    content: parsed.content,
    added: countLines(parsed.content, 'add'),
    removed: countLines(parsed.content, 'remove'),
    warnings: parsed.warnings,
  }
}

interface Parsed {
  segments: Segments | null
  content: PatchContent
  warnings: Problem[]
}

function unreadable(problem: Problem): Parsed {
  return { segments: null, content: { kind: 'unreadable', problem }, warnings: [] }
}

function parse(listing: Listing, bytes: Uint8Array): Parsed {
  const text = fromBytes(bytes)
  const encoded = claimedEncoding(text)
  if (encoded) return unreadable({ file: listing.name, line: 1, ...encoded })
  const disguise = disguiseOf(bytes)
  if (disguise) return unreadable({ file: listing.name, line: 1, ...disguise })
  let segments: Segments | null = null
  try {
    segments = segment(text)
    if (segments.sections.length === 0) rejectOtherDiffs(segments.header)
    if (segments.sections.length === 0) rejectHiddenDiffs(segments.header)
    if (segments.sections.length === 0) rejectStandIns(segments.header)
    if (segments.sections.length === 0) rejectLostDiff(text)
    if (segments.sections.length > 0 && segments.sections.every((section) => section.binaryStub)) {
      const hint = 'make the patch with git diff --binary'
      throw new MalformedPatch(
        segments.sections[0]?.line ?? 1,
        'binary content that is not in the patch ("Binary files differ")',
        hint,
      )
    }
    const files = segments.sections.map((section) =>
      movedBelow(toFileChange(section, listing.strip), listing.directory),
    )
    const content: PatchContent = { kind: 'readable', files: listing.reversed ? reverseAll(files) : files }
    return {
      segments,
      content,
      warnings: [...warningsOf(listing.name, segments), ...damageIn(listing.name, text, segments)],
    }
  } catch (error) {
    if (!(error instanceof MalformedPatch)) throw error
    const problem = { file: listing.name, line: error.line, message: error.message, hint: error.hint }
    return { ...unreadable(problem), segments }
  }
}

/**
 * Lines of a diff that is not a unified one: normal, ed script, or cut to pieces. Read as words,
 * such a patch would count as empty.
 */
const SURE_DIFF =
  /^(?:\d+(?:,\d+)?[acd]\d*(?:,\d+)?|Index: \S.*|Binary file \S.* has changed|(?:\] )?(?:hunk|addfile|rmfile) \.\/\S.*)\r?$/
/** What `git diff --color` begins its lines with. */
const COLOURED = /^(?:\x1b\[[\d;]*m)+(?:diff |--- |\+\+\+ |@@ )/
const OTHER_DIFF = /^(?:[<>] .*|[-+]{3} \S.*|\*{3} \S.*|Only in [^:]*: .*)\r?$/

function rejectOtherDiffs(header: ByteString): void {
  const lines = header.split('\n')
  const coloured = lines.findIndex((line) => COLOURED.test(line))
  if (coloured >= 0)
    throw new MalformedPatch(coloured + 1, 'a diff in the colours of a terminal', 'make it anew: git diff --no-color')
  const at = lines.findIndex((line) => OTHER_DIFF.test(line) || SURE_DIFF.test(line))
  const isSure = lines.some((line) => SURE_DIFF.test(line))
  if (at < 0 || (!isSure && lines.filter((line) => OTHER_DIFF.test(line)).length < 2)) return
  throw new MalformedPatch(
    at + 1,
    'no unified diff: this looks like another kind of diff',
    'make it a unified one: diff -u',
  )
}

/** What patch(1) would apply, or what is no text at all, is not an empty patch. */
function rejectHiddenDiffs(header: ByteString): void {
  const [hidden] = findSmuggled(header)
  if (hidden) throw new MalformedPatch(hidden.line, 'an indented diff, and no other', 'take the indentation off')
  if (header.includes('\0')) throw new MalformedPatch(1, 'no text, and no diff in it', 'this is no patch')
}

/**
 * What patches begin with that have a diff: where none follows, it was lost on the way. `empty` is
 * said of words alone.
 */
const ANNOUNCES = [
  { line: /^(?:From [0-9a-f]{7,64} |# HG changeset patch|commit [0-9a-f]{40}$)/, what: 'a mail or a commit' },
  { line: /^(?:From|Subject|Date|Description|Origin|Author): /i, what: 'the fields of a patch' },
  { line: /^(?:Signed-off-by|Acked-by|Reviewed-by|Cc|Upstream-Status): /i, what: 'the tags of a patch' },
  { line: /^(?:---\r?$|diff |Index: | .+ \| +(?:\d+|Bin)\b| \d+ files? changed)/, what: 'a trace of a diff' },
]

/** A patch that was cut off is not an empty one. @throws MalformedPatch */
function rejectLostDiff(header: ByteString): void {
  const hint = 'get the patch anew, or take it out of the series'
  if (header === '') throw new MalformedPatch(1, 'the file is empty', hint)
  const lines = header.split('\n')
  if (isSigned(lines)) return
  if (lines.at(-1) !== '')
    throw new MalformedPatch(lines.length, 'no diff, and the last line has no end: the file was cut off', hint)
  for (const { line, what } of ANNOUNCES) {
    const at = lines.findIndex((one) => line.test(one))
    if (at >= 0) throw new MalformedPatch(at + 1, `${what}, and no diff: the file was cut off, or never had one`, hint)
  }
}

/** git format-patch of a commit that changes nothing ends with the signature of a mail. */
function isSigned(lines: readonly ByteString[]): boolean {
  return lines.some((line, at) => line === '-- ' && /^\d+\.\d/.test(lines[at + 1] ?? ''))
}

function reverseAll(files: FileChange[]): FileChange[] {
  return files
    .map((file) => {
      const reversed = reverseChange(file)
      if (reversed) return reversed
      throw new MalformedPatch(
        1,
        'its series line says -R, but the patch cannot be turned around',
        'reverse the patch itself',
      )
    })
    .reverse()
}

/** Files that are no patch in a way that would read as an empty one. */
function disguiseOf(bytes: Uint8Array): { message: string; hint: string } | null {
  const starts = (...magic: number[]) => magic.every((byte, index) => bytes[index] === byte)
  if (starts(0x1f, 0x8b) || starts(0x42, 0x5a, 0x68) || starts(0xfd, 0x37, 0x7a, 0x58, 0x5a)) {
    return { message: 'the patch is compressed', hint: 'unpack it and name the unpacked file in the series' }
  }
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) {
    return { message: 'the patch is UTF-16 text', hint: 'convert it: iconv -f UTF-16 -t UTF-8' }
  }
  const text = fromBytes(bytes.subarray(0, 65536))
  if (/^\s*<(?:!doctype html|html)/i.test(text))
    return { message: 'an HTML page, no patch', hint: 'download the raw patch again' }
  const looksLikeDiff = /^(?:diff |--- |\+\+\+ |@@ )/m.test(text) || /\r(?:diff |--- |@@ )/.test(text)
  if (looksLikeDiff && !text.includes('\n'))
    return { message: 'lines end in CR alone', hint: 'convert the line ends to LF' }
  return null
}

/**
 * A mail that says it is encoded, and is: some were decoded and kept their header. What the body is
 * decides.
 */
function claimedEncoding(text: ByteString): { message: string; hint: string } | null {
  const [, claimed] = /^Content-Transfer-Encoding: *(base64|quoted-printable)/im.exec(text.slice(0, 65536)) ?? []
  if (claimed === undefined) return null
  const isPlain = /^@@ -\d/m.test(text)
  const isQuoted =
    claimed.toLowerCase() !== 'base64' &&
    /=(?:\r?\n|[0-9A-F]{2})/.test(text.slice(text.search(/^(?:diff |--- )/m) >>> 0))
  if (isPlain && !isQuoted) return null
  const hint = 'decode it: git mailinfo msg diff < FILE'
  return { message: 'the mail is encoded in transfer, patch(1) cannot read it', hint }
}

/** Signs that a patch which can be read is not the whole: it is used, and somebody should look. */
function damageIn(name: string, text: ByteString, { header, sections }: Segments): Problem[] {
  if (sections.length === 0) return []
  const hint = 'compare it with where it came from: it may have been cut off'
  const isCut = !text.endsWith('\n') && !isPlainEnd(text)
  const line = isCut ? countFeeds(text) + 1 : null
  const cut = { file: name, line, message: 'the last line has no line feed', hint }
  const at = header.split('\n').findIndex((line) => STAT.test(line))
  const [, announced = ''] = STAT.exec(header.split('\n')[at] ?? '') ?? []
  const files = new Set(sections.map(({ preamble, newName }) => newName ?? preamble[0])).size
  const fewer = { file: name, line: at + 1, message: `announces ${announced} files, and has ${files}`, hint }
  const [last] = sections.slice(-1)
  const bare = { file: name, line: last?.line ?? 1, message: 'the last file is made, and nothing says what of', hint }
  const isBare = last !== undefined && isMadeOfNothing(last) && sections.some(hasIndexLine)
  return [...(isCut ? [cut] : []), ...(isBare ? [bare] : []), ...(at >= 0 && Number(announced) > files ? [fewer] : [])]
}

/** git has an `index` line for each file that it makes, also for an empty one; Mercurial has none. */
function isMadeOfNothing(section: RawSection): boolean {
  const isMade = section.preamble.some((line) => line.startsWith('new file mode '))
  return isMade && section.hunks.length === 0 && section.binary === null && !hasIndexLine(section)
}

function hasIndexLine({ preamble }: RawSection): boolean {
  return preamble.some((line) => line.startsWith('index '))
}

const STAT = /^ (\d+) files? changed(?:, \d+ (?:insertion|deletion)s?\([+-]\)){1,2}\r?$/

/** Behind the signature of a mail nothing is lost. */
function isPlainEnd(text: ByteString): boolean {
  return /(?:^|\n)-- \n$/.test(text.slice(0, text.lastIndexOf('\n') + 1).slice(-5))
}

function warningsOf(name: string, segments: Segments): Problem[] {
  const smuggled = findSmuggled(segments.header).map(({ line, path }) => ({
    file: name,
    line,
    message: `a diff of ${path} in the description: patch(1) applies it, git apply and this tool do not`,
    hint: 'take it out, or find out who put it there',
  }))
  const quoted = strayHunksIn(segments.header).map((at) => ({
    file: name,
    line: at + 1,
    message: 'a hunk in the description that belongs to no file: patch(1) and this tool leave it out',
    hint: 'indent it, or put "--- old" and "+++ new" lines in front of it',
  }))
  const short = segments.sections.flatMap((section) => section.hunks).filter((hunk) => hunk.missingContext > 0)
  const lacking = short.map((hunk) => ({
    file: name,
    line: hunk.line,
    message: `the hunk lacks ${hunk.missingContext} of its lines of context; used all the same, as patch(1) does (git apply calls it corrupt)`,
    hint: 'quilt refresh writes it anew',
  }))
  const eaten = segments.sections.flatMap((section) => section.hunks).filter((hunk) => hunk.eatenBlanks > 0)
  const damaged = eaten.map((hunk) => ({
    file: name,
    line: hunk.line,
    message: `${hunk.eatenBlanks} lines of context of the hunk have lost the blank in front; used all the same, as patch(1) does (git apply calls it corrupt)`,
    hint: 'quilt refresh writes it anew',
  }))
  return [...smuggled, ...quoted, ...lacking, ...damaged]
}

function countLines(content: PatchContent, kind: 'add' | 'remove'): number {
  if (content.kind === 'unreadable') return 0
  let count = 0
  for (const { body } of content.files) {
    if (body.kind !== 'text') continue
    for (const hunk of body.hunks) for (const line of hunk.lines) if (line.kind === kind) count++
  }
  return count
}
