/**
 * In-memory three-way merges through `git merge-tree --write-tree`: no work tree, renames followed.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { ByteString } from '../model/bytes.ts'
import { AnsweringProcess, type Dialogue } from './answering.ts'
import { endedEarly, type GitContext, runGit } from './process.ts'

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
  readonly #process: AnsweringProcess<MergeResult> | null

  constructor(context: GitContext) {
    const { cwd, env, processes } = context
    this.#context = context
    this.#kind = JSON.stringify(['merge', cwd, env])
    const stdbuf = (env.PATH ?? '').split(delimiter).some((directory) => existsSync(join(directory, 'stdbuf')))
    this.#process = stdbuf ? processes.lend(this.#kind, () => new AnsweringProcess(context, dialogue())) : null
  }

  /** One merge at a time. */
  merge(ours: string, theirs: string): Promise<MergeResult> {
    return this.#process ? this.#process.ask(`${ours} ${theirs}\n`) : this.#mergeOnce(ours, theirs)
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

function dialogue(): Dialogue<MergeResult> {
  let buffer = ''
  return {
    args: [...ARGUMENTS, '--stdin'],
    wrapper: ['stdbuf', '-o0'],
    ended: () => endedEarly('merge-tree'),
    read: (chunk) => {
      buffer += chunk.toString('latin1')
      const result = readRecord(buffer.split('\0'))
      if (result) buffer = ''
      return result
    },
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
