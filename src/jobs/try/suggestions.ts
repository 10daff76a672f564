/** Suggestions for the conflicts of an attempt, all words that they ask about in one question. */
import type { Unmerged } from '../../attempt/land.ts'
import {
  type ReadSides,
  readSides,
  refreshedPatch,
  suggestedPatch,
  suggestFor,
  wordsAskedBy,
} from '../../attempt/suggest.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import type { Scratch } from '../../git/scratch.ts'
import { isSureSuggestion } from '../../judge/suggestion.ts'
import type { Landing } from '../../model/attempt.ts'
import type { ByteString } from '../../model/bytes.ts'
import type { SuggestedMerge } from '../../patch/merge/suggest.ts'
import { wordsAnywhere } from '../../upstream/grep.ts'
import type { Trial } from './trial.ts'

/** What is suggested for a patch. */
export interface SuggestedPatch {
  /** For each of its conflicts; none of a patch that lands by itself. */
  merges: ReadonlyMap<ByteString, SuggestedMerge>
  /** The patch as it would land with them. */
  patch: ByteString
}

const NO_MERGES: SuggestedPatch['merges'] = new Map()

/** The patches that do not apply as they are and land, by themselves or as is suggested. */
export async function suggestionsFor(
  scratch: Scratch,
  target: string,
  trials: readonly Trial[],
): Promise<Map<Trial, SuggestedPatch>> {
  const reader = new ObjectReader(scratch)
  try {
    const files = new Map<Trial, ReadSides[]>()
    for (const trial of trials)
      if (trial.landed.unmerged) files.set(trial, await readSides(reader, trial.landed.unmerged.contents))
    const asked = new Set([...files.values()].flatMap((read) => read.flatMap(({ sides }) => wordsAskedBy(sides))))
    const words = await wordsAnywhere(scratch, target, [...asked])
    const suggested = new Map<Trial, SuggestedPatch>()
    for (const trial of trials)
      if (needsRefresh(trial.landed.landing)) {
        const patch = await refreshedPatch({ scratch, reader }, trial.patch, trial.landed)
        suggested.set(trial, { merges: NO_MERGES, patch })
      }
    for (const [trial, read] of files) {
      const merges = suggestFor(read, words)
      const { unmerged } = trial.landed
      if (merges.size > 0 && unmerged)
        suggested.set(trial, { merges, patch: await print({ scratch, reader }, trial, { unmerged, read, merges }) })
    }
    return suggested
  } finally {
    reader.close()
  }
}

/** Whether a patch lands, and not as it is written. */
function needsRefresh(landing: Landing): boolean {
  return ['merged', 'fuzz'].includes(landing.kind) || (landing.kind === 'offset' && landing.by === 'context')
}

interface MergedFiles {
  unmerged: Unmerged
  read: readonly ReadSides[]
  merges: ReadonlyMap<ByteString, SuggestedMerge>
}

function print(
  tools: { scratch: Scratch; reader: ObjectReader },
  { patch, landed }: Trial,
  { unmerged, read, merges }: MergedFiles,
): Promise<ByteString> {
  const conflicts = 'conflicts' in landed.landing ? landed.landing.conflicts.map(({ path }) => path) : []
  const contents = read.flatMap(({ path, ours }) => {
    const merge = merges.get(path)
    return merge ? [[path, { ours, content: merge.content }] as const] : []
  })
  return suggestedPatch(tools, patch, { ...unmerged, conflicts }, new Map(contents))
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
