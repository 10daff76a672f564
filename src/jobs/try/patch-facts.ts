/** What the patches of a queue say of themselves, and what tells which commits they are. */
import type { LinesOf, PatchFacts } from '../../audit/identify.ts'
import { changedLines } from '../../audit/same-change.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import type { UpstreamFinding } from '../../model/finding.ts'
import type { Patch } from '../../model/patch.ts'
import { fixedByName } from '../../patch/notes/advisory-ids.ts'
import { notesOf } from '../../patch/notes/notes.ts'
import { commitPatches } from '../../upstream/commit-patches.ts'
import type { TriedQueue } from './try.ts'

/** An attempt, and what more can be asked of. */
export interface ExaminedAttempt extends TriedQueue {
  attempt: RecordedAttempt
}

/** What a patch says of itself. */
export function factsOf(patch: Patch, finding: UpstreamFinding | null): PatchFacts {
  const { text, subject } = patch.header
  const notes = notesOf(subject ?? '', toText(text).replaceAll('\r', ''))
  return { patch, finding, notes, named: fixedByName(patch.name) }
}

/** The changed lines of commits, read at once. */
export async function changedLinesIn(scratch: Scratch, shas: readonly string[]): Promise<LinesOf> {
  const patches = await commitPatches(scratch, shas)
  return (sha) => {
    const known = patches.get(sha)
    return known ? changedLines(known.patch) : []
  }
}
