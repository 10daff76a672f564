/** What was asked of a scratch repository before: its refs stay as they are, and so do commits. */
import type { TreeEntries } from '../model/tree.ts'

/** Of so many trees the files are kept: each may hold a hundred thousand. */
const MOST_TREES = 4

export class Answers {
  readonly #short = new Map<string, Promise<unknown>>()
  /** By commit, the one asked for last at the end. */
  readonly #trees = new Map<string, Promise<TreeEntries>>()

  /** An answer that takes little room. */
  once<Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const answer = (this.#short.get(question) as Promise<Answer> | undefined) ?? ask()
    this.#short.set(question, answer)
    return answer
  }

  /** The files of a commit. */
  tree(commit: string, list: () => Promise<TreeEntries>): Promise<TreeEntries> {
    const files = this.#trees.get(commit) ?? list()
    this.#trees.delete(commit)
    this.#trees.set(commit, files)
    const [oldest] = this.#trees.keys()
    if (this.#trees.size > MOST_TREES && oldest !== undefined) this.#trees.delete(oldest)
    return files
  }

  /** There is more to see than before. */
  forget(): void {
    this.#short.clear()
    this.#trees.clear()
  }
}
