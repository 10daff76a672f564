/** Makes diffs through long-lived `git diff-tree --stdin` processes, one for each set of options. */
import { AnsweringProcess, type Dialogue } from './answering.ts'
import { endedEarly, endless, failure, type GitContext, MAX_OUTPUT } from './process.ts'

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
  const process = processes.lend(
    kind,
    () => new AnsweringProcess(context, dialogue(['diff-tree', '--stdin', ...options])),
  )
  try {
    return await process.ask(`${lines.join('\n')}\n${END}`)
  } finally {
    processes.giveBack(kind, process)
  }
}

function dialogue(args: readonly string[]): Dialogue<Buffer> {
  const answer = new Diffs()
  const ended: Dialogue<Buffer>['ended'] = (result) =>
    result.code === 0 ? endedEarly('diff-tree') : failure(args, result)
  return { args, ended, read: (chunk) => answer.take(chunk) }
}

/** What has arrived of an answer. */
class Diffs {
  #chunks: Buffer[] = []
  #size = 0
  #tail = '\n'

  /** Returns the answer without its end; null where it has not all arrived. */
  take(chunk: Buffer): Buffer | null {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    this.#tail = (this.#tail + chunk.toString('latin1', Math.max(0, chunk.length - ENDED.length))).slice(-ENDED.length)
    if (this.#size > MAX_OUTPUT) throw endless()
    if (this.#tail !== ENDED) return null
    const diffs = Buffer.concat(this.#chunks).subarray(0, -END.length)
    this.#chunks = []
    this.#size = 0
    this.#tail = '\n'
    return diffs
  }
}
