/**
 * In-memory three-way merges through `git merge-tree --write-tree`: no work tree, renames followed.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { ByteString } from '../model/bytes.ts'
import { endedEarly, exitOf, type GitContext, type Lent, runGit, Silence, startGit } from './process.ts'

/** One side of an unmerged path: stage 1 is the base, 2 ours, 3 theirs. */
export interface UnmergedEntry {
  mode: string
  blob: string
  stage: 1 | 2 | 3
  path: ByteString
}

export interface MergeResult {
  clean: boolean
  /** The merged tree; in a conflict it holds files with conflict markers. */
  tree: string
  unmerged: UnmergedEntry[]
  /** git's own kinds of conflict by path: "CONFLICT (contents)", "CONFLICT (modify/delete)". */
  conflicts: { kind: string; paths: ByteString[] }[]
}

const ARGUMENTS = ['merge-tree', '--write-tree', '-z']

/**
 * Merges pairs of commits, one after the other. git 2.39 writes its answers only when its input
 * ends, unless stdbuf(1) takes the buffer away; without stdbuf every merge is a process of its own.
 */
export class Merger {
  readonly #context: GitContext
  readonly #kind: string
  readonly #process: MergeProcess | null

  constructor(context: GitContext) {
    const { cwd, env, processes } = context
    this.#context = context
    this.#kind = JSON.stringify(['merge', cwd, env])
    const stdbuf = (env.PATH ?? '').split(delimiter).some((directory) => existsSync(join(directory, 'stdbuf')))
    this.#process = stdbuf ? processes.lend(this.#kind, () => new MergeProcess(context)) : null
  }

  /** One merge at a time. */
  merge(ours: string, theirs: string): Promise<MergeResult> {
    return this.#process ? this.#process.merge(ours, theirs) : this.#mergeOnce(ours, theirs)
  }

  /** To be called once, when nothing more is merged. */
  close(): void {
    if (this.#process) this.#context.processes.giveBack(this.#kind, this.#process)
  }

  async #mergeOnce(ours: string, theirs: string): Promise<MergeResult> {
    const { code, stdout } = await runGit(this.#context, [...ARGUMENTS, ours, theirs], { accept: [0, 1] })
    const fields = stdout.toString('latin1').split('\0')
    // A clean merge prints the tree alone.
    const result =
      code === 0
        ? { clean: true, tree: fields[0] ?? '', unmerged: [], conflicts: [] }
        : readRecord(['0', ...fields, ''])
    if (!result) throw new Error('git merge-tree gave an answer that cannot be read')
    return result
  }
}

class MergeProcess implements Lent {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #silence: Silence
  #buffer = ''
  /** Why there is no process any more. */
  #failed: Error | null = null
  #waiting: { resolve: (result: MergeResult) => void; reject: (error: Error) => void } | null = null

  constructor(context: GitContext) {
    this.#child = startGit(context, [...ARGUMENTS, '--stdin'], ['stdbuf', '-o0'])
    this.#silence = new Silence(this.#child, context)
    this.#child.stdout.setEncoding('latin1')
    this.#child.stdout.on('data', (text: string) => this.#receive(text))
    exitOf(this.#child).then(
      () => this.#fail(this.#silence.error ?? endedEarly('merge-tree')),
      (error: Error) => this.#fail(error),
    )
  }

  isAtRest(): boolean {
    return this.#failed === null && this.#waiting === null
  }

  merge(ours: string, theirs: string): Promise<MergeResult> {
    if (this.#failed) return Promise.reject(this.#failed)
    const answer = new Promise<MergeResult>((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
    this.#silence.expect()
    this.#child.stdin.write(`${ours} ${theirs}\n`)
    return answer
  }

  end(): void {
    this.#child.stdin.end()
  }

  #fail(error: Error): void {
    this.#failed = error
    this.#waiting?.reject(error)
  }

  #receive(text: string): void {
    this.#buffer += text
    const result = readRecord(this.#buffer.split('\0'))
    if (!result) return
    this.#buffer = ''
    const waiting = this.#waiting
    this.#waiting = null
    this.#silence.rest()
    waiting?.resolve(result)
  }
}

/**
 * git-merge-tree(1), OUTPUT and INPUT FORMAT, fields separated by NUL. Null where the record has
 * not all arrived.
 */
function readRecord(fields: string[]): MergeResult | null {
  // What stands behind the last NUL is not complete.
  const complete = fields.slice(0, -1)
  let at = 0
  const [status, tree] = [complete[at++], complete[at++]]
  if (status === undefined || tree === undefined) return null
  const result: MergeResult = { clean: status === '1', tree, unmerged: [], conflicts: [] }
  for (let field = complete[at++]; field !== ''; field = complete[at++]) {
    if (field === undefined) return null
    result.unmerged.push(readUnmerged(field))
  }
  if (result.clean) return result
  for (let count = complete[at++]; count !== ''; count = complete[at++]) {
    if (count === undefined) return null
    const paths = complete.slice(at, at + Number(count))
    const kind = complete[at + Number(count)]
    const message = complete[at + Number(count) + 1]
    if (kind === undefined || message === undefined) return null
    result.conflicts.push({ kind, paths })
    at += Number(count) + 2
  }
  return result
}

function readUnmerged(field: string): UnmergedEntry {
  const [, mode = '', blob = '', stage = '', path = ''] = /^(\d+) ([0-9a-f]+) ([123])\t(.*)$/s.exec(field) ?? []
  return { mode, blob, stage: Number(stage) as 1 | 2 | 3, path }
}
