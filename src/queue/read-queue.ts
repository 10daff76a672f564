/** Reads a patch queue from disk. The only file of this room that touches the file system. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toBytes, toText } from '../model/bytes.ts'
import type { Patch, PatchQueue, Problem } from '../model/patch.ts'
import { unsafePath } from '../model/paths.ts'
import { bareListing, type Listing, readPatch } from '../patch/read/read-patch.ts'
import { MAX_PATCH, MAX_SERIES } from './limits.ts'
import { isPatchName, locateQueue } from './locate.ts'
import { type RevisionPart, revisionOf } from './revision.ts'
import { DEFAULT_STRIP, MAX_ENTRIES, parseSeries, passesGuards, type Series, type SeriesEntry } from './series.ts'

/**
 * `source`: a series file; a directory that holds one (itself, or in patches/ or debian/patches/,
 * or as guilt's .git/patches/<branch>); or a directory of *.patch and *.diff files, which are taken
 * in the order of their names. `selected`: the guards that hold.
 *
 * @throws UserError where there is no queue at all. A patch that cannot be read is a value in the
 * queue.
 */
export function readQueue(source: string, selected: ReadonlySet<string>): PatchQueue {
  const found = locateQueue(resolve(source))
  const series = found.kind === 'series' ? readSeries(found.path) : listDirectory(found.path)
  if (series.entries.length > MAX_ENTRIES) {
    throw new UserError(`${found.path} lists more than ${MAX_ENTRIES} patches`, 'split the queue')
  }
  const isGuilt = found.kind === 'series' && found.path.includes('/.git/patches/')
  const active = series.entries.filter((entry) => passesGuards(entry, selected, isGuilt))
  const directory = found.kind === 'series' ? dirname(found.path) : found.path
  const firstLines = new Map(active.toReversed().map(({ name, line }) => [name, line]))
  const patches = active.map((entry, index) => {
    const { line: _, problem: __, guards: ___, guardsInFront: ____, ...listing } = entry
    const read = readEntry(directory, entry, firstLines.get(entry.name) ?? 0, found.path)
    const named = { ...listing, name: toText(entry.name) }
    return found.kind === 'series' ? readPatch(named, index + 1, read) : readUnlisted(named, index + 1, read)
  })
  return {
    source: found.path,
    format: found.kind === 'directory' ? 'directory' : isGuilt ? 'guilt' : 'quilt',
    revision: revisionOf(patches.map(toPart)),
    patches,
    disabled: series.disabled.length,
    guarded: series.entries.length - active.length,
  }
}

/**
 * Patch files by themselves, named as they were given, from `directory`. `strip`: null where nobody
 * says it.
 */
export function readLoosePatches(
  directory: string,
  files: readonly string[],
  strip: number | null,
): PatchQueue['patches'] {
  return files.map((file, index) => {
    const read = readRegularFile(resolve(directory, file), MAX_PATCH)
    const bytes = typeof read === 'string' ? { file, line: null, message: read, hint: 'name a patch file' } : read
    if (strip !== null) return readPatch(bareListing(file, strip), index + 1, bytes)
    return readUnlisted(bareListing(file), index + 1, bytes)
  })
}

/**
 * A patch of which no series says the strip level: 1, or 0 where that leaves nothing of a name. A
 * warning says so.
 */
function readUnlisted(listing: Listing, position: number, read: Uint8Array | Problem): Patch {
  const patch = readPatch(listing, position, read)
  if (patch.content.kind === 'readable' || !(read instanceof Uint8Array)) return patch
  const whole = readPatch({ ...listing, strip: 0 }, position, read)
  if (whole.content.kind !== 'readable') return patch
  const { name } = listing
  const message = 'read with -p0, since -p1 leaves nothing of a name'
  const hint = 'say it in a series ("name -p0"), or with --strip'
  const { line } = patch.content.problem
  return { ...whole, warnings: [{ file: name, line, message, hint }, ...whole.warnings] }
}

/** A patch that is not there has no content. */
function toPart({ name, strip, reversed, digest, bytes, content }: PatchQueue['patches'][number]): RevisionPart {
  // What is wrong with a file that is there is said of the file, of a missing one of the series.
  const isMissing = bytes.length === 0 && content.kind === 'unreadable' && content.problem.file !== name
  return { name, strip, reversed, digest: isMissing ? null : digest }
}

function readSeries(path: string): Series {
  const read = readRegularFile(path, MAX_SERIES)
  if (typeof read === 'string') throw new UserError(`${path}: ${read}`, 'name a series file with --queue')
  if (/^(?:diff --git |@@ -\d)/m.test(fromBytes(read)))
    throw new UserError(
      `${path} is a patch, not a series of them`,
      'name the series file or its directory with --queue; "rebaseline find" takes single patches',
    )
  const series = parseSeries(fromBytes(read))
  if (series.entries.length === 0 && series.disabled.length === 0) {
    throw new UserError(`${path} lists no patch`, 'a series file holds one file name per line')
  }
  return series
}

function listDirectory(path: string): Series {
  const names = readdirSync(path).filter(isPatchName).sort()
  if (names.length === 0) {
    throw new UserError(`${path} holds no series file and no *.patch or *.diff`, 'name the series file with --queue')
  }
  const series = parseSeries('')
  series.entries = names.map((name) => ({ ...bareEntry, name: fromBytes(Buffer.from(name)) }))
  return series
}

const bareEntry: Omit<SeriesEntry, 'name'> = {
  ...bareListing('', DEFAULT_STRIP),
  line: 0,
  guards: [],
  guardsInFront: false,
  problem: null,
}

/**
 * `first`: the line that names the patch first; quilt(1) knows patches by their names, so that each
 * stands in the series once.
 */
function readEntry(directory: string, entry: SeriesEntry, first: number, series: string): Uint8Array | Problem {
  const line = entry.line || null
  const problem = (message: string, hint: string): Problem => ({ file: series, line, message, hint })
  if (entry.problem) return problem(`${entry.problem} for ${toText(entry.name)}`, 'a series line takes -pN and -R')
  if (first !== entry.line)
    return problem(
      `${toText(entry.name)} is listed in line ${first} already`,
      'take one of the two lines out of the series',
    )
  // "./a.patch" is a.patch.
  const name = entry.name.replace(/^(?:\.\/+)+(?=.)/, '')
  const unsafe = unsafePath(name) ?? linkIn(directory, name)
  if (unsafe) return problem(`${toText(entry.name)}: ${unsafe}`, 'a patch is a regular file below its series')
  const read = readRegularFile(pathOf(directory, name), MAX_PATCH)
  if (typeof read !== 'string') return read
  return problem(`${toText(entry.name)}: ${read}`, 'add the file, or take its line out of the series')
}

/** As bytes: a name need not be UTF-8. */
function pathOf(directory: string, name: ByteString): Buffer {
  return Buffer.concat([Buffer.from(`${directory}/`), toBytes(name)])
}

/** A link could lead out of the queue, to a file that must not be shown. */
function linkIn(directory: string, name: ByteString): string | null {
  const parts = name.split('/')
  for (let count = 1; count <= parts.length; count++) {
    const part = parts.slice(0, count).join('/')
    if (isLink(pathOf(directory, part))) return `${toText(part)} is a symbolic link`
  }
  return null
}

function isLink(path: Buffer): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    // Not there, or below something that is no directory: reading it will say so.
    return false
  }
}

/**
 * The bytes, or why they cannot be had. Opened once, without following links and without waiting
 * for a FIFO.
 */
function readRegularFile(path: string | Buffer, limit: number): Uint8Array | string {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file'
    return code === 'ELOOP' ? 'a symbolic link' : `cannot be read (${code})`
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return 'not a regular file'
    if (stat.size > limit) return `larger than ${limit >> 20} MiB`
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}
