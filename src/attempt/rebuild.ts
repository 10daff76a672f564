/**
 * Rebuilds the queue as a chain of commits on its own base. That chain gives every patch a merge
 * base, even where its file has no blob ids, or names blobs of the queue's own states, which no
 * clone has.
 */

import { type FileWrite, writeChain } from '../git/chain-writer.ts'
import { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { listTree } from '../git/tree.ts'
import { entryOf } from '../git/tree-entry.ts'
import type { Rebuild, RebuiltPatch } from '../model/attempt.ts'
import { type ByteString, toText } from '../model/bytes.ts'
import { changesOf, type Patch, pathsOf } from '../model/patch.ts'
import type { PatchQueue } from '../model/queue.ts'
import type { TreeEntries, TreeEntry } from '../model/tree.ts'
import { LENIENT } from '../patch/apply/apply.ts'
import { type Failure, filesOfTree, TreeFiles } from './files.ts'
import { settleNames } from './settle-names.ts'

type FileSteps = RebuiltPatch['changes']

/** `entries`: the files of the base. Returns one element per patch, in the order of the queue. */
export async function rebuildQueue(
  scratch: Scratch,
  entries: TreeEntries,
  queue: Pick<PatchQueue, 'patches'>,
): Promise<RebuiltPatch[]> {
  const reader = new ObjectReader(scratch)
  try {
    const touched = new Set(queue.patches.flatMap(pathsOf))
    const noted: Noted[] = []
    const { root, commits } = await writeChain(
      scratch,
      new Map([...entries].filter(([path]) => touched.has(path))),
      noteSteps(
        stepsOf(queue, entries, reader),
        { patches: queue.patches, entries, idLength: scratch.idLength },
        noted,
      ),
    )
    return chain(root, noted, commits)
  } finally {
    reader.close()
  }
}

/** What is kept of a step once its contents are written. */
interface Noted {
  rebuild: Rebuild
  /** Null for a patch that does not apply. */
  changes: FileSteps | null
  renames: RebuiltPatch['renames']
  copies: RebuiltPatch['copies']
  sources: RebuiltPatch['sources']
}

/**
 * Passes on what each patch that applies writes, and notes for every patch what it did. Contents
 * are not held: a long queue has gigabytes of them.
 */
async function* noteSteps(
  steps: AsyncIterable<Step>,
  { patches, entries, idLength }: { patches: readonly Patch[]; entries: TreeEntries; idLength: number },
  noted: Noted[],
): AsyncGenerator<FileWrite[]> {
  const current = new Map<ByteString, TreeEntry | null>()
  const fileAt = (path: ByteString) => current.get(path) ?? (current.has(path) ? null : (entries.get(path) ?? null))
  let next = 0
  for await (const { rebuild, writes, renames, copies } of steps) {
    const patch = patches[next++]
    const sources = new Map((patch ? pathsOf(patch) : []).map((path) => [path, fileAt(path)]))
    const changes = writes?.map(({ path, mode, content }) => {
      const before = fileAt(path)
      const after = content === null ? null : entryOf({ mode, content }, idLength)
      current.set(path, after)
      return [path, { before, after }] as const
    })
    // A file that the patch itself makes comes from nowhere, whatever it is called on the way.
    const moved = new Map([...renames].filter(([from]) => sources.get(from) !== null))
    noted.push({ rebuild, changes: changes ? new Map(changes) : null, renames: moved, copies, sources })
    if (writes) yield writes
  }
}

function chain(root: string, noted: readonly Noted[], commits: readonly string[]): RebuiltPatch[] {
  let parent = root
  let next = 0
  return noted.map(({ rebuild, changes, renames, copies, sources }) => {
    const commit = changes === null ? parent : (commits[next++] ?? parent)
    const rebuilt = { rebuild, parent, commit, changes: changes ?? new Map(), renames, copies, sources }
    parent = commit
    return rebuilt
  })
}

/** How many patches of the queue apply on a commit, in order; nothing is written. */
export async function countApplying(scratch: Scratch, commit: string, queue: PatchQueue): Promise<number> {
  const reader = new ObjectReader(scratch)
  try {
    let count = 0
    const entries = await listTree(scratch, commit)
    const patches = settleNames(queue.patches, (path) => entries.has(path))
    for await (const { writes } of stepsOf({ ...queue, patches }, entries, reader)) if (writes) count++
    return count
  } finally {
    reader.close()
  }
}

/** How one patch went, and what it writes; null where it does not apply. */
interface Step {
  rebuild: Rebuild
  writes: FileWrite[] | null
  renames: RebuiltPatch['renames']
  copies: RebuiltPatch['copies']
}

async function* stepsOf(
  queue: Pick<PatchQueue, 'patches'>,
  entries: TreeEntries,
  reader: ObjectReader,
): AsyncGenerator<Step> {
  const files = new TreeFiles(filesOfTree(entries, reader))
  await files.fetch(queue.patches.flatMap(pathsOf))
  for (const patch of queue.patches) {
    const misread = whyUnreadable(patch, entries)
    if (misread) {
      yield notApplied({ kind: 'unreadable', ...misread })
      continue
    }
    const outcome = files.apply(patch, LENIENT)
    if (outcome.kind === 'failed') yield notApplied({ kind: 'failed', ...explain(outcome.failures) })
    else {
      const copies = pathsOfThose('copy', patch).map(([from, to]) => [to, from] as const)
      yield {
        rebuild: nameRebuild(outcome.offset, outcome.fuzz),
        writes: outcome.writes,
        renames: new Map(pathsOfThose('rename', patch)),
        copies: new Map(copies),
      }
    }
  }
}

function notApplied(rebuild: Rebuild): Step {
  return { rebuild, writes: null, renames: new Map(), copies: new Map() }
}

/** The old and the new path of each file that a patch renames, or copies. */
function pathsOfThose(operation: 'rename' | 'copy', patch: Patch): [ByteString, ByteString][] {
  const those = changesOf(patch).filter((change) => change.operation === operation)
  return those.flatMap(({ oldPath, newPath }): [ByteString, ByteString][] =>
    oldPath !== null && newPath !== null ? [[oldPath, newPath]] : [],
  )
}

function nameRebuild(offset: number, fuzz: number): Rebuild {
  if (fuzz > 0) return { kind: 'fuzz', lines: fuzz }
  return offset > 0 ? { kind: 'offset', lines: offset } : { kind: 'clean' }
}

interface Explanation {
  reason: string
  hint: string
}

function whyUnreadable(patch: Patch, entries: TreeEntries): Explanation | null {
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

/**
 * A strip level under which every file of the patch would be there, where none is under its own.
 */
function wrongStrip(patch: Patch, entries: TreeEntries): { reason: string; hint: string } | null {
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
