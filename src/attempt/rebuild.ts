/**
 * Rebuilds the queue as a chain of commits on its own base. That chain gives every patch a merge base, even where its file has no blob
 * ids, or names blobs of the queue's own states, which no clone has.
 */
import { ObjectReader } from '../git/object-reader.ts'
import { writeChain } from '../git/object-writer.ts'
import type { Scratch } from '../git/scratch.ts'
import { listTree, type TreeEntry } from '../git/tree.ts'
import type { Rebuild, RebuiltPatch } from '../model/attempt.ts'
import { type ByteString, toText } from '../model/bytes.ts'
import { changesOf, type Patch, type PatchQueue, pathsOf } from '../model/patch.ts'
import { type Failure, filesOfTree, TreeFiles } from './files.ts'

/** quilt's default; a queue is maintained with tools that allow it. */
const FUZZ = 2

/** @returns one element per patch, in the order of the queue. */
export async function rebuildQueue(scratch: Scratch, base: string, queue: PatchQueue): Promise<RebuiltPatch[]> {
  const entries = await listTree(scratch, base)
  const reader = new ObjectReader(scratch)
  try {
    const files = new TreeFiles(filesOfTree(entries, reader))
    const rebuilds: Rebuild[] = []
    const commits = await writeChain(scratch, base, steps(queue, entries, files, rebuilds))
    return chain(base, rebuilds, commits)
  } finally {
    reader.close()
  }
}

/** How many patches of the queue apply on a commit, in order; nothing is written. */
export async function countApplying(scratch: Scratch, commit: string, queue: PatchQueue): Promise<number> {
  const entries = await listTree(scratch, commit)
  const reader = new ObjectReader(scratch)
  try {
    let count = 0
    for await (const _ of steps(queue, entries, new TreeFiles(filesOfTree(entries, reader)), [])) count++
    return count
  } finally {
    reader.close()
  }
}

/** Yields what each patch that applies writes, and notes for every patch how it went. */
async function* steps(
  queue: PatchQueue,
  entries: ReadonlyMap<ByteString, TreeEntry>,
  files: TreeFiles,
  rebuilds: Rebuild[],
) {
  for (const patch of queue.patches) {
    await files.fetch(pathsOf(patch))
    const misread = whyUnreadable(patch, entries)
    if (misread) {
      rebuilds.push({ kind: 'unreadable', ...misread })
      continue
    }
    const outcome = files.apply(patch, FUZZ)
    if (outcome.kind === 'failed') {
      rebuilds.push({ kind: 'failed', ...explain(outcome.failures) })
      continue
    }
    rebuilds.push(
      outcome.fuzz > 0
        ? { kind: 'fuzz', lines: outcome.fuzz }
        : outcome.offset > 0
          ? { kind: 'offset', lines: outcome.offset }
          : { kind: 'clean' },
    )
    yield outcome.writes
  }
}

function chain(base: string, rebuilds: Rebuild[], commits: string[]): RebuiltPatch[] {
  let parent = base
  let next = 0
  return rebuilds.map((rebuild) => {
    const applied = rebuild.kind !== 'failed' && rebuild.kind !== 'unreadable'
    const commit = applied ? (commits[next++] ?? parent) : parent
    const rebuilt = { rebuild, parent, commit }
    parent = commit
    return rebuilt
  })
}

interface Explanation {
  reason: string
  hint: string
}

function whyUnreadable(patch: Patch, entries: ReadonlyMap<ByteString, TreeEntry>): Explanation | null {
  if (patch.content.kind === 'readable') return wrongStrip(patch, entries)
  const { line, message, hint } = patch.content.problem
  return { reason: line === null ? message : `line ${line}: ${message}`, hint }
}

function explain(failures: Failure[]): Explanation {
  const words = failures
    .slice(0, 3)
    .map(({ path, failed, hunks, reason }) => `${toText(path)}: ${reason} (${failed} of ${hunks} hunks)`)
  const more = failures.length > 3 ? `; ${failures.length - 3} more files` : ''
  return {
    reason: `does not apply on the base: ${words.join('; ')}${more}`,
    hint: 'check --base, and that the patches above it in the series are complete',
  }
}

/** A strip level under which every file of the patch would be there, where none is under its own. */
function wrongStrip(
  patch: Patch,
  entries: ReadonlyMap<ByteString, TreeEntry>,
): { reason: string; hint: string } | null {
  const changes = changesOf(patch).filter((change) => change.operation === 'modify' || change.operation === 'delete')
  const first = changes[0]
  if (!first || changes.some((change) => entries.has(change.oldPath ?? ''))) return null
  const strip = [0, 1, 2, 3].find((count) => {
    return changes.every((change) => entries.has(change.writtenPath.split('/').slice(count).join('/')))
  })
  if (strip === undefined || strip === patch.strip) return null
  return {
    reason: `wrong strip level: with -p${patch.strip} it changes ${toText(first.oldPath ?? '')}, which is not there; with -p${strip} all its files are`,
    hint: `write "${patch.name} -p${strip}" in the series`,
  }
}
