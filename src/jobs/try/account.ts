/** The account of a rebase: what became of every change of the old queue in the new one. */
import { landedThen } from '../../evidence/landed-then.ts'
import type { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { readEntry } from '../../git/tree-entry.ts'
import { fateOfFile, fateOfHunk, type LeftOut } from '../../judge/account.ts'
import type { AccountedPatch, QueueAccount, QueueProblem } from '../../model/account.ts'
import type { RebuiltPatch } from '../../model/attempt.ts'
import { type ByteString, splitLines } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import type { PatchChange } from '../../model/fate.ts'
import { changesOf, type Patch } from '../../model/patch.ts'
import type { TargetTree, TreeEntries, TreeEntry } from '../../model/tree.ts'
import { holdQueues } from '../../patch/account/account.ts'
import { digestOf } from '../../patch/account/digest.ts'
import { headerLosses } from '../../patch/account/header-losses.ts'
import type { AccountSide } from '../../patch/account/hunk-runs.ts'
import type { Tried } from './try-queue.ts'

/** A queue on its base, with the contents that its patches change. */
export interface QueueSide {
  patches: AccountSide[]
  rebuilt: RebuiltPatch[]
}

export interface AccountTools {
  scratch: Scratch
  reader: ObjectReader
}

/** For each patch, change by change: the commit by which it landed. */
function landedByAll(
  { scratch, reader }: AccountTools,
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

/** What an account is made from. */
export interface AccountSources {
  tried: Tried
  sides: { old: QueueSide; now: QueueSide }
  target: TargetTree
  /** Why the new queue says that it left a patch out. */
  reasonOf: (name: string) => string | null
}

export async function accountOf(tools: AccountTools, sources: AccountSources): Promise<QueueAccount> {
  const { tried, sides, target: tree, reasonOf } = sources
  const landedBy = await landedByAll(tools, tried, sides.old, tree)
  const held = holdQueues(sides.old.patches, sides.now.patches, (path) => tree.renames.get(path) ?? path)
  const { target, results } = tried.attempt
  const ends = endsOf(sides.now.rebuilt, tree.entries)
  const names = sides.now.patches.map(({ patch }) => patch.name)
  const patches = sides.old.patches.map((side, at): AccountedPatch => {
    const { upstream, verdict } = elementAt(results, at)
    const needless = verdict.kind === 'droppable' ? verdict.reason : null
    // What an attempt drops is no loss where people drop it.
    const [dropped] = verdict.kind === 'upstreamed' && verdict.action === 'drop' ? upstream.commits : []
    const reason = reasonOf(side.patch.name)
    const carriedIn = new Set<number>()
    const changes = elementAt(held.patches, at).map(({ change, carried }, place) => {
      for (const index of carried?.sides ?? []) carriedIn.add(index)
      const known = { fate: upstream.fates[place] ?? null, landedBy: landedBy[at]?.[place] ?? dropped?.sha ?? null }
      const leftOut: LeftOut = { ...known, reason, needless, target: target.ref }
      const file = fileEndsOf(side, change, ends)
      if (change.kind !== 'hunk' && file.isTouched && names.includes(side.patch.name))
        carriedIn.add(names.indexOf(side.patch.name))
      const decided = change.kind === 'hunk' ? fateOfHunk(carried, leftOut) : fateOfFile(change, file, leftOut)
      return { path: change.path, kind: change.kind, hunk: change.hunk, ...decided, digest: digestOf(change, decided) }
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
