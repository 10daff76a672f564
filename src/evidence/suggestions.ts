/** Patches as they land: refreshed, and with suggestions for their conflicts. */
import { diffsOf, type FilePairs } from '../attempt/diffs.ts'
import type { LandedPatch, Unmerged } from '../attempt/land.ts'
import {
  asking,
  leftOutNote,
  printedPatch,
  type ReadSides,
  readSides,
  rememberFor,
  suggestedFiles,
  suggestFor,
} from '../attempt/suggest.ts'
import { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { isSureSuggestion } from '../judge/suggestion.ts'
import type { Conflict, Landing } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import type { Patch } from '../model/patch.ts'
import type { KnownResolution } from '../model/resolution.ts'
import type { SuggestedMerge } from '../patch/merge/suggest.ts'
import type { RememberedMerge } from '../patch/merge/suggest-remembered.ts'
import { type Memory, memoryOf } from '../patch/resolution/recall.ts'
import { lineageText } from '../patch/resolution/write.ts'
import { wordsAnywhere } from '../upstream/grep.ts'

/** A patch that was carried over to the target. */
export interface CarriedPatch {
  patch: Patch
  landed: LandedPatch
}

/** What is suggested for a patch. */
export interface SuggestedPatch {
  /** For each of its conflicts; none of a patch that lands by itself. */
  merges: ReadonlyMap<ByteString, SuggestedMerge | RememberedMerge>
  /** The patch as it would land with them. */
  patch: ByteString
}

const NO_MERGES: SuggestedPatch['merges'] = new Map()

/** A patch before it is printed. */
interface Draft extends Pick<SuggestedPatch, 'merges'> {
  trial: CarriedPatch
  files: FilePairs
  notes: string[]
}

/** The patches that do not apply as they are and land, by themselves or as is suggested. */
export async function suggestionsFor(
  scratch: Scratch,
  target: string,
  trials: readonly CarriedPatch[],
  known: readonly KnownResolution[],
): Promise<Map<CarriedPatch, SuggestedPatch>> {
  const reader = new ObjectReader(scratch)
  try {
    const refreshed = trials.filter(({ landed }) => needsRefresh(landed.landing)).map(refresh)
    const drafts = [...refreshed, ...(await suggestAll({ scratch, reader }, target, trials, memoryOf(known)))]
    const diffs = await diffsOf(
      { scratch, reader },
      drafts.map(({ files }) => files),
    )
    return new Map(
      drafts.map(({ trial, merges, notes }, at) => {
        return [trial, { merges, patch: printedPatch(trial.patch, elementAt(diffs, at), notes) }]
      }),
    )
  } finally {
    reader.close()
  }
}

/** Whether a patch lands, and not as it is written. */
function needsRefresh({ kind }: Landing): boolean {
  return kind === 'merged' || kind === 'fuzz' || kind === 'offset'
}

function refresh(trial: CarriedPatch): Draft {
  return { trial, merges: NO_MERGES, files: trial.landed, notes: [] }
}

/** A patch that conflicts, and the sides of its files. */
interface Conflicting {
  trial: CarriedPatch
  conflicts: readonly Conflict[]
  unmerged: Unmerged
  read: ReadSides[]
}

/** All names that the merges ask about are sought in one question. */
async function suggestAll(
  { scratch, reader }: { scratch: Scratch; reader: ObjectReader },
  target: string,
  trials: readonly CarriedPatch[],
  memory: Memory,
): Promise<Draft[]> {
  const conflicting: Conflicting[] = []
  for (const trial of trials) {
    const { unmerged, landing } = trial.landed
    if (!unmerged || !('conflicts' in landing)) continue
    const read = await readSides(reader, unmerged.contents)
    conflicting.push({ trial, conflicts: landing.conflicts, unmerged, read })
  }
  const all = conflicting.map((one) => ({
    one,
    plain: asking((isGone) => suggestFor(one.read, isGone)),
    remembered: asking((isGone) => remember(one, memory, isGone)),
  }))
  const asked = new Set(all.flatMap(({ plain, remembered }) => [...plain.words, ...remembered.words]))
  const words = await wordsAnywhere(scratch, target, [...asked])
  const isGone = (word: ByteString) => !words.has(word)
  return all.flatMap(({ one, plain, remembered }) => {
    const merges = withRemembered(plain.answer(isGone), remembered.answer(isGone))
    return merges.size === 0 ? [] : [draft(one, merges, scratch)]
  })
}

function remember({ trial, conflicts }: Conflicting, memory: Memory, isGone: (word: ByteString) => boolean) {
  const { name, header } = trial.patch
  const patch = { patch: lineageText(name), subject: lineageText(header.subject ?? '') }
  return rememberFor(conflicts, memory, patch, isGone)
}

/** What the user made of it before counts more than a merge; what others made, less than a sure one. */
function withRemembered(
  plain: ReadonlyMap<ByteString, SuggestedMerge>,
  remembered: ReadonlyMap<ByteString, RememberedMerge>,
): Draft['merges'] {
  const merges = new Map<ByteString, SuggestedMerge | RememberedMerge>(plain)
  for (const [path, merge] of remembered) {
    const other = plain.get(path)
    const isOwn = merge.remembered.every(({ origin }) => origin === 'own')
    if (isOwn || !other || !isSureSuggestion(other)) merges.set(path, merge)
  }
  return merges
}

function draft({ trial, conflicts, unmerged, read }: Conflicting, merges: Draft['merges'], scratch: Scratch): Draft {
  const contents = read.flatMap(({ path, ours }) => {
    const merge = merges.get(path)
    return merge ? [[path, { ours, content: merge.content }] as const] : []
  })
  const left = conflicts.filter(({ path }) => !merges.has(path))
  const notes = left.map(({ path }) => leftOutNote(path))
  return { trial, merges, files: suggestedFiles(scratch, unmerged, new Map(contents)), notes }
}

/** A landing whose conflicts name what is suggested for them. */
export function withSuggestions(landing: Landing, suggested: SuggestedPatch | null): Landing {
  if (suggested === null || !('conflicts' in landing)) return landing
  const conflicts = landing.conflicts.map((conflict) => {
    const merge = suggested.merges.get(conflict.path)
    if (!merge) return conflict
    const { reasons, hazards } = merge
    const suggestion = { sure: isSureSuggestion(merge), reasons, hazards }
    return {
      ...conflict,
      suggestion: 'remembered' in merge ? { ...suggestion, remembered: merge.remembered } : suggestion,
    }
  })
  return { ...landing, conflicts }
}
