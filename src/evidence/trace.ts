/** Traces the changes of patches through the commits that are tied to them: the second round of questions to the upstream. */
import type { Traced } from '../judge/fates.ts'
import { changerOf } from '../match/origin.ts'
import type { ByteString } from '../model/bytes.ts'
import type { IndexedCommit } from '../model/history.ts'
import type { FileChange } from '../model/patch.ts'
import { LENIENT, locateHunks } from '../patch/apply.ts'
import type { FileSides } from '../patch/held.ts'
import { EMPTY_TEXT, type Text, trimEnd } from '../patch/text.ts'
import { mapsFor, traceThrough } from '../patch/traced.ts'
import type { SideReader } from './read-sides.ts'

/** What is traced: one file of a patch, under all its names, through one commit. */
export interface TraceQuestion {
  sides: FileSides
  names: ReadonlySet<ByteString>
  commit: IndexedCommit
  /** The commits after it, oldest first. */
  later: readonly IndexedCommit[]
}

/** What the commit did to each hunk of the file, by the hunk's number; 0: to its bytes. None where it did not touch the file. */
export async function traceFile(question: TraceQuestion, reader: SideReader): Promise<Map<number, Traced>> {
  const { commit, sides } = question
  const path = pathIn(question)
  const commitSides = path === null ? null : await reader.commitSides(commit.sha, path)
  if (path === null || commitSides === null) return new Map()
  const there = reader.pathInTarget(path) ?? sides.target?.path ?? null
  const target = there === null ? null : await reader.target(there)
  const found = new Map<number, Traced>()
  if (sides.change.body.kind !== 'text') {
    if (commitSides.blob !== null && commitSides.blob === sides.after?.blob) {
      found.set(0, { kind: 'bytes', sha: commit.sha, changedBy: newestAt(question, path)?.sha ?? null })
    }
    return found
  }
  const own = sides.before?.text ?? (sides.change.operation === 'create' ? EMPTY_TEXT : null)
  const hunks = sides.change.body.hunks.map((hunk) => ({
    ...hunk,
    lines: hunk.lines.map(({ kind, text }) => ({ kind, text: trimEnd(text) })),
  }))
  const placesIn = (text: Text) => locateHunks(text.lines, hunks, LENIENT)
  const ownPlaces = own === null ? hunks.map(() => null) : placesIn(own)
  const theirPlaces = placesIn(commitSides.before)
  const targetText = target?.text ?? EMPTY_TEXT
  const maps = mapsFor(own ?? commitSides.before, commitSides, targetText)
  const theirMaps = own === null ? maps : mapsFor(commitSides.before, commitSides, targetText)
  for (const at of hunks.keys()) {
    const [place, theirs] = [ownPlaces[at] ?? null, theirPlaces[at] ?? null]
    const trace = place
      ? traceThrough(place, own ?? EMPTY_TEXT, commitSides, targetText, maps, reader.keys)
      : theirs && traceThrough(theirs, commitSides.before, commitSides, targetText, theirMaps, reader.keys)
    if (!trace) continue
    const { sha } = commit
    if (target === null) {
      if (trace.missing + trace.differing === 0)
        found.set(at + 1, { kind: 'gone', sha, changedBy: newestAt(question, path)?.sha ?? null })
      continue
    }
    const changer = changerOf(trace.changed, new Set([...question.names, path, target.path]), question.later)
    found.set(at + 1, { kind: 'through', sha, trace, changedBy: changer?.sha ?? null })
  }
  return found
}

/** The file as the commit names it. One that the target has not may have been moved unrecognised: then its own name tells. */
function pathIn({ sides, names, commit }: TraceQuestion): ByteString | null {
  const own = commit.paths.find((path) => names.has(path))
  if (own !== undefined) return own
  if (sides.target !== null) return null
  const name = baseName(nameOf(sides.change))
  return commit.paths.find((path) => baseName(path) === name) ?? null
}

function nameOf({ newPath, oldPath }: FileChange): ByteString {
  return newPath ?? oldPath ?? ''
}

export function baseName(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf('/') + 1)
}

function newestAt({ names, later }: TraceQuestion, path: ByteString): IndexedCommit | null {
  return later.findLast((commit) => commit.paths.some((one) => one === path || names.has(one))) ?? null
}
