/** Puts the conflicts of one patch into the work tree. */
import { readFile } from '../../attempt/files.ts'
import { commitLanded } from '../../attempt/keep.ts'
import { TargetState } from '../../attempt/target-state.ts'
import { writeWorkTree } from '../../attempt/worktree.ts'
import { explainConflicts } from '../../evidence/explain-conflicts.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { isSureSuggestion } from '../../judge/suggestion.ts'
import { type ByteString, fromText } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import type { FileState, NoteFacts, OpenFile, OpenPatch } from '../../model/resolve.ts'
import type { TreeEntry } from '../../model/tree.ts'
import { labelMarkers } from '../../patch/regions.ts'
import type { LandedAgain, MendingPlace } from './land-again.ts'

/** Where and how a patch is shown to a person. */
export interface Desk {
  scratch: Scratch
  directory: string
  /** ISO 8601, UTC. */
  now: string
  writeNote: (facts: NoteFacts) => string
}

/** The conflicts of a patch that landed in conflict. */
export async function openFilesOf(
  scratch: Scratch,
  place: MendingPlace,
  landed: readonly LandedAgain[],
  one: LandedAgain,
): Promise<OpenFile[]> {
  const { landing, unmerged } = one.landed
  if (landing.kind !== 'conflict') throw new Error(`${one.patch.name} is not in conflict`)
  const state = stateBefore(place, landed, one.patch.position)
  const reader = new ObjectReader(scratch)
  const read = async (entry: TreeEntry | null) => entry && (await readFile(reader, entry))
  try {
    return await Promise.all(
      landing.conflicts.map(async (conflict) => {
        const { path } = conflict
        const contents = unmerged?.contents.find((content) => content.path === path)
        const sides = contents ?? sidesOf(one, unmerged?.names.get(path) ?? path, state.at(path))
        const [base, ours, theirs] = await Promise.all([read(sides.before), read(sides.ours), read(sides.after)])
        const suggestion = suggestionFor(one, path)
        const three = { base, ours, theirs }
        const labelled = conflict.marked && labelMarkers(conflict.marked, namesOf(place, one))
        const placed = placedFile(labelled, three, suggestion)
        return { path, reason: conflict.reason, ...three, marked: labelled, suggestion, placed }
      }),
    )
  } finally {
    reader.close()
  }
}

function namesOf({ attempt }: MendingPlace, { patch }: LandedAgain) {
  const printable = (name: string) => fromText(name.replace(/\p{Cc}/gu, '?'))
  return { '<': printable(attempt.target.ref), '|': 'the queue before the patch', '>': printable(patch.name) }
}

/** Of a file whose contents are not merged: as the queue has it before the patch and after. */
function sidesOf({ rebuilt }: LandedAgain, named: ByteString, ours: TreeEntry | null) {
  const [from = named] = [...rebuilt.renames].flatMap(([old, now]) => (now === named ? [old] : []))
  return { before: rebuilt.sources.get(from) ?? null, ours, after: rebuilt.changes.get(named)?.after ?? null }
}

function suggestionFor({ suggested }: LandedAgain, path: ByteString): OpenFile['suggestion'] {
  const merge = suggested?.merges.get(path)
  if (!merge) return null
  const { content, reasons, hazards } = merge
  return { sure: isSureSuggestion(merge), reasons, hazards, content }
}

/** As git leaves it, where there is nothing to mark: the target's side, or what is left of the two. */
function placedFile(
  marked: ByteString | null,
  { base, ours, theirs }: Pick<OpenFile, 'base' | 'ours' | 'theirs'>,
  suggestion: OpenFile['suggestion'],
): FileState | null {
  if (ours === null) return theirs
  const mode = theirs !== null && base?.mode === ours.mode ? theirs.mode : ours.mode
  if (suggestion?.sure) return { mode, content: suggestion.content }
  return marked === null ? ours : { mode, content: marked }
}

/** Opens a patch in the work tree, where everything stands as it was left by those before it. */
export async function openPatch(
  desk: Desk,
  place: MendingPlace,
  landed: readonly LandedAgain[],
  position: number,
): Promise<OpenPatch> {
  const { scratch, directory, now } = desk
  const one = elementAt(landed, position - 1)
  const files = await openFilesOf(scratch, place, landed, one)
  const { attempt, tree } = place
  const { landing } = elementAt(attempt.results, position - 1)
  const facts = { attempt, patch: one.patch, files, landing, diffs: await explainConflicts(scratch, landing) }
  const commit = await commitBefore(scratch, place, landed, position)
  const shown = await writeWorkTree(scratch, {
    ...{ directory, commit, files, target: attempt.target.commit },
    staged: one.landed.unmerged?.changes ?? new Map(),
    note: { name: noteName(tree.entries), text: desk.writeNote(facts) },
  })
  return { position, at: now, commit, tree: shown, files }
}

/** Shows the whole queue as far as it landed. */
export async function showLanded(
  { scratch, directory }: Desk,
  place: MendingPlace,
  landed: readonly LandedAgain[],
): Promise<void> {
  const commit = await commitBefore(scratch, place, landed, landed.length + 1)
  const note = { name: noteName(place.tree.entries), text: null }
  const target = place.attempt.target.commit
  await writeWorkTree(scratch, { directory, target, commit, files: [], staged: new Map(), note })
}

function commitBefore(
  scratch: Scratch,
  { attempt }: MendingPlace,
  landed: readonly LandedAgain[],
  position: number,
): Promise<string> {
  const { commit } = attempt.target
  const before = landed.filter(({ patch }) => patch.position < position)
  return commitLanded(scratch, commit, before).then((commits) => commits.at(-1) ?? commit)
}

/** The target with what landed before a patch. */
function stateBefore({ tree }: MendingPlace, landed: readonly LandedAgain[], position: number): TargetState {
  const state = new TargetState(tree)
  for (const { patch, landed: one } of landed) if (patch.position < position) state.apply(one.changes)
  return state
}

/** A name that the upstream has no file of. */
function noteName(entries: ReadonlyMap<ByteString, unknown>): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? 'REBASELINE.txt' : `REBASELINE-${count}.txt`
    if (!entries.has(fromText(name))) return name
  }
}
