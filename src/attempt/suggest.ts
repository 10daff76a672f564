/** Suggests how the conflicts of a patch are mended, from the sides of its merge. */
import type { ObjectReader } from '../git/object-reader.ts'
import { writeBlob } from '../git/object-writer.ts'
import type { Scratch } from '../git/scratch.ts'
import { readEntry } from '../git/tree-entry.ts'
import type { Conflict } from '../model/attempt.ts'
import { type ByteString, splitLines, toBytes, toText } from '../model/bytes.ts'
import type { Patch } from '../model/patch.ts'
import type { MergeSides } from '../model/resolution.ts'
import { SUBMODULE, type TreeEntry } from '../model/tree.ts'
import { type SuggestedMerge, suggestMerge } from '../patch/merge/suggest.ts'
import { type RememberedMerge, suggestRemembered } from '../patch/merge/suggest-remembered.ts'
import { type AskedPatch, type Memory, recall } from '../patch/resolution/recall.ts'
import type { FilePairs } from './diffs.ts'
import type { Unmerged } from './land.ts'
import type { NamedContent } from './merge-plan.ts'

/** A file in conflict, its sides read. */
export interface ReadSides {
  path: ByteString
  ours: TreeEntry
  sides: MergeSides
}

/** The files whose three sides are text; the others can only be mended by a person. */
export async function readSides(reader: ObjectReader, contents: readonly NamedContent[]): Promise<ReadSides[]> {
  const read = await Promise.all(
    contents.map(async ({ path, before, ours, after }) => {
      const texts = await Promise.all([before, ours, after].map((entry) => readText(reader, entry)))
      const [base, our, their] = texts
      if (base == null || our == null || their == null) return []
      return [{ path, ours, sides: { base: splitLines(base), ours: splitLines(our), theirs: splitLines(their) } }]
    }),
  )
  return read.flat()
}

async function readText(reader: ObjectReader, entry: TreeEntry | null): Promise<ByteString | null> {
  const content = entry && entry.mode !== SUBMODULE ? await readEntry(reader, entry) : null
  return content === null || content.includes('\0') ? null : content
}

/** A merge that depends on which names the target's tree still has. */
export interface Asking<Result> {
  /** The names that it would like to know of. */
  words: readonly ByteString[]
  /** What it makes as soon as that is known. */
  answer: (isGone: (word: ByteString) => boolean) => Result
}

/** Merges as if no name were gone; that is the answer, too, where none of those asked about is. */
export function asking<Result>(merge: (isGone: (word: ByteString) => boolean) => Result): Asking<Result> {
  const asked = new Set<ByteString>()
  const made = merge((word) => {
    asked.add(word)
    return false
  })
  const words = [...asked]
  return { words, answer: (isGone) => (words.some(isGone) ? merge(isGone) : made) }
}

/** The suggestion for each file, by its path. */
export function suggestFor(
  files: readonly ReadSides[],
  isGone: (word: ByteString) => boolean,
): Map<ByteString, SuggestedMerge> {
  return new Map(
    files.flatMap(({ path, sides }) => {
      const merge = suggestMerge(sides, isGone)
      return merge && merge.content !== sides.ours.join('') ? [[path, merge]] : []
    }),
  )
}

/** What is remembered for each file in conflict, by its path. */
export function rememberFor(
  conflicts: readonly Pick<Conflict, 'path' | 'marked'>[],
  memory: Memory,
  patch: Omit<AskedPatch, 'path'>,
  isGone: (word: ByteString) => boolean,
): Map<ByteString, RememberedMerge> {
  return new Map(
    conflicts.flatMap(({ path, marked }) => {
      const recallOf = (sides: MergeSides) => recall(memory, sides, { ...patch, path })
      const merge = marked === null ? null : suggestRemembered(marked, recallOf, isGone)
      return merge ? [[path, merge]] : []
    }),
  )
}

/** The patch as it lands: its header, and what it does there as a git diff. */
export function printedPatch({ header }: Patch, diff: ByteString, notes: readonly string[] = []): ByteString {
  const text = [header.text.trimEnd(), ...notes].filter((part) => part !== '').join('\n')
  return [text, diff].filter((part) => part !== '').join('\n\n')
}

/** What no merge decides is left out, and said where git am and patch(1) leave it alone. */
export function leftOutNote(path: ByteString): string {
  return `[rebaseline: nothing is suggested for ${toText(path)}: what the patch does there is left out]`
}

/** What a patch does with the suggestions in place. */
export function suggestedFiles(
  scratch: Scratch,
  { changes, before }: Pick<Unmerged, 'changes' | 'before'>,
  suggested: ReadonlyMap<ByteString, { ours: TreeEntry; content: ByteString }>,
): FilePairs {
  const whole = { before: new Map(before), changes: new Map(changes) }
  for (const [path, { ours, content }] of suggested) {
    whole.before.set(path, ours)
    const blob = writeBlob(scratch.objects, toBytes(content), scratch.idLength)
    whole.changes.set(path, { mode: ours.mode, blob })
  }
  return whole
}
