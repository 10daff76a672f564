/** The upstream's commit below a queue of commits. */
import { UserError } from '../../errors.ts'
import type { Problem } from '../../model/patch.ts'
import type { KnownBase } from '../../model/queue.ts'
import type { CommitNode, QueueRepository } from '../../model/repository.ts'

/** The commits that some tips hold and the upstream does not; and where they begin. */
export interface OwnCommits {
  own: CommitNode[]
  /** The newest commit of the upstream that the tips hold; null where there is none. */
  base: string | null
}

/** `upstream`: commits, all of whose ancestors are the upstream's. */
export async function ownCommits(
  repository: QueueRepository,
  tip: string,
  upstream: readonly string[],
): Promise<OwnCommits> {
  const own = await repository.list([tip], upstream)
  if (own.length === 0) return { own, base: tip }
  const known = new Set(own.map(({ sha }) => sha))
  const below = new Set(own.flatMap(({ parents }) => parents.filter((parent) => !known.has(parent))))
  return { own, base: below.size === 0 ? null : await repository.newest([...below]) }
}

/**
 * The base of a queue that begins at a commit: that one, or where the upstream does not hold it the
 * newest that both hold, with a note that says so. `said`: what names the commit.
 */
export async function baseFrom(
  repository: QueueRepository,
  start: string,
  { source, said, found }: { source: string; said: string; found: KnownBase['found'] },
): Promise<{ base: KnownBase | null; notes: Problem[] }> {
  const { own, base } = await ownCommits(repository, start, repository.upstream)
  if (own.length === 0) return { base: { commit: start, found }, notes: [] }
  const hint = 'name the release that it is based on with --base'
  if (base === null) {
    const message = `${said} has no commit in common with the upstream`
    return { base, notes: [{ file: source, line: null, message, hint }] }
  }
  const message = `${said} is no commit of the upstream: the newest of it that it holds is ${base.slice(0, 12)}; commits between, which are no patches of the queue: ${own.length}`
  return { base: { commit: base, found: 'merge-base' }, notes: [{ file: source, line: null, message, hint }] }
}

/** What needs the repository itself, where only files are at hand. */
export function needsRepository(source: string): UserError {
  return new UserError(`${source} can only be read from a repository on disk`, 'name it with "rebaseline try --queue"')
}
