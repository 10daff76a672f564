/** Makes diffs through long-lived `git diff-tree --stdin` processes, one for each set of options. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import {
  collect,
  endedEarly,
  endless,
  exitOf,
  failure,
  type GitContext,
  type Lent,
  MAX_OUTPUT,
  Silence,
  startGit,
} from './process.ts'

/** It prints a line that names no object as it is (git-diff-tree(1), --stdin): all before it is done. */
const END = 'that is all\n'
/** As a line of its own: what files hold stands behind a mark. */
const ENDED = `\n${END}`

/**
 * What `git diff-tree --stdin` says of each of the lines: two trees, or a commit and its parents.
 * @throws UserError where an object is lacking.
 */
export async function diffTrees(
  context: GitContext,
  options: readonly string[],
  lines: readonly string[],
): Promise<Buffer> {
  const { cwd, env, processes } = context
  const kind = JSON.stringify(['diff', options, cwd, env])
  const process = processes.lend(kind, () => new DiffProcess(context, ['diff-tree', '--stdin', ...options]))
  try {
    return await process.ask(lines)
  } finally {
    processes.giveBack(kind, process)
  }
}

class DiffProcess implements Lent {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #silence: Silence
  #chunks: Buffer[] = []
  #size = 0
  #tail = '\n'
  #failed: Error | null = null
  #waiting: { resolve: (diffs: Buffer) => void; reject: (error: Error) => void } | null = null

  constructor(context: GitContext, args: readonly string[]) {
    this.#child = startGit(context, args)
    this.#silence = new Silence(this.#child, context)
    const complaints = collect(this.#child.stderr)
    this.#child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    Promise.all([exitOf(this.#child), complaints]).then(
      ([code, stderr]) => {
        const result = { code, stdout: Buffer.alloc(0), stderr: stderr.toString('latin1') }
        this.#fail(this.#silence.error ?? (code === 0 ? endedEarly('diff-tree') : failure(args, result)))
      },
      (error: Error) => this.#fail(error),
    )
  }

  isAtRest(): boolean {
    return this.#failed === null && this.#waiting === null
  }

  ask(lines: readonly string[]): Promise<Buffer> {
    if (this.#failed) return Promise.reject(this.#failed)
    const answer = new Promise<Buffer>((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
    this.#silence.expect()
    this.#child.stdin.write(`${lines.join('\n')}\n${END}`)
    return answer
  }

  end(): void {
    this.#child.stdin.end()
  }

  #fail(error: Error): void {
    this.#failed ??= error
    this.#chunks = []
    this.#waiting?.reject(this.#failed)
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    this.#tail = (this.#tail + chunk.toString('latin1', Math.max(0, chunk.length - ENDED.length))).slice(-ENDED.length)
    if (this.#size > MAX_OUTPUT) this.#fail(endless())
    if (this.#tail !== ENDED) return
    const diffs = Buffer.concat(this.#chunks).subarray(0, -END.length)
    const waiting = this.#waiting
    this.#begin()
    this.#silence.rest()
    waiting?.resolve(diffs)
  }

  #begin(): void {
    this.#chunks = []
    this.#size = 0
    this.#tail = '\n'
    this.#waiting = null
  }
}
