/** The account of a rebase: what became of every change of the old queue in the new one. */
import { goneWithFiles } from '../../evidence/gone-files.ts'
import { type GoneLines, goneLines } from '../../evidence/gone-lines.ts'
import { type Landed, landedThen } from '../../evidence/landed-then.ts'
import type { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { allOf } from '../../git/together.ts'
import { readEntry } from '../../git/tree-entry.ts'
import {
  askedLines,
  type Decided,
  fateOfFile,
  fateOfHunk,
  isCarried,
  type LeftOut,
  NOTHING,
  withoutGone,
  withoutHeaders,
} from '../../judge/account.ts'
import { questionOf } from '../../judge/account-question.ts'
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
import type { HeldQueue } from '../../patch/account/held.ts'
import type { AccountSide } from '../../patch/account/hunk-runs.ts'
import { onlyIncludes } from '../../patch/account/idle.ts'
import { netHunk, undoneBy } from '../../patch/account/undone.ts'
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
async function landedByAll(
  { scratch, reader }: AccountTools,
  { attempt }: Tried,
  { patches }: QueueSide,
  target: TargetTree,
): Promise<(Landed | null)[][]> {
  const linesOf = async (entry: TreeEntry) => splitLines((await readEntry(reader, entry)) ?? '')
  const tools = { scratch, target, linesOf }
  return await allOf(
    patches.map(({ patch }, at) => {
      const { upstream } = elementAt(attempt.results, at)
      return landedThen(tools, patch, upstream, (change) => netHunk(patches, at, change))
    }),
  )
}

/** For each patch, change by change: the commit that took its file away. */
function goneWithAll(
  { scratch }: AccountTools,
  { attempt }: Tried,
  { patches }: QueueSide,
  tree: TargetTree,
): Promise<(string | null)[][]> {
  const tools = { scratch, base: attempt.base.commit, target: attempt.target.commit, tree }
  return allOf(patches.map(({ patch }, at) => goneWithFiles(tools, patch, elementAt(attempt.results, at).upstream)))
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
  const { sides, target } = sources
  const held = holdQueues(sides.old.patches, sides.now.patches, {
    movedTo: (path) => target.renames.get(path) ?? path,
    hasTemplate: (path) => target.entries.has(`${path}.in`),
  })
  const facts = await factsOf(tools, sources, held)
  const patches = sides.old.patches.map((_, at) => accountOfPatch(facts, at))
  const added = held.unaccounted.map(({ side, path, hunk }) => ({ name: elementAt(facts.names, side), path, hunk }))
  return { patches, added, problems: problemsOf(sides.now, sides.old) }
}

/** All that is known of both queues before their patches are judged. */
interface AccountFacts extends AccountSources {
  held: HeldQueue
  /** For each old patch, change by change. */
  landedBy: (Landed | null)[][]
  goneBy: (string | null)[][]
  /** Lost lines that could not stay, by the path of the change. */
  gone: GoneLines
  ends: ReturnType<typeof endsOf>
  /** Of the new patches. */
  names: string[]
}

async function factsOf(tools: AccountTools, sources: AccountSources, held: HeldQueue): Promise<AccountFacts> {
  const { tried, sides, target: tree } = sources
  const { base, target } = tried.attempt
  const asked = held.patches.flat().flatMap(({ change, carried }) =>
    askedLines(carried).map((line) => ({
      ...line,
      path: change.path,
      isReplaced: carried !== null && carried.gained.length > 0,
    })),
  )
  return {
    ...sources,
    held,
    landedBy: await landedByAll(tools, tried, sides.old, tree),
    goneBy: await goneWithAll(tools, tried, sides.old, tree),
    gone: await goneLines(tools.scratch, { base: base.commit, target: target.commit }, asked),
    ends: endsOf(sides.now.rebuilt, tree.entries),
    names: sides.now.patches.map(({ patch }) => patch.name),
  }
}

function accountOfPatch(facts: AccountFacts, at: number): AccountedPatch {
  const { tried, sides, held, names } = facts
  const side = elementAt(sides.old.patches, at)
  const { upstream, verdict } = elementAt(tried.attempt.results, at)
  const changes = elementAt(held.patches, at)
  const carriedIn = new Set<number>()
  const same = unfinishedAs(facts, side.patch)
  if (same !== null) carriedIn.add(same)
  const decided = changes.map(({ change, carried }, place) => {
    const found = same === null ? decide(facts, at, place) : AS_IS
    if (isCarried(found)) for (const index of carried?.sides ?? []) carriedIn.add(index)
    const isTouched = facts.ends.isTouched(change.path) && names.includes(side.patch.name)
    if (change.kind !== 'hunk' && isTouched) carriedIn.add(names.indexOf(side.patch.name))
    return found
  })
  const carriers = [...carriedIn].sort((one, other) => one - other)
  const main = carriers.find((index) => names[index] === side.patch.name) ?? carriers[0]
  const fates = withoutHeaders(decided, (place) => isHeader(elementAt(changes, place).change)).map((fate, place) => {
    const { change } = elementAt(changes, place)
    return { path: change.path, kind: change.kind, hunk: change.hunk, ...fate, digest: digestOf(change, fate) }
  })
  const account = { in: carriers.map((index) => elementAt(names, index)), fates }
  return {
    ...account,
    name: side.patch.name,
    header: main === undefined ? [] : headerLosses(side.patch, elementAt(sides.now.patches, main).patch),
    question: questionOf({ ...account, upstream: upstream.fates, reason: verdict.reason }),
  }
}

const AS_IS: Decided = { fate: 'as-is', by: null, because: null, ...NOTHING }

/**
 * The new patch that is still the old one and does not apply, which is said of it; null: none. Where
 * its lines would be cannot be told, but they are there.
 */
function unfinishedAs({ sides: { now } }: AccountFacts, { digest }: Patch): number | null {
  const found = now.patches.findIndex((other, at) => other.patch.digest === digest && !isApplied(now, at))
  return found < 0 ? null : found
}

function isApplied({ rebuilt }: QueueSide, at: number): boolean {
  const { kind } = elementAt(rebuilt, at).rebuild
  return kind !== 'failed' && kind !== 'unreadable'
}

/** The fate of one change of the old patch at `at`. */
function decide(facts: AccountFacts, at: number, place: number): Decided {
  const { tried, sides, held, landedBy, goneBy, gone, ends, reasonOf } = facts
  const { target, results } = tried.attempt
  const side = elementAt(sides.old.patches, at)
  const { upstream, verdict } = elementAt(results, at)
  const { change, carried } = elementAt(elementAt(held.patches, at), place)
  // What an attempt drops is no loss where people drop it.
  const [dropped] = verdict.kind === 'upstreamed' && verdict.action === 'drop' ? upstream.commits : []
  const leftOut: LeftOut = {
    fate: upstream.fates[place] ?? null,
    landed: landedBy[at]?.[place] ?? (dropped ? { by: dropped.sha, isNeedless: false } : null),
    goneBy: goneBy[at]?.[place] ?? null,
    undoneBy: () => undoneBy(sides.old.patches, at, change),
    reason: reasonOf(side.patch.name),
    needless: verdict.kind === 'droppable' ? verdict.reason : null,
    target: target.ref,
  }
  return change.kind === 'hunk'
    ? fateOfHunk(
        withoutGone(carried, (line) => gone.has(`${change.path}\0${line.text}`)),
        leftOut,
      )
    : fateOfFile(change, fileEndsOf(side, change, ends), leftOut)
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
    return [
      ...(isApplied(now, at) ? [] : [{ name: patch.name, what: 'does-not-apply' as const }]),
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

function isHeader({ file, hunk }: PatchChange): boolean {
  return file.body.kind === 'text' && hunk !== null && onlyIncludes(elementAt(file.body.hunks, hunk - 1))
}
