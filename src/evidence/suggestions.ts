/** Patches as they land: refreshed, and with suggestions for their conflicts. */
import { diffsOf, type FilePairs } from '../attempt/diffs.ts'
import type { LandedPatch, Unmerged } from '../attempt/land.ts'
import {
  leftOutNote,
  printedPatch,
  type ReadSides,
  readSides,
  suggestedFiles,
  suggestFor,
  wordsAskedBy,
} from '../attempt/suggest.ts'
import { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { isSureSuggestion } from '../judge/suggestion.ts'
import type { Landing } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import type { Patch } from '../model/patch.ts'
import type { SuggestedMerge } from '../patch/merge/suggest.ts'
import { wordsAnywhere } from '../upstream/grep.ts'

/** A patch that was carried over to the target. */
export interface CarriedPatch {
  patch: Patch
  landed: LandedPatch
}

/** What is suggested for a patch. */
export interface SuggestedPatch {
  /** For each of its conflicts; none of a patch that lands by itself. */
  merges: ReadonlyMap<ByteString, SuggestedMerge>
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
): Promise<Map<CarriedPatch, SuggestedPatch>> {
  const reader = new ObjectReader(scratch)
  try {
    const refreshed = trials.filter(({ landed }) => needsRefresh(landed.landing)).map(refresh)
    const drafts = [...refreshed, ...(await suggestAll({ scratch, reader }, target, trials))]
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

/** All names that the merges ask about are sought in one question. */
async function suggestAll(
  { scratch, reader }: { scratch: Scratch; reader: ObjectReader },
  target: string,
  trials: readonly CarriedPatch[],
): Promise<Draft[]> {
  const conflicts: { trial: CarriedPatch; unmerged: Unmerged; read: ReadSides[] }[] = []
  for (const trial of trials) {
    const { unmerged } = trial.landed
    if (unmerged) conflicts.push({ trial, unmerged, read: await readSides(reader, unmerged.contents) })
  }
  const asked = new Set(conflicts.flatMap(({ read }) => read.flatMap(({ sides }) => wordsAskedBy(sides))))
  const words = await wordsAnywhere(scratch, target, [...asked])
  return conflicts.flatMap(({ trial, unmerged, read }) => {
    const merges = suggestFor(read, words)
    if (merges.size === 0) return []
    const contents = read.flatMap(({ path, ours }) => {
      const merge = merges.get(path)
      return merge ? [[path, { ours, content: merge.content }] as const] : []
    })
    const { landing } = trial.landed
    const left = ('conflicts' in landing ? landing.conflicts : []).filter(({ path }) => !merges.has(path))
    const notes = left.map(({ path }) => leftOutNote(path))
    return [{ trial, merges, files: suggestedFiles(scratch, unmerged, new Map(contents)), notes }]
  })
}

/** A landing whose conflicts name what is suggested for them. */
export function withSuggestions(landing: Landing, suggested: SuggestedPatch | null): Landing {
  if (suggested === null || !('conflicts' in landing)) return landing
  const conflicts = landing.conflicts.map((conflict) => {
    const merge = suggested.merges.get(conflict.path)
    if (!merge) return conflict
    const { reasons, hazards } = merge
    return { ...conflict, suggestion: { sure: isSureSuggestion(merge), reasons, hazards } }
  })
  return { ...landing, conflicts }
}
