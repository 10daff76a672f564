/** Reads attempts from documents into the record: all of them, or none. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import type { JobContext } from '../model/job.ts'
import type { NamedOverrule } from '../model/overrule.ts'
import { type ReadDocument, readDocument } from '../record/attempt-document.ts'
import { attemptOfDocument, listWithdrawn, patchNames } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { loadOverrules } from '../record/overrules.ts'
import { writeTo } from '../record/patience.ts'
import { insertAttempt } from '../record/save-attempt.ts'
import { type Place, withRecord } from '../workspace/record.ts'

/** What came of one import. */
export interface Imported {
  attempts: ImportedAttempt[]
  /** People's answers that came with the attempts, and count from now on. */
  answers: NamedOverrule[]
}

/** One document that was read: as which attempt it is recorded, and whether it was before. */
export interface ImportedAttempt {
  id: number
  isKnown: boolean
  isWithdrawn: boolean
  queue: string
  target: string
}

/**
 * `sources`: files and directories of *.json; "-": `standardInput`, in which a record without
 * attempts leaves nothing. One transaction for all: after an error there is nothing to be told
 * apart, and the same words may be typed again.
 */
export async function importAttempts(
  sources: readonly string[],
  standardInput: () => Promise<Buffer>,
  place: Place,
  context: JobContext,
): Promise<Imported> {
  const input = sources.includes('-') ? await standardInput() : Buffer.alloc(0)
  const documents = sources.flatMap((source) => {
    const found = source === '-' ? readLines(input, 'standard input') : readSource(source, context)
    if (found.length > 0 || source === '-') return found
    throw new UserError(`${source} holds no document`, 'name files that "rebaseline attempt export" wrote')
  })
  return withRecord(place, 'write', context, (database) => writeTo(database, () => importAll(database, documents)))
}

/** A document, and where it was read, for messages. */
interface FoundDocument {
  from: string
  read: ReadDocument
}

/** No document of an attempt is larger. */
const MAX_DOCUMENT = 1 << 28

function readSource(source: string, { cwd }: Pick<JobContext, 'cwd'>): FoundDocument[] {
  const path = resolve(cwd, source)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory()) {
    const names = readdirSync(path).filter((name) => name.endsWith('.json'))
    return names.sort().flatMap((name) => readSource(join(path, name), { cwd }))
  }
  if (!stat?.isFile()) throw new UserError(`${path} is no file and no directory`, 'name a document, or "-"')
  return readLines(readFileSync(path), path)
}

/** What a file begins with that has to be unpacked first, and by what. */
const PACKED = [
  ['\x1f\x8b', 'zcat'],
  ['BZh', 'bzcat'],
  ['\xfd7zXZ', 'xzcat'],
  ['\x28\xb5\x2f\xfd', 'zstdcat'],
] as const
/** In UTF-8 (RFC 3629, 6). */
const BYTE_ORDER_MARK = '\xef\xbb\xbf'

/** A document a line; a single one may have line ends of its own. */
function readLines(bytes: Buffer, from: string): FoundDocument[] {
  const packed = PACKED.find(([magic]) => bytes.toString('latin1', 0, magic.length) === magic)
  if (packed)
    throw new UserError(
      `${from} is compressed`,
      `unpack it first: ${packed[1]} ${from.startsWith('/') ? from : 'FILE'} | rebaseline attempt import -`,
    )
  const hasMark = bytes.toString('latin1', 0, BYTE_ORDER_MARK.length) === BYTE_ORDER_MARK
  const whole = hasMark ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes
  const lines = linesOf(whole)
  const isOnePerLine = lines.every(({ text }) => text.at(0) === 0x7b && text.at(-1) === 0x7d)
  if (!isOnePerLine) return [readOne(whole, from)]
  return lines.map(({ text, line }) => readOne(text, lines.length > 1 ? `${from}:${line}` : from))
}

/** Lines that are not blank, without the blanks at their ends, with their numbers. */
function linesOf(bytes: Buffer): { text: Buffer; line: number }[] {
  const lines: { text: Buffer; line: number }[] = []
  for (let from = 0, line = 1; from < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, from)
    const to = feed < 0 ? bytes.length : feed
    const text = trimmed(bytes.subarray(from, to))
    if (text.length > 0) lines.push({ text, line })
    from = to + 1
  }
  return lines
}

function trimmed(bytes: Buffer): Buffer {
  const isBlank = (byte: number | undefined) => byte === 0x20 || byte === 0x09 || byte === 0x0d
  let [from, to] = [0, bytes.length]
  while (from < to && isBlank(bytes[from])) from++
  while (to > from && isBlank(bytes[to - 1])) to--
  return bytes.subarray(from, to)
}

function readOne(bytes: Buffer, from: string): FoundDocument {
  if (bytes.length > MAX_DOCUMENT)
    throw new UserError(`${from} is larger than ${MAX_DOCUMENT >> 20} MiB`, 'is it a document at all?')
  return { from, read: readDocument(bytes.toString('utf8'), from) }
}

function importAll(database: Connection, documents: readonly FoundDocument[]): Imported {
  const before = loadOverrules(database)
  const attempts = documents.map((document) => importOne(database, document))
  const names = patchNames(
    database,
    attempts.map(({ id }) => id),
  )
  const answers = [...loadOverrules(database).values()]
    .filter(({ id, digest }) => before.get(digest)?.id !== id)
    .map((one) => ({ ...one, names: names.get(one.digest) ?? [] }))
  return { attempts, answers }
}

function importOne(database: Connection, { from, read }: FoundDocument): ImportedAttempt {
  const { attempt, hash } = read
  const facts = { queue: attempt.queue.source, target: attempt.target.ref }
  const known = attemptOfDocument(database, hash)
  if (known !== null) {
    const isWithdrawn = listWithdrawn(database).some(({ id }) => id === known)
    return { id: known, isKnown: true, isWithdrawn, ...facts }
  }
  try {
    return { id: insertAttempt(database, { ...read, document: hash }), isKnown: false, isWithdrawn: false, ...facts }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (error instanceof UserError) throw new UserError(`${from}: ${message}`, `${error.hint}; ${NOTHING}`)
    if (!code?.startsWith('SQLITE_CONSTRAINT')) throw error
    throw new UserError(`${from}: the document contradicts itself: ${message}`, NOTHING)
  }
}

const NOTHING = 'nothing was imported, of no document'
