/**
 * Reads commits with their diffs, in one pass over `git log -p`: message, paths, patch-id and
 * changed lines. Making the diffs is what takes git its time, so everything that needs them is
 * taken from the same stream.
 */
import { createHash, type Hash } from 'node:crypto'
import { collect, endedEarly, endless, exitOf, failure, Silence, startGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { type ByteString, toText } from '../model/bytes.ts'
import type { Commit, IndexedCommit } from '../model/history.ts'
import { hashLine, hashMessage, NetWords } from '../model/line-hash.ts'
import { parseCommit } from './messages.ts'

/** A line that begins with a NUL begins a commit: no line of a text diff does. */
const FORMAT = '%x00%H%x00%P%x00%ct%x00%an <%ae>%x00%B%x00'

/** What goes beyond it of one line is not looked at: no text has such lines. */
const MAX_LINE = 16 << 20
/** And what has a line as long as this is no git. */
const ENDLESS = 2 ** 32

/**
 * Yields the commits in the order of `shas`, a merge without lines. @throws UserError behind the
 * last one that could be read.
 */
export async function* scanCommits(scratch: Scratch, shas: readonly string[]): AsyncGenerator<IndexedCommit> {
  if (shas.length === 0) return
  const diff = ['-p', '--full-index', '--no-renames', '--no-ext-diff', '--no-textconv', '--root']
  const child = startGit(scratch, [
    'log',
    '--no-walk=unsorted',
    '--stdin',
    `--format=${FORMAT}`,
    '--encoding=UTF-8',
    ...diff,
  ])
  const silence = new Silence(child, scratch)
  silence.expect()
  child.stdin.end(`${shas.join('\n')}\n`)
  const ended = Promise.all([collect(child.stderr), exitOf(child)])
  child.stdout.setEncoding('latin1')
  let record: RecordReader | null = null
  let begun = ''
  let length = 0
  for await (const piece of child.stdout) {
    const chunk = piece as string
    let from = 0
    for (let feed = chunk.indexOf('\n'); feed >= 0; feed = chunk.indexOf('\n', from)) {
      const line = begun + chunk.slice(from, feed)
      begun = ''
      from = feed + 1
      if (line.startsWith('\0') && record?.isMessageComplete !== false) {
        if (record) yield record.finish()
        record = new RecordReader()
      }
      if (!record) throw endless()
      record.line(line)
    }
    const rest = chunk.slice(from)
    length = from === 0 ? length + rest.length : rest.length
    if (length > ENDLESS) throw endless()
    begun += begun.length < MAX_LINE ? rest : onlyNuls(rest)
  }
  // Of the last one something may be missing.
  const [stderr, code] = await ended
  if (silence.error) throw silence.error
  if (code === 0 && !record) throw endedEarly('log')
  if (code === 0 && record) yield record.finish()
  if (code !== 0) throw failure(['log'], { code, stdout: Buffer.alloc(0), stderr: stderr.toString('latin1') })
}

/** The lines of a message that go beyond it are not looked at. */
const MAX_HEAD = 4 << 20

/** What ends the fields of a record must not be lost with what is not looked at. */
function onlyNuls(text: ByteString): ByteString {
  let count = 0
  for (let at = text.indexOf('\0'); at >= 0 && count < HEAD_SEPARATORS; at = text.indexOf('\0', at + 1)) count++
  return '\0'.repeat(count)
}

/** NULs in a record's head: before the id, and after each of its five fields. */
const HEAD_SEPARATORS = 6

/** Takes the lines of one commit. */
class RecordReader {
  #head = ''
  #separators = 0
  readonly #diff = new DiffReader()

  get isMessageComplete(): boolean {
    return this.#separators >= HEAD_SEPARATORS
  }

  line(line: ByteString): void {
    if (this.isMessageComplete) {
      this.#diff.line(line)
      return
    }
    const isLong = this.#head.length + line.length > MAX_HEAD
    this.#head += isLong ? onlyNuls(line) : `${line}\n`
    for (let at = line.indexOf('\0'); at >= 0; at = line.indexOf('\0', at + 1)) this.#separators++
  }

  finish(): IndexedCommit {
    const fields = toText(this.#head).slice(1)
    const commit: Commit = parseCommit(fields)
    // The subject is compared by its words.
    const body = fields.split('\0')[4]?.split('\n').slice(1) ?? []
    return { ...commit, ...this.#diff.finish(), message: hashMessage(body) }
  }
}

/**
 * Takes the lines of one commit's diff, and computes `git patch-id --stable` of it on the way
 * (git-patch-id(1)).
 */
export class DiffReader {
  readonly #paths: ByteString[] = []
  readonly #lines: number[] = []
  /** Whether the current file comes or goes as a whole. */
  #whole: 'created' | 'deleted' | null = null
  readonly #moves = new MovedLines()
  readonly #words = new NetWords()
  readonly #sum = new Uint8Array(20)
  readonly #file = new FileHash()
  #oldLeft = 0
  #newLeft = 0
  #index = ''
  #hasHunks = false
  #isAfterBinary = false

  line(line: ByteString): void {
    if (this.#oldLeft > 0 || this.#newLeft > 0) this.#hunkLine(line)
    else if (line.startsWith('@@ -')) this.#hunkHeader(line)
    else if (line.startsWith('diff --git ')) this.#nextFile(line)
    else if (line.startsWith('index ')) this.#index = line.slice(6)
    else if (line.startsWith('new file mode ')) this.#begin('created', line)
    else if (line.startsWith('deleted file mode ')) this.#begin('deleted', line)
    else if (line.startsWith('Binary files ')) {
      const [, before = '', after = ''] = /^([0-9a-f]+)\.\.([0-9a-f]+)/.exec(this.#index) ?? []
      this.#file.push(before, after)
      this.#flush()
      this.#isAfterBinary = true
    } else if (this.#paths.length > 0 && !line.startsWith('\\') && line !== '') this.#file.push(line)
  }

  finish(): Pick<IndexedCommit, 'patchId' | 'paths' | 'lines' | 'words'> {
    const isEmpty = this.#paths.length === 0
    this.#flush()
    const patchId = isEmpty ? null : Buffer.from(this.#sum).toString('hex')
    const lines = Uint32Array.from(this.#moves.leaveOut(this.#lines))
    return { patchId, paths: this.#paths, lines, words: this.#words.added() }
  }

  #nextFile(line: ByteString): void {
    // As git does it: a file without hunks (a mode, an empty file) is hashed together with the
    // next, and the line after a binary one is not.
    if (this.#hasHunks) this.#flush()
    if (!this.#isAfterBinary) this.#file.push(line)
    this.#isAfterBinary = false
    this.#hasHunks = false
    this.#whole = null
    // Without rename detection both names are the same, but for the prefix.
    this.#paths.push(line.slice(line.length - (line.length - 'diff --git a/'.length - 3) / 2))
  }

  #begin(whole: 'created' | 'deleted', line: ByteString): void {
    this.#whole = whole
    this.#file.push(line)
  }

  #hunkHeader(line: ByteString): void {
    this.#hasHunks = true
    const [, oldCount = '1', newCount = '1'] = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line) ?? []
    this.#oldLeft = Number(oldCount)
    this.#newLeft = Number(newCount)
  }

  #hunkLine(line: ByteString): void {
    const mark = line[0]
    if (mark === '\\') return
    this.#file.push(line)
    if (mark !== '+') this.#oldLeft--
    if (mark !== '-') this.#newLeft--
    if (mark !== '+' && mark !== '-') return
    const text = line.slice(1)
    const hash = hashLine(mark, text)
    if (hash === null) return
    this.#words.add(mark, text)
    if (this.#whole === 'created') this.#moves.created(hash)
    if (this.#whole === 'deleted') this.#moves.deleted(hash, hashLine('+', text) ?? 0)
    this.#lines.push(hash)
  }

  /** The hashes of the files are added up, so that their order does not matter. */
  #flush(): void {
    const hash = this.#file.take()
    if (hash === null) return
    let carry = 0
    for (let at = 0; at < hash.length; at++) {
      carry += (this.#sum[at] ?? 0) + (hash[at] ?? 0)
      this.#sum[at] = carry & 255
      carry >>= 8
    }
  }
}

/** So many characters of a file are hashed at once: in a text of many megabytes that takes gigabytes. */
const PIECE = 1 << 16

/** The hash of one file of a diff: of its header and hunk lines without blanks, not of hunk headers. */
class FileHash {
  #lines: ByteString[] = []
  #length = 0
  #hash: Hash | null = null

  push(...lines: ByteString[]): void {
    for (const line of lines) {
      this.#lines.push(line)
      this.#length += line.length
    }
    if (this.#length > PIECE) this.#update()
  }

  /** What was pushed since the last time; null where that was nothing. */
  take(): Buffer | null {
    if (this.#lines.length > 0) this.#update()
    const digest = this.#hash?.digest() ?? null
    this.#hash = null
    return digest
  }

  #update(): void {
    this.#hash ??= createHash('sha1')
    this.#hash.update(this.#lines.join('').replace(/[ \t\n\r]+/g, ''), 'latin1')
    this.#lines = []
    this.#length = 0
  }
}

/**
 * Lines of a file that a commit deletes and that stand in one that it creates: it moves them, and
 * changes nothing about them. git finds such files by their likeness (diffcore(7)); here each line
 * is its own witness, so that a file taken apart is followed as well.
 */
class MovedLines {
  readonly #created: number[] = []
  /** Of each line the hash that it has where it is removed, and where it is added. */
  readonly #removed: number[] = []
  readonly #added: number[] = []

  created(hash: number): void {
    this.#created.push(hash)
  }

  deleted(removed: number, added: number): void {
    this.#removed.push(removed)
    this.#added.push(added)
  }

  /** The lines of the commit without those that it moves. */
  leaveOut(lines: readonly number[]): readonly number[] {
    // Nearly all commits only create or only delete: a million lines are then not counted.
    if (this.#created.length === 0 || this.#removed.length === 0) return lines
    const created = countOf(this.#created)
    const left = new Map<number, number>()
    const removedAs = new Map(this.#added.map((added, at) => [added, this.#removed[at] ?? 0]))
    for (const [added, times] of countOf(this.#added)) {
      const moved = Math.min(times, created.get(added) ?? 0)
      if (moved > 0) left.set(added, moved).set(removedAs.get(added) ?? 0, moved)
    }
    if (left.size === 0) return lines
    return lines.filter((line) => {
      const times = left.get(line) ?? 0
      if (times > 0) left.set(line, times - 1)
      return times === 0
    })
  }
}

function countOf(hashes: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1)
  return counts
}
