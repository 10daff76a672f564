/** A Debian source control file (dsc(5)): the source format, the version, the files and sums. */
import { createHash } from 'node:crypto'
import { UserError } from '../../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../../model/bytes.ts'
import type { NamedBytes } from '../../archive-files.ts'
import { directoryOf, isUnread, joinPath, type QueueFiles } from '../../files.ts'
import { MAX_PATCH, MAX_SERIES } from '../../limits.ts'

export interface SourceControl {
  /** "3.0 (quilt)". */
  format: string
  /** What the source package is called. */
  source: string
  version: string
  /** The line that says the version. */
  line: number
  files: ListedFile[]
}

interface ListedFile {
  name: ByteString
  size: number
  /** Of the strongest sort that it lists. */
  sum: { algorithm: string; digest: string }
}

/** The fields that list files, the strongest sums first. */
const SUMS = [
  { field: 'checksums-sha256', algorithm: 'sha256' },
  { field: 'checksums-sha1', algorithm: 'sha1' },
  { field: 'files', algorithm: 'md5' },
] as const

/** What stands beside it, as all files of a source package do. */
const IS_FILE_NAME = /^[A-Za-z0-9][\w.+~:-]*$/

/**
 * @throws UserError where it cannot be read, lacks what each has, or lists a file that is not
 *   beside it.
 */
export async function readSourceControl(files: QueueFiles, path: ByteString): Promise<SourceControl> {
  const name = files.nameOf(path)
  const read = await files.read(path, MAX_SERIES)
  if (isUnread(read)) throw new UserError(`${name}: ${read.because}`, 'name a .dsc file with --queue')
  const fields = fieldsIn(fromBytes(read))
  const lacking = ['format', 'source', 'version'].find((field) => !fields.has(field))
  const sums = SUMS.find(({ field }) => fields.has(field))
  if (lacking !== undefined || !sums)
    throw new UserError(`${name}: has no field ${lacking ?? 'Checksums-Sha256'}`, 'a .dsc is what dpkg-source writes')
  const version = fields.get('version')
  const listed = SUMS.flatMap(({ field, algorithm }) => {
    return (fields.get(field)?.value ?? '').split('\n').flatMap((line) => toListedFile(line, algorithm))
  })
  const outside = listed.find((file) => !IS_FILE_NAME.test(file.name))
  if (outside)
    throw new UserError(`${name}: lists ${toText(outside.name)}, which leaves its directory`, 'find out who wrote it')
  return {
    format: toText(fields.get('format')?.value ?? ''),
    source: toText(fields.get('source')?.value ?? ''),
    version: toText(version?.value ?? ''),
    line: version?.line ?? 1,
    files: listed.filter(({ sum }) => sum.algorithm === sums.algorithm),
  }
}

/** Fields in lower case, each with its first line and the folded lines below it. */
function fieldsIn(text: ByteString): Map<string, { value: ByteString; line: number }> {
  const fields = new Map<string, { value: ByteString; line: number }>()
  const lines = text.split(/\r?\n/)
  // A signature's armour stands around it, and has fields of its own.
  const armour = lines.indexOf('-----BEGIN PGP SIGNED MESSAGE-----')
  const start = armour < 0 ? 0 : armour + 1 + lines.slice(armour + 1).indexOf('')
  let current: { value: ByteString; line: number } | null = null
  for (const [at, line] of lines.entries()) {
    if (at < start) continue
    if (line.startsWith('-----BEGIN PGP SIGNATURE')) break
    const [, name, value = ''] = /^([A-Za-z][\w-]*):[ \t]*(.*)$/.exec(line) ?? []
    if (name !== undefined) {
      current = { value, line: at + 1 }
      if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), current)
    } else if (current && /^[ \t]/.test(line)) current.value += `\n${line.trim()}`
  }
  return fields
}

function toListedFile(line: ByteString, algorithm: string): ListedFile[] {
  const [digest, size, ...rest] = line.trim().split(/\s+/)
  const name = rest.at(-1)
  if (digest === undefined || name === undefined || !/^[0-9a-f]+$/i.test(digest)) return []
  return [{ name, size: Number(size), sum: { algorithm, digest: digest.toLowerCase() } }]
}

/**
 * A file that it lists, which stands beside it.
 *
 * @throws UserError where it is not there, or is not what was packed.
 */
export async function readListedFile(files: QueueFiles, dsc: ByteString, listed: ListedFile): Promise<NamedBytes> {
  const { name, size, sum } = listed
  const path = joinPath(directoryOf(dsc), name)
  const read = await files.read(path, MAX_PATCH)
  if (isUnread(read)) throw new UserError(`${files.nameOf(path)}: ${read.because}`, `${files.nameOf(dsc)} lists it`)
  if (read.length !== size || createHash(sum.algorithm).update(read).digest('hex') !== sum.digest)
    throw new UserError(
      `${files.nameOf(path)} does not fit the ${sum.algorithm.toUpperCase()} checksum in ${files.nameOf(dsc)}`,
      'it is not the file that was packed: get both anew',
    )
  return { name: files.nameOf(path), bytes: read }
}
