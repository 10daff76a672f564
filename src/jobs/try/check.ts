/**
 * Judges a rebase, whoever made it: every change of the old queue has one fate in the new one. Where
 * a change was left out, an attempt with the old queue says whether the target has it.
 */
import { resolve } from 'node:path'
import { rebuildQueue } from '../../attempt/rebuild.ts'
import { settleNames } from '../../attempt/settle-names.ts'
import { landedThen } from '../../evidence/landed-then.ts'
import { readTargetTree } from '../../evidence/read-upstream.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { listTree } from '../../git/tree.ts'
import { readEntry } from '../../git/tree-entry.ts'
import { updateTree } from '../../git/tree-writer.ts'
import { fateOfFile, fateOfHunk, type LeftOut } from '../../judge/account.ts'
import { type AccountedPatch, isWholeAccount, type QueueAccount, type QueueProblem } from '../../model/account.ts'
import type { Attempt, RebuiltPatch } from '../../model/attempt.ts'
import { type ByteString, splitLines } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import type { PatchChange } from '../../model/fate.ts'
import type { JobContext } from '../../model/job.ts'
import { changesOf, type Patch } from '../../model/patch.ts'
import type { PatchQueue } from '../../model/queue.ts'
import type { TargetTree, TreeChanges, TreeEntries, TreeEntry } from '../../model/tree.ts'
import { type HeldQueue, holdQueues } from '../../patch/account/account.ts'
import { headerLosses } from '../../patch/account/header-losses.ts'
import type { AccountSide, FileSides } from '../../patch/account/hunk-runs.ts'
import { locateQueue } from '../../queue/locate.ts'
import { readLocated } from '../../queue/read-queue.ts'
import { reasonsIn } from '../../queue/reasons.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { preparedQueues } from '../../workspace/prepared-queues.ts'
import { repositoriesBeside, upstreamName, withScratch } from '../../workspace/scratch.ts'
import { type Tried, tryQueue } from './try-queue.ts'

export interface CheckRequest {
  /** The queue before the rebase, and the rebased one. */
  old: string
  now: string
  upstream: string
  /** Null: find it. */
  base: string | null
  onto: string
}

/** What a check found. */
export interface CheckedRebase extends QueueAccount {
  attempt: Attempt
  /** Whether nothing is missing, and the new queue can be used. */
  isWhole: boolean
  /** The new queue's tree against that of the attempt; null where the attempt did not land whole. */
  tree: 'same' | 'differs' | null
}

export async function checkRebase(request: CheckRequest, context: JobContext): Promise<CheckedRebase> {
  const old = await locateQueue(resolve(context.cwd, request.old))
  const now = await locateQueue(resolve(context.cwd, request.now))
  const reasonOf = await reasonsIn(now)
  return await withScratch({ upstream: request.upstream }, context, (scratch) =>
    withCommitCache(scratch, context, async (cache) => {
      const reading = { guards: new Set<string>(), inRepository: repositoriesBeside(scratch, context) }
      const queues = { old: await readLocated(old, reading), now: await readLocated(now, reading) }
      const prepared = preparedQueues(scratch, context, false)
      const tools = {
        scratch,
        cache,
        prepared,
        overrules: new Map(),
        resolutions: [],
        progress: context.progress,
        warn: context.warn,
      }
      const options = {
        upstream: upstreamName(request.upstream, scratch, context),
        base: request.base,
        onto: request.onto,
      }
      const tried = await tryQueue(queues.old, options, tools)
      context.progress('holding the two queues against each other')
      const { base, target } = tried.attempt
      const baseEntries = await listTree(scratch, base.commit)
      const from = { commit: base.commit, entries: baseEntries }
      const tree = await readTargetTree({ scratch, cache }, queues.old.patches, from, target.commit)
      const reader = new ObjectReader(scratch)
      try {
        const sides = {
          old: await readSide({ scratch, reader }, queues.old, baseEntries),
          now: await readSide({ scratch, reader }, queues.now, tree.entries),
        }
        const held = holdQueues(sides.old.patches, sides.now.patches, (path) => tree.renames.get(path) ?? path)
        const landedBy = await landedByAll({ scratch, reader }, tried, sides.old, tree)
        const account = accountOf({ tried, sides, held, reasonOf, landedBy, entries: tree.entries })
        const compared = await compareTrees({ scratch, reader }, tried, sides.now, tree.entries)
        return { ...account, attempt: tried.attempt, isWhole: isWholeAccount(account), tree: compared }
      } finally {
        reader.close()
      }
    }),
  )
}

/** A queue on its base, with the contents that its patches change. */
interface QueueSide {
  patches: AccountSide[]
  rebuilt: RebuiltPatch[]
}

interface Tools {
  scratch: Scratch
  reader: ObjectReader
}

async function readSide({ scratch, reader }: Tools, queue: PatchQueue, entries: TreeEntries): Promise<QueueSide> {
  const settled = { ...queue, patches: settleNames(queue.patches, (path) => entries.has(path)) }
  const rebuilt = await rebuildQueue(scratch, entries, settled)
  const contents = new Map<string, Promise<readonly ByteString[]>>()
  const linesOf = (entry: TreeEntry) => {
    const lines = contents.get(entry.blob) ?? readEntry(reader, entry).then((content) => splitLines(content ?? ''))
    contents.set(entry.blob, lines)
    return lines
  }
  const read = async (entry: TreeEntry | null) => entry && { entry, lines: await linesOf(entry) }
  const patches: AccountSide[] = []
  for (const [at, patch] of settled.patches.entries()) {
    const { sources, changes } = elementAt(rebuilt, at)
    const files = new Map<ByteString, FileSides>()
    for (const path of new Set([...sources.keys(), ...changes.keys()])) {
      const step = changes.get(path)
      const before = await read(step ? step.before : (sources.get(path) ?? null))
      files.set(path, { before, after: step ? await read(step.after) : before })
    }
    patches.push({ patch, files })
  }
  return { patches, rebuilt }
}

/** For each patch, change by change: the commit by which it landed. */
function landedByAll(
  { scratch, reader }: Tools,
  { attempt }: Tried,
  { patches }: QueueSide,
  { entries, renames }: TargetTree,
): Promise<(string | null)[][]> {
  const linesOf = async (path: ByteString) => {
    const entry = entries.get(path) ?? entries.get(renames.get(path) ?? path)
    return splitLines((entry && (await readEntry(reader, entry))) ?? '')
  }
  return Promise.all(
    patches.map(({ patch }, at) => landedThen(scratch, patch, elementAt(attempt.results, at).upstream, linesOf)),
  )
}

interface AccountFacts {
  tried: Tried
  sides: { old: QueueSide; now: QueueSide }
  held: HeldQueue
  reasonOf: (name: string) => string | null
  landedBy: (string | null)[][]
  /** The files of the target. */
  entries: TreeEntries
}

function accountOf({ tried, sides, held, reasonOf, landedBy, entries }: AccountFacts): QueueAccount {
  const { target, results } = tried.attempt
  const ends = endsOf(sides.now.rebuilt, entries)
  const names = sides.now.patches.map(({ patch }) => patch.name)
  const patches = sides.old.patches.map((side, at): AccountedPatch => {
    const { upstream, verdict } = elementAt(results, at)
    const needless = verdict.kind === 'droppable' ? verdict.reason : null
    const reason = reasonOf(side.patch.name)
    const carriedIn = new Set<number>()
    const changes = elementAt(held.patches, at).map(({ change, carried }, place) => {
      for (const index of carried?.sides ?? []) carriedIn.add(index)
      const known = { fate: upstream.fates[place] ?? null, landedBy: landedBy[at]?.[place] ?? null }
      const leftOut: LeftOut = { ...known, reason, needless, target: target.ref }
      const file = fileEndsOf(side, change, ends)
      if (change.kind !== 'hunk' && file.isTouched && names.includes(side.patch.name))
        carriedIn.add(names.indexOf(side.patch.name))
      const decided = change.kind === 'hunk' ? fateOfHunk(carried, leftOut) : fateOfFile(change, file, leftOut)
      return { path: change.path, kind: change.kind, hunk: change.hunk, ...decided }
    })
    const carriers = [...carriedIn].sort((one, other) => one - other)
    const main = carriers.find((index) => names[index] === side.patch.name) ?? carriers[0]
    return {
      name: side.patch.name,
      in: carriers.map((index) => elementAt(names, index)),
      header: main === undefined ? [] : headerLosses(side.patch, elementAt(sides.now.patches, main).patch),
      fates: changes,
    }
  })
  const added = held.unaccounted.map(({ side, path, hunk }) => ({ name: elementAt(names, side), path, hunk }))
  return { patches, added, problems: problemsOf(sides.now, sides.old) }
}

/** The new queue's last state of every file that it touches. */
function endsOf(rebuilt: readonly RebuiltPatch[], entries: TreeEntries) {
  const touched = new Map<ByteString, TreeEntry | null>()
  for (const { changes } of rebuilt) for (const [path, { after }] of changes) touched.set(path, after)
  return {
    isTouched: (path: ByteString) => touched.has(path),
    at: (path: ByteString) => (touched.has(path) ? (touched.get(path) ?? null) : (entries.get(path) ?? null)),
  }
}

function fileEndsOf(side: AccountSide, { path, file }: PatchChange, ends: ReturnType<typeof endsOf>) {
  return {
    wanted: side.files.get(path)?.after?.entry ?? null,
    now: ends.at(path),
    isTouched: ends.isTouched(path),
    hasOldName: file.oldPath !== null && file.oldPath !== path && ends.at(file.oldPath) !== null,
  }
}

function problemsOf(now: QueueSide, old: QueueSide): QueueProblem[] {
  const known = new Set(old.patches.filter(({ patch }) => hasMarkers(patch)).map(({ patch }) => patch.name))
  return now.patches.flatMap(({ patch }, at): QueueProblem[] => {
    const { kind } = elementAt(now.rebuilt, at).rebuild
    const applies = kind !== 'failed' && kind !== 'unreadable'
    return [
      ...(applies ? [] : [{ name: patch.name, what: 'does-not-apply' as const }]),
      ...(hasMarkers(patch) && !known.has(patch.name) ? [{ name: patch.name, what: 'markers' as const }] : []),
    ]
  })
}

/** Whether a patch adds both ends of a conflict, as git and diff3(1) mark it. */
function hasMarkers(patch: Patch): boolean {
  const added = changesOf(patch).flatMap(({ body }) =>
    body.kind === 'text' ? body.hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind === 'add')) : [],
  )
  return [/^<{7}(?: |$)/m, /^>{7}(?: |$)/m].every((marker) => added.some(({ text }) => marker.test(text)))
}

/** Null where a patch of the attempt did not land: its tree is not whole. */
async function compareTrees(
  { scratch, reader }: Tools,
  { landed }: Tried,
  now: QueueSide,
  entries: TreeEntries,
): Promise<CheckedRebase['tree']> {
  if (landed.some(({ landing }) => landing.kind === 'conflict' || landing.kind === 'blocked')) return null
  const ours = new Map(landed.flatMap(({ changes }) => [...changes]))
  const theirs = new Map(
    now.rebuilt.flatMap(({ changes }) => [...changes].map(([path, { after }]) => [path, after] as const)),
  )
  const paths = new Set([...ours.keys(), ...theirs.keys()])
  const treeWith = (changes: TreeChanges) => {
    const files = [...paths].map(
      (path) => [path, changes.has(path) ? (changes.get(path) ?? null) : (entries.get(path) ?? null)] as const,
    )
    return updateTree(scratch, reader, null, new Map(files))
  }
  return (await treeWith(ours)) === (await treeWith(theirs)) ? 'same' : 'differs'
}
