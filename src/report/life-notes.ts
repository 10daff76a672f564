/** What a reader has to know beside the numbers of a queue's life, in words for every medium. */
import type { Period } from '../trend/shrinkage.ts'
import type { LifeNote } from '../trend/story.ts'
import { plural } from './layout.ts'
import { dateOf } from './period-cells.ts'

/** So many names are named. */
const MOST = 3

/** One sentence each. */
export function lifeNotes(notes: readonly LifeNote[], periods: readonly Period[]): string[] {
  return [...notes.map(inWords), ...baseNotes(periods)]
}

function inWords(note: LifeNote): string {
  switch (note.kind) {
    case 'broken':
      return `the newest revision, ${note.sha.slice(0, 10)}, cannot be told: ${note.problem}; told is the last sound one`
    case 'left-out':
      return `${plural(note.revisions, 'revision')} from ${dateOf(note.since)} to ${dateOf(note.until)} cannot be told, and left out: ${note.problem}`
    case 'under-way':
      return `${note.commented} are commented out: a rebase is under way since ${note.since.slice(0, 10)}; sizes are those of settled revisions`
    case 'disabled':
      return `${plural(note.commented + note.guarded + note.other, 'more patch is', 'more patches are')} listed and take no part: ${disabledInWords(note)}`
    case 'missing':
      return `${plural(note.names.length, 'listed patch is', 'listed patches are')} missing, without a file: ${someOf(note.names)}`
    case 'cut':
      return `history is cut at ${note.shas.map((sha) => sha.slice(0, 12)).join(', ')}, the clone is shallow: ages are at least what is said`
  }
}

function disabledInWords({ commented, guarded, other }: Extract<LifeNote, { kind: 'disabled' }>): string {
  return [
    ...(commented > 0 ? [`${commented} commented out`] : []),
    ...(guarded > 0 ? [`${guarded} behind a guard`] : []),
    ...(other > 0 ? [`${other} for another reason`] : []),
  ].join(', ')
}

/** How the bases are known that the queue's own files do not name. */
function baseNotes(periods: readonly Period[]): string[] {
  const bySource = new Map<string, string[]>()
  for (const { name, base, baseFrom } of periods) {
    const source = base === null ? 'no file names a base' : baseFrom === null ? null : sourceInWords(baseFrom)
    if (source !== null) bySource.set(source, [...(bySource.get(source) ?? []), name])
  }
  return [...bySource].map(([source, names]) => `${someOf(names)}: ${source}`)
}

function sourceInWords(baseFrom: string): string | null {
  if (baseFrom.startsWith('tag ')) return "the base is that of the queue's own tags"
  if (baseFrom === 'given') return 'the base was given'
  return baseFrom === "the commit's message" ? 'the base is named by a commit message' : null
}

function someOf(names: readonly string[]): string {
  const left = names.length - MOST
  return `${names.slice(0, MOST).join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}
