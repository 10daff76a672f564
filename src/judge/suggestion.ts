/** Whether a suggestion may be taken without a person. */
import type { Hazard, SuggestionReason } from '../model/suggestion.ts'
import { SURE_PLACE } from './policy.ts'

/** Steps that an expert takes without a second look, where nothing speaks against the whole. */
const PLAIN: readonly SuggestionReason[] = ['no-overlap', 'both-insert', 'words', 'already-there', 'white-space']

/** What the merge of one file took, and how sure the places are to which code moved. */
interface Steps {
  reasons: readonly SuggestionReason[]
  hazards: readonly Hazard[]
  moved: readonly { share: number; margin: number }[]
  /** Whether the user resolved just that before; only of what is remembered. */
  isOwnAnswer?: boolean
}

export function isSureSuggestion({ reasons, hazards, moved, isOwnAnswer = false }: Steps): boolean {
  if (isOwnAnswer) return true
  if (hazards.length > 0) return false
  if (!moved.every(({ share, margin }) => share >= SURE_PLACE.share && margin >= SURE_PLACE.margin)) return false
  return reasons.every((reason) => PLAIN.includes(reason) || reason === 'moved-code')
}
