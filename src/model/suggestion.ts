import type { Recollection } from './resolution.ts'

/** Why a conflict is suggested to be mended as it is: the steps that it took. */
export const SUGGESTION_REASONS = [
  // No line was changed by both sides, though they stand beside each other.
  'no-overlap',
  // Both sides put lines at one place; upstream's come first.
  'both-insert',
  // Both changed a line, in other words of it.
  'words',
  // The target has it.
  'already-there',
  // They differ in white space alone.
  'white-space',
  // Upstream gave a word another name throughout.
  'renamed-symbol',
  // Upstream took the code elsewhere, and the patch follows.
  'moved-code',
  // A person resolved the same before.
  'remembered',
] as const
export type SuggestionReason = (typeof SUGGESTION_REASONS)[number]

/** What speaks against a suggestion, though its merge raised no contradiction. */
export const HAZARDS = [
  // The patch adds a name, or words in a row, that upstream abolished.
  'abolished',
  // Upstream put lines around what the patch takes away.
  'wrapped',
  // Upstream gave its declarations a word that those of the patch lack.
  'new-word',
  // Both sides gave one number to names of one kind.
  'same-number',
  // The patch replaces a word throughout, and upstream added more of it.
  'replaced-throughout',
  // Upstream replaced a word throughout, and the patch adds the old one.
  'old-word',
  // An `if` or `else` of the patch now stands before what upstream changed.
  'open-block',
  // A jump to a label, or a returned value, does not fit the function.
  'label',
  // The patch takes away what upstream changed.
  'changed-text',
] as const
export type Hazard = (typeof HAZARDS)[number]

/** How one file in conflict could be mended. It is never taken without a person's word. */
export interface Suggestion {
  /** Whether a person may take it without a look. */
  sure: boolean
  reasons: SuggestionReason[]
  hazards: Hazard[]
  /** The resolutions that it takes up, hunk by hunk; only where some are. */
  remembered?: Recollection[]
}
