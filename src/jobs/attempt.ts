/** Attempts as documents: written, read back, and withdrawn where they were made by mistake. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import type { JobContext } from '../model/job.ts'
import { documentOf, type ReadDocument, readDocument } from '../record/attempt-document.ts'
import { attemptOfDocument, listAttempts, listWithdrawn, loadPatch, saveWord } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { loadAttempt } from '../record/load-attempt.ts'
import { saveAttempt } from '../record/save-attempt.ts'
import { type AttemptPlace, attemptsOf, chooseAttempt, findAttempt } from '../workspace/queue-place.ts'
import { type Place, withRecord } from '../workspace/record.ts'

export interface ExportRequest extends AttemptPlace {
  /** `all`: of all queues. `queue`: all of the queue that is meant. `one`: the one that is meant. */
  which: 'all' | 'queue' | 'one'
}

/** Hands out one document after the other, a line each. */
export function exportAttempts(
  request: ExportRequest,
  context: JobContext,
  write: (line: string) => void,
): Promise<void> {
  return withRecord(request, 'read', context, async (database) => {
    for (const id of await idsOf(database, request, context)) {
      const attempt = loadAttempt(database, id)
      if (!attempt) throw new Error('an attempt that is listed is not there')
      const { startedAt, durationMs, toolVersion } = attempt
      const digests = new Set(attempt.results.map(({ patch }) => patch.digest))
      const contents = new Map([...digests].map((digest) => [digest, loadPatch(database, digest)]))
      write(`${documentOf({ attempt, timing: { startedAt, durationMs, toolVersion }, contents }).text}\n`)
    }
  })
}

async function idsOf(database: Connection, request: ExportRequest, context: JobContext): Promise<number[]> {
  if (request.which === 'one') return [await chooseAttempt(database, request, context)]
  const ofQueue = async () => (await attemptsOf(database, request, context)).attempts
  const chosen = request.which === 'all' ? listAttempts(database) : await ofQueue()
  return chosen.map(({ id }) => id)
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
 * `sources`: files and directories of *.json; "-": `standardInput`. All of them are read before
 * anything is recorded.
 */
export function importAttempts(
  sources: readonly string[],
  standardInput: () => string,
  place: Place,
  context: JobContext,
): Promise<ImportedAttempt[]> {
  const documents = sources.flatMap((source) => {
    const found = readSource(source, standardInput, context)
    if (found.length > 0) return found
    throw new UserError(`${source} holds no document`, 'name files that "rebaseline attempt export" wrote')
  })
  return withRecord(place, 'write', context, async (database) => {
    const imported: ImportedAttempt[] = []
    for (const one of documents) imported.push(await importOne(database, one))
    return imported
  })
}

/** No document of an attempt is larger. */
const MAX_DOCUMENT = 1 << 30

function readSource(source: string, standardInput: () => string, { cwd }: Pick<JobContext, 'cwd'>): ReadDocument[] {
  if (source === '-') return readLines(standardInput(), 'standard input')
  const path = resolve(cwd, source)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory()) {
    const names = readdirSync(path).filter((name) => name.endsWith('.json'))
    return names.sort().flatMap((name) => readSource(join(path, name), standardInput, { cwd }))
  }
  if (!stat?.isFile()) throw new UserError(`${path} is no file and no directory`, 'name a document, or "-"')
  if (stat.size > MAX_DOCUMENT) throw new UserError(`${path} is larger than 1 GiB`, 'is it a document at all?')
  return readLines(readFileSync(path, 'utf8'), path)
}

/** A document a line; a single one may have line ends of its own. */
function readLines(text: string, from: string): ReadDocument[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const isOnePerLine = lines.every((line) => line.startsWith('{') && line.endsWith('}'))
  if (!isOnePerLine) return [readDocument(text, from)]
  return lines.map((line, at) => readDocument(line, lines.length > 1 ? `${from}:${at + 1}` : from))
}

async function importOne(database: Connection, read: ReadDocument): Promise<ImportedAttempt> {
  const { attempt, hash } = read
  const facts = { queue: attempt.queue.source, target: attempt.target.ref }
  const known = attemptOfDocument(database, hash)
  if (known !== null) {
    const isWithdrawn = listWithdrawn(database).some(({ id }) => id === known)
    return { id: known, isKnown: true, isWithdrawn, ...facts }
  }
  try {
    return {
      id: await saveAttempt(database, { ...read, document: hash }),
      isKnown: false,
      isWithdrawn: false,
      ...facts,
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (!code?.startsWith('SQLITE_CONSTRAINT')) throw error
    throw new UserError(`the document of ${facts.queue} contradicts itself: ${message}`, 'nothing of it is recorded')
  }
}

/** @throws UserError where there is no such attempt that counts. */
export function withdraw(
  { reason, by, ...place }: Place & { attempt: string; reason: string; by: string },
  context: JobContext,
): Promise<number> {
  return withRecord(place, 'amend', context, async (database) => {
    const id = await chooseAttempt(database, place, context)
    await saveWord(database, { id, answer: 'withdrawn', reason, by, at: new Date(context.now()).toISOString() })
    return id
  })
}

/** Takes a withdrawal back. @throws UserError where there is no such attempt that is withdrawn. */
export function restore(
  { by, ...place }: Place & { attempt: string; by: string },
  context: JobContext,
): Promise<number> {
  return withRecord(place, 'amend', context, async (database) => {
    const found = await findAttempt(database, place, context)
    const { id } = found
    if (!('reason' in found))
      throw new UserError(`attempt ${id} is not withdrawn`, 'it counts: there is nothing to restore')
    await saveWord(database, { id, answer: 'restored', reason: '', by, at: new Date(context.now()).toISOString() })
    return id
  })
}
