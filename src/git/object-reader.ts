/** Reads objects through one long-lived `git cat-file --batch-command` (git 2.36). */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { UserError } from '../errors.ts'
import { endedEarly, exitOf, type GitContext, HOW_TO_GET_OBJECTS, type Lent, Silence, startGit } from './process.ts'

export interface GitObject {
  sha: string
  type: 'blob' | 'tree' | 'commit' | 'tag'
  /** In bytes. */
  size: number
  /** Empty where the size alone was asked for. */
  data: Buffer
}

interface Request {
  /** Whether the content is wanted, or the size alone. */
  isWhole: boolean
  resolve: (object: GitObject | null) => void
  reject: (error: Error) => void
}

/**
 * One who reads objects. The process behind it is lent: of one scratch repository as many are started
 * as read at the same time.
 */
export class ObjectReader {
  readonly #context: GitContext
  readonly #kind: string
  readonly #process: BatchProcess

  constructor(context: GitContext) {
    this.#context = context
    // In another environment there may be other objects.
    this.#kind = JSON.stringify(['read', context.cwd, context.env])
    this.#process = context.processes.lend(this.#kind, () => new BatchProcess(context))
  }

  /** `name` is anything git resolves: an id, `commit:path`. Null where there is no such object. */
  read(name: string): Promise<GitObject | null> {
    return this.#process.ask(name, true)
  }

  /** The same without its content: some objects are too large to be read. */
  look(name: string): Promise<GitObject | null> {
    return this.#process.ask(name, false)
  }

  /** To be called once, when nothing more is read. */
  close(): void {
    this.#context.processes.giveBack(this.#kind, this.#process)
  }
}

/** Requests are answered in order; many may be under way at once. */
class BatchProcess implements Lent {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #requests: Request[] = []
  readonly #silence: Silence
  /** Why there is no process any more. */
  #failed: Error | null = null
  #chunks: Buffer[] = []
  #held = 0
  #wanted = 0
  /** Asked for since the last write. */
  #names = ''

  constructor(context: GitContext) {
    this.#child = startGit(context, ['cat-file', '--batch-command'])
    this.#silence = new Silence(this.#child, context)
    this.#child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    exitOf(this.#child).then(
      () => this.#fail(this.#silence.error ?? endedEarly('cat-file')),
      (error: Error) => this.#fail(error),
    )
  }

  isAtRest(): boolean {
    return this.#failed === null && this.#requests.length === 0
  }

  ask(name: string, isWhole: boolean): Promise<GitObject | null> {
    // A line feed would end the request early: no object has such a name here.
    if (name.includes('\n')) return Promise.resolve(null)
    if (this.#failed) return Promise.reject(this.#failed)
    return new Promise((resolve, reject) => {
      this.#requests.push({ isWhole, resolve, reject })
      this.#silence.expect()
      if (this.#names === '') queueMicrotask(() => this.#write())
      this.#names += `${isWhole ? 'contents' : 'info'} ${name}\n`
    })
  }

  end(): void {
    this.#write()
    this.#child.stdin.end()
  }

  #write(): void {
    if (this.#names !== '') this.#child.stdin.write(this.#names, 'latin1')
    this.#names = ''
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#held += chunk.length
    if (this.#held < this.#wanted) return
    let buffer = Buffer.concat(this.#chunks)
    let used = this.#answer(buffer)
    while (used > 0) {
      buffer = buffer.subarray(used)
      used = this.#answer(buffer)
    }
    if (this.#requests.length === 0) this.#silence.rest()
    this.#chunks = buffer.length > 0 ? [buffer] : []
    this.#held = buffer.length
  }

  /** Takes one whole answer off the front; returns its length, 0 where it has not all arrived. */
  #answer(buffer: Buffer): number {
    const lineEnd = buffer.indexOf(10)
    if (lineEnd < 0) return 0
    const [sha = '', type = '', size = ''] = buffer.toString('latin1', 0, lineEnd).split(' ')
    if (!/^\d+$/.test(size) || type === 'missing') {
      this.#requests.shift()?.resolve(null)
      return lineEnd + 1
    }
    const object = { sha, type: type as GitObject['type'], size: Number(size) }
    if (this.#requests[0]?.isWhole === false) {
      this.#requests.shift()?.resolve({ ...object, data: Buffer.alloc(0) })
      return lineEnd + 1
    }
    const end = lineEnd + 1 + object.size
    this.#wanted = end + 1
    if (buffer.length < end + 1) return 0
    this.#wanted = 0
    const data = Buffer.from(buffer.subarray(lineEnd + 1, end))
    this.#requests.shift()?.resolve({ ...object, data })
    return end + 1
  }

  #fail(error: Error): void {
    this.#failed = error
    for (const { reject } of this.#requests.splice(0)) reject(error)
  }
}

/**
 * The content of a file that a tree has. @throws UserError where the repository lacks it: it must
 * not pass for an empty one.
 */
export async function readBlob(reader: ObjectReader, id: string): Promise<Buffer> {
  const object = await reader.read(id)
  if (object?.type === 'blob') return object.data
  throw new UserError(`the upstream repository lacks ${id}`, HOW_TO_GET_OBJECTS)
}
