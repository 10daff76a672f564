/** Writes a chain of commits in our own process: for a short one git would take longest to start. */
import type { ByteString } from '../model/bytes.ts'
import type { TreeEntries, TreeEntry } from '../model/tree.ts'
import { writeCommit } from './object-writer.ts'
import type { Scratch } from './scratch.ts'
import { writeEntry } from './tree-entry.ts'
import { DIRECTORY, writeTree } from './tree-writer.ts'

/** What one commit of a chain does to one path; `content` null deletes it. */
export interface FileWrite {
  path: ByteString
  mode: string
  content: Buffer | null
}

export interface Chain {
  root: string
  /** One per step. */
  commits: string[]
}

/**
 * Writes a root commit of `files`, and on top of it a commit for each of `steps`, which are taken
 * one at a time: a whole queue's files need not be in memory.
 */
export async function writeChain(
  scratch: Scratch,
  files: TreeEntries,
  steps: AsyncIterable<readonly FileWrite[]>,
): Promise<Chain> {
  const tree = new Directory()
  for (const [path, entry] of files) tree.set(path, entry)
  const commit = (parent: string | null) =>
    writeCommit(scratch.objects, { tree: tree.write(scratch), parent, message: '' })
  const root = commit(null)
  const commits: string[] = []
  for await (const writes of steps) {
    for (const { path, mode, content } of writes)
      tree.set(path, content === null ? null : writeEntry(scratch.objects, { mode, content }, scratch.idLength))
    commits.push(commit(commits.at(-1) ?? root))
  }
  return { root, commits }
}

/** A tree that changes; only what has changed since is written again. */
class Directory {
  readonly #entries = new Map<ByteString, TreeEntry | Directory>()
  #written: string | null = null

  /** Null deletes. A path that leads through a file replaces that file, as in git-fast-import(1). */
  set(path: ByteString, entry: TreeEntry | null): void {
    this.#written = null
    const slash = path.indexOf('/')
    if (slash < 0) {
      this.#put(path, entry)
      return
    }
    const name = path.slice(0, slash)
    const there = this.#entries.get(name)
    if (entry === null && !(there instanceof Directory)) return
    const below = there instanceof Directory ? there : new Directory()
    below.set(path.slice(slash + 1), entry)
    this.#put(name, below.#entries.size > 0 ? below : null)
  }

  /** Returns its id. */
  write(scratch: Scratch): string {
    this.#written ??= writeTree(
      scratch,
      new Map(
        [...this.#entries].map(([name, entry]) => [
          name,
          entry instanceof Directory ? { mode: DIRECTORY, blob: entry.write(scratch) } : entry,
        ]),
      ),
    )
    return this.#written
  }

  #put(name: ByteString, entry: TreeEntry | Directory | null): void {
    if (entry) this.#entries.set(name, entry)
    else this.#entries.delete(name)
  }
}
