/** The files of a tree as patches change them one after the other, in memory. */

import type { FileWrite } from '../git/chain-writer.ts'
import type { ObjectReader } from '../git/object-reader.ts'
import { blobId } from '../git/object-writer.ts'
import { entryOf, readEntry } from '../git/tree-entry.ts'
import { type ByteString, splitLines, toBytes } from '../model/bytes.ts'
import { changesOf, type FileChange, type Hunk, type Patch } from '../model/patch.ts'
import { parentsOf } from '../model/paths.ts'
import { isSubmoduleText, SUBMODULE, type TreeChanges, type TreeEntries, type TreeEntry } from '../model/tree.ts'
import { applyHunks, type Leniency } from '../patch/apply/apply.ts'
import { applyBinary } from './binary.ts'

/** A file's lines are kept rather than its bytes: most files are patched more than once. */
interface File {
  mode: string
  lines: ByteString[]
}

/**
 * Where the files come from before any patch changes them; null where there is none of that name.
 */
export type FileSource = (path: ByteString) => Promise<{ mode: string; content: ByteString } | null>

/** Files by the entries of a tree, modes included. */
export function filesOfTree(entries: TreeEntries, reader: ObjectReader): FileSource {
  return async (path) => {
    const entry = entries.get(path)
    return entry ? await readFile(reader, entry) : null
  }
}

/** A file of a tree; null where the repository lacks it. */
export async function readFile(
  reader: ObjectReader,
  entry: TreeEntry,
): Promise<{ mode: string; content: ByteString } | null> {
  const content = await readEntry(reader, entry)
  return content === null ? null : { mode: entry.mode, content }
}

export type Outcome =
  | { kind: 'applied'; writes: FileWrite[]; offset: number; fuzz: number }
  | { kind: 'failed'; failures: Failure[] }

/** A path where a patch does not fit. `failed` hunks of `hunks`. */
export interface Failure {
  kind: 'failed'
  path: ByteString
  failed: number
  hunks: number
  reason: string
}

/**
 * A tree with changes on top. Contents are fetched before they are needed, so that applying is a
 * plain computation.
 */
export class TreeFiles {
  readonly #source: FileSource
  /** Null: there is no such file. */
  readonly #files = new Map<ByteString, File | null>()
  /** The paths below each directory that are known, whether there is a file or not. */
  readonly #below = new Map<ByteString, ByteString[]>()

  constructor(source: FileSource) {
    this.#source = source
  }

  async fetch(paths: Iterable<ByteString>): Promise<void> {
    const wanted = [...paths]
    const missing = [...new Set([...wanted, ...wanted.flatMap(parentsOf)])].filter((path) => !this.#files.has(path))
    await Promise.all(
      missing.map(async (path) => {
        const file = await this.#source(path)
        this.#set(path, file && { mode: file.mode, lines: splitLines(file.content) })
      }),
    )
  }

  /** Applies a whole patch or nothing of it. Its paths must have been fetched. */
  apply(patch: Patch, leniency: Leniency): Outcome {
    const before = new Map<ByteString, File | null>()
    const put = (path: ByteString, file: File | null) => {
      if (!before.has(path)) before.set(path, this.#get(path))
      this.#set(path, file)
    }
    const failures: Failure[] = []
    let offset = 0
    let fuzz = 0
    for (const changes of mailsOf(patch)) {
      const moves = changes.filter(isMove)
      // Moves start from the files as they were before the mail, so that two files can be swapped.
      const originals = new Map(moves.map(({ oldPath }) => [oldPath, this.#get(oldPath)]))
      const moveTargets = new Set(moves.map(({ newPath }) => newPath))
      const made = new Set(changes.map(({ newPath }) => newPath))
      const leaving = new Set(
        changes.flatMap((change) => (leaves(change) && !made.has(change.oldPath) ? [change.oldPath] : [])),
      )
      for (const change of changes) {
        const source = isMove(change) ? (originals.get(change.oldPath) ?? null) : this.#get(change.oldPath)
        const obstacle = this.#obstacleOf(change, originals, leaving)
        const changed = obstacle === null ? changeFile(change, source, leniency) : failure(change, obstacle)
        if (changed.kind === 'failed') {
          failures.push(changed)
          continue
        }
        const isGone =
          change.operation === 'delete' || (change.operation === 'rename' && !moveTargets.has(change.oldPath))
        if (isGone && change.oldPath !== null) put(change.oldPath, null)
        if (change.newPath !== null) put(change.newPath, changed.file)
        offset = Math.max(offset, changed.offset)
        fuzz = Math.max(fuzz, changed.fuzz)
      }
    }
    if (failures.length === 0)
      return { kind: 'applied', writes: [...before.keys()].map((path) => this.#write(path)), offset, fuzz }
    for (const [path, file] of before) this.#set(path, file)
    return { kind: 'failed', failures }
  }

  /** What stands in the way of a change; what the patch takes away does not (git apply's t4114). */
  #obstacleOf(
    { oldPath, newPath }: FileChange,
    originals: ReadonlyMap<ByteString | null, File | null>,
    leaving: ReadonlySet<ByteString | null>,
  ): string | null {
    const isTaken = (path: ByteString) => !leaving.has(path) && this.#get(path) !== null
    if (newPath === null || newPath === oldPath) return null
    if (!originals.has(newPath) && isTaken(newPath)) return 'a file of that name is there already'
    return this.#isBlocked(newPath, isTaken) ? 'a file stands where it needs a directory, or the other way round' : null
  }

  /**
   * Whether a path leads through a file, or is that of a directory. Of what no patch touches only
   * its parents are known.
   */
  #isBlocked(path: ByteString, isTaken: (path: ByteString) => boolean): boolean {
    if (this.#get(path)) return false
    if (parentsOf(path).some(isTaken)) return true
    return (this.#below.get(path) ?? []).some(isTaken)
  }

  #set(path: ByteString, file: File | null): void {
    if (!this.#files.has(path))
      for (const parent of parentsOf(path)) {
        const below = this.#below.get(parent)
        if (below) below.push(path)
        else this.#below.set(parent, [path])
      }
    this.#files.set(path, file)
  }

  #get(path: ByteString | null): File | null {
    return (path !== null && this.#files.get(path)) || null
  }

  #write(path: ByteString): FileWrite {
    const file = this.#get(path)
    return { path, mode: file?.mode ?? '100644', content: file ? toBytes(file.lines.join('')) : null }
  }
}

/**
 * The changes of each mail in the patch file, one mail after the other; all of them where it is
 * none.
 */
function mailsOf(patch: Patch): FileChange[][] {
  const mails = new Map<number, FileChange[]>()
  for (const change of changesOf(patch)) {
    const mail = mails.get(change.mail)
    if (mail) mail.push(change)
    else mails.set(change.mail, [change])
  }
  return [...mails.values()]
}

/** Whether a change takes the file away from its old path. */
function leaves({ operation }: FileChange): boolean {
  return operation === 'delete' || operation === 'rename'
}

function isMove(change: FileChange): boolean {
  return change.operation === 'rename' || change.operation === 'copy'
}

const LINK = '120000'

type Changed = { kind: 'changed'; file: File; offset: number; fuzz: number } | Failure

function changeFile(change: FileChange, source: File | null, leniency: Leniency): Changed {
  if (source === null && change.oldPath !== null) return failure(change, 'there is no such file')
  if (change.plain !== null && source?.mode === LINK)
    return failure(change, 'it is a symbolic link, which patch(1) refuses to patch')
  const mode = change.newMode ?? source?.mode ?? '100644'
  const lines = source?.lines ?? []
  const { body } = change
  if (body.kind === 'binary-stub')
    return failure(change, 'binary content that is not in the patch ("Binary files differ")')
  if (body.kind === 'binary') {
    const content = namesBoth(change, lines) ? applyBinary(lines.join(''), body.forward) : null
    if (content === null || !isBlob(content, change.newBlob))
      return failure(change, 'its binary data does not fit the file')
    return { kind: 'changed', file: { mode, lines: splitLines(content) }, offset: 0, fuzz: 0 }
  }
  if (change.plain === null && lines.length > 0 && fillsEmpty(change, mode, body.hunks))
    return failure(change, 'its text does not stand there')
  const applied = applyHunks(lines, body.hunks, leniency)
  if (applied.kind === 'failed') return failure(change, 'its text does not stand there', applied.failed.length)
  if (change.operation === 'delete' && applied.lines.length > 0)
    return failure(change, 'the file to delete holds more than the patch removes')
  if (mode === SUBMODULE && change.newPath !== null && !isSubmoduleText(applied.lines.join('')))
    return failure(change, 'a submodule is one line with the id of a commit')
  return { kind: 'changed', file: { mode, lines: applied.lines }, offset: applied.offset, fuzz: applied.fuzz }
}

/**
 * In git's diffs a range "-0,0" is the whole of an empty file; but where there is no context at all
 * it puts lines on top of one, and the `index` line names that. A link has one line.
 */
function fillsEmpty({ oldBlob }: FileChange, mode: string, hunks: readonly Hunk[]): boolean {
  const [only, ...others] = hunks
  if (only === undefined || others.length > 0 || only.oldStart + only.oldCount > 0) return false
  return mode === LINK || oldBlob === null || EMPTY_BLOBS.some((id) => id.startsWith(oldBlob))
}

/** The ids of an empty file in SHA-1 and SHA-256. */
const EMPTY_BLOBS = [40, 64].map((length) => blobId(Buffer.alloc(0), length))

/**
 * git apply takes binary data only for the very content that the full ids of the `index` line name,
 * before and after.
 */
function namesBoth({ oldPath, oldBlob }: FileChange, lines: readonly ByteString[]): boolean {
  return oldPath === null || isBlob(lines.join(''), oldBlob)
}

function isBlob(content: ByteString, id: string | null): boolean {
  // What an id of zeros stands for: no file.
  return id === null ? content === '' : id.length >= 40 && blobId(toBytes(content), id.length) === id
}

function failure(change: FileChange, reason: string, failed?: number): Failure {
  const hunks = change.body.kind === 'text' ? Math.max(1, change.body.hunks.length) : 1
  return { kind: 'failed', path: change.oldPath ?? change.newPath ?? '', failed: failed ?? hunks, hunks, reason }
}

/** Whether what is written is what a merge makes of the same files. */
export function agree(writes: readonly FileWrite[], changes: TreeChanges, idLength: number): boolean {
  if (writes.length !== changes.size) return false
  return writes.every(
    ({ path, mode, content }) =>
      (changes.get(path)?.blob ?? null) === (content === null ? null : entryOf({ mode, content }, idLength).blob),
  )
}
