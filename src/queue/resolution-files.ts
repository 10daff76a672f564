/** The resolutions beside a queue: one file each. */
import { lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toBytes, toText } from '../model/bytes.ts'
import type { Problem } from '../model/patch.ts'
import type { Resolution } from '../model/resolution.ts'
import { isMisread, readResolution } from '../patch/resolution/read.ts'
import { digestOfResolution, resolutionText } from '../patch/resolution/write.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, kindAt, type QueueFiles } from './files.ts'
import { MAX_RESOLUTION, MAX_RESOLUTIONS, MAX_RESOLUTIONS_SIZE } from './limits.ts'
import type { LocatedQueue } from './locate.ts'
import { writeWhole } from './write-whole.ts'

/** The name of their directory. */
const DIRECTORY = 'resolutions'

/** A resolution as its file says it. */
export interface FiledResolution {
  /** The file's own name. */
  file: string
  /** SHA-256 of its bytes. */
  digest: string
  resolution: Resolution
}

/** What a directory of resolutions holds. */
export interface FiledResolutions {
  resolutions: FiledResolution[]
  /** Files that could not be read, each with its line. */
  problems: Problem[]
}

/** Where a queue's resolutions are among its files: beside what lists it. */
export async function resolutionsAt({ files, list }: Pick<LocatedQueue, 'files' | 'list'>): Promise<ByteString> {
  return joinPath((await kindAt(files, list)) === 'directory' ? list : directoryOf(list), DIRECTORY)
}

/** The names of their files. */
export async function resolutionNames(files: QueueFiles, directory: ByteString): Promise<ByteString[]> {
  return (await fileNamesIn(files, directory)).filter((name) => /^[0-9a-f]{32}\.txt$/.test(name))
}

/** Reads them in the order of their names; what has another name than ours is let be. */
export async function readResolutions(files: QueueFiles, directory: ByteString): Promise<FiledResolutions> {
  const read: FiledResolutions = { resolutions: [], problems: [] }
  const names = await resolutionNames(files, directory)
  let size = 0
  for (const [at, name] of names.entries()) {
    const path = joinPath(directory, name)
    const problem = (line: number | null, message: string, hint: string) =>
      read.problems.push({ file: files.nameOf(path), line, message, hint })
    if (at >= MAX_RESOLUTIONS || size > MAX_RESOLUTIONS_SIZE) {
      problem(null, `${names.length - at} resolutions from here on are not read: there are too many`, 'remove old ones')
      break
    }
    const bytes = await files.read(path, MAX_RESOLUTION)
    if (isUnread(bytes)) problem(null, bytes.because, 'remove it, or put it back as it was')
    else {
      size += bytes.length
      const text = fromBytes(bytes)
      const resolution = readResolution(text)
      if (isMisread(resolution)) problem(resolution.line, resolution.because, 'remove it, or put it back as it was')
      else read.resolutions.push({ file: name, digest: digestOfResolution(text), resolution })
    }
  }
  return read
}

/**
 * Writes one to a directory, an absolute path; the same one is the same file. Returns the digest.
 *
 * @throws UserError where the directory is no directory of the queue's own.
 */
export function writeResolution(directory: string, resolution: Resolution): string {
  const text = resolutionText(resolution)
  const digest = digestOfResolution(text)
  const bytes = toBytes(text)
  if (bytes.length > MAX_RESOLUTION)
    throw new UserError(
      `a resolution of ${toText(resolution.lineage.path)} is larger than ${MAX_RESOLUTION >> 20} MiB`,
      'it cannot be remembered',
    )
  const stat = lstatSync(directory, { throwIfNoEntry: false })
  if (stat && !stat.isDirectory())
    throw new UserError(`${directory} is no directory`, 'move away what is there: resolutions are written to it')
  mkdirSync(directory, { recursive: true })
  writeWhole(join(directory, `${digest.slice(0, 32)}.txt`), bytes, 0o666)
  return digest
}
